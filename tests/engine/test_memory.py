"""What becomes of freed memory, seen from outside: pages that the system has to hand out again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.host import memory

SCRIPT = """
import resource, sys
import numpy as np
from engine.host import memory

getattr(memory, sys.argv[1])()

def use():
    for _ in range(2):
        np.ones(20_000_000, np.uint8)

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

use()
before = faults()
use()
print(faults() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's")
@pytest.mark.parametrize(("setting", "kept"), [("keep_freed", True), ("give_back_large", False)])
def test_freed_arrays_are_kept_or_given_back(setting: str, kept: bool) -> None:
    environment = {"NUMPY_MADVISE_HUGEPAGE": "0", "OMP_NUM_THREADS": "1"}  # pages of 4 kB, to be counted
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, setting], env=environment, capture_output=True, text=True, check=True
    )
    faults = int(done.stdout)
    assert (faults < 100) if kept else (faults > 1000)


@pytest.mark.parametrize("setting", [memory.keep_freed, memory.give_back_large])
def test_another_c_library_is_left_alone(setting: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    setting()


HEAPS = """
import ctypes, sys, tempfile, threading
from engine.host import memory

memory.give_back_large()
met = threading.Barrier(12)

def work():
    met.wait()
    kept = [bytes(4000) for _ in range(100)]
    met.wait()

threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile("r") as report:
    stream = ctypes.c_void_p(libc.fopen(report.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(report.read().count("<heap "))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's")
def test_many_threads_share_two_heaps() -> None:
    done = subprocess.run([sys.executable, "-c", HEAPS], capture_output=True, text=True, check=True)
    assert 1 <= int(done.stdout) <= 2
