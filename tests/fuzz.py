"""Damaged files of every kind that the program reads: each must give a value or a :class:`DiffSegError`.

``python -m tests.fuzz --count 20000`` makes that many and says what became of them; a case is made again by its number.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import DiffSegError
from engine.networks.weights import load_model
from engine.photograph.read import read_image, read_mask
from engine.recipe import read_recipe
from engine.records.reading_back import read_record
from engine.records.readings import load
from tests import fuzz_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLOW = 10.0  # seconds after which a case counts as one that hangs
VALUES = (
    *("null", "true", "-1", "0", "1e999", "NaN", '""', "[]", "{}", "9" * 5, "9" * 400, "[" * 3000),
    *('"../../../x"', '"/etc/passwd"'),
)
WORDS = tuple(
    bytes.fromhex(word) for word in ["00000000", "ffffffff", "7fffffff", "ffffff7f", "80000000", "00000001", "0000ffff"]
)


@dataclass
class Tally:
    """What became of the cases. failed: what was neither a value nor a DiffSegError, with the case's number."""

    values: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0


def mutated(data: bytes, rng: np.random.Generator, is_text: bool) -> bytes:
    """A file's content with one to four faults: bits, words, cuts, repeats, holes, or values of JSON."""
    for _ in range(int(rng.choice([1, 1, 1, 2, 3, 4]))):
        if not data:
            return data
        start = int(rng.integers(min(len(data), 200) if rng.random() < 0.4 else len(data)))  # headers matter most
        end = min(len(data), start + int(rng.integers(1, 64)))
        kind = int(rng.integers(8 if is_text else 7))
        if kind == 0:
            data = data[:start] + bytes([data[start] ^ 1 << int(rng.integers(8))]) + data[start + 1 :]
        elif kind == 1:
            data = data[:start] + WORDS[int(rng.integers(len(WORDS)))] + data[start + 4 :]
        elif kind == 2:
            data = data[:start]
        elif kind == 3:
            data = data[:start] + data[end:]
        elif kind == 4:
            data = data[:end] + data[start:]
        elif kind == 5:
            data = data[:start] + bytes(end - start) + data[end:]
        elif kind == 6:
            data = data[:start] + rng.bytes(end - start) + data[end:]
        else:
            data = _other_value(data, rng)
    return data


def _other_value(data: bytes, rng: np.random.Generator) -> bytes:
    """JSON with another value after one of its colons."""
    colons = [place for place, byte in enumerate(data) if byte == ord(":")]
    if not colons:
        return data
    start = colons[int(rng.integers(len(colons)))] + 1
    ends = [place for place in (data.find(mark, start) for mark in (b",", b"}", b"]", b"\n")) if place >= 0]
    return data[:start] + VALUES[int(rng.integers(len(VALUES)))].encode() + data[min(ends, default=len(data)) :]


def read_case(kind: str, data: bytes, folder: Path) -> object:
    """Read a file's content as the program does. kind: of :func:`tests.fuzz_seeds.seeds`."""
    name = kind.partition(" ")[0]
    if name in ("recipe", "reading", "result", "maps", "weights", "description"):
        return RECORDS[name](data, folder)
    path = folder / f"case.{name}"
    path.write_bytes(data)
    return read_mask(path) if kind.endswith("mask") else read_image(path)


def _recipe(data: bytes, folder: Path) -> object:
    (folder / "recipe.json").write_bytes(data)
    return read_recipe(folder / "recipe.json", fuzz_seeds.RECIPE)


def _reading(data: bytes, folder: Path) -> object:
    (folder / "readings").mkdir(exist_ok=True)
    (folder / "readings" / f"{fuzz_seeds.IDENTITY}.json").write_bytes(data)
    try:
        return load(folder / "readings", fuzz_seeds.IDENTITY)
    finally:
        for path in (folder / "readings").iterdir():  # those that were set aside
            path.unlink()


def _result(data: bytes, folder: Path, name: str) -> object:
    results = folder / "results"
    if not results.exists():
        fuzz_seeds.write_results(results)
    path = results / name
    whole = path.read_bytes()
    path.write_bytes(data)
    try:
        return read_record(results)
    finally:
        path.write_bytes(whole)


def _weights(data: bytes, folder: Path, of_description: bool) -> object:
    weights, described = fuzz_seeds.model()
    path = folder / "case.safetensors"
    if not of_description:
        weights = data
        described = json.dumps(json.loads(described) | {"sha256": hashlib.sha256(data).hexdigest()}).encode()
    path.write_bytes(weights)
    path.with_suffix(".json").write_bytes(data if of_description else described)
    return load_model(path)


RECORDS: dict[str, Callable[[bytes, Path], object]] = {
    "recipe": _recipe,
    "reading": _reading,
    "result": partial(_result, name="result.json"),
    "maps": partial(_result, name="maps.npz"),
    "weights": partial(_weights, of_description=False),
    "description": partial(_weights, of_description=True),
}


def run(seed: int, numbers: range, folder: Path) -> Tally:
    """Make the cases of these numbers and read them, one after the other."""
    tally, seeds = Tally(), fuzz_seeds.seeds()
    kinds = list(seeds)
    for number in numbers:
        kind = kinds[number % len(kinds)]
        rng = np.random.default_rng([seed, number])
        is_text = kind in ("recipe", "reading", "result", "description")
        data, since = mutated(seeds[kind], rng, is_text), time.monotonic()
        try:
            read_case(kind, data, folder)
            tally.values[kind] += 1
        except DiffSegError:
            tally.refused[kind] += 1
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            tally.failed.append(f"{number} {kind}: {error!r} at {place.filename}:{place.lineno}")
        seconds = time.monotonic() - since
        tally.slowest = max(tally.slowest, seconds)
        if seconds > SLOW:
            tally.slow.append(f"{number} {kind}: {seconds:.1f} s")
    return tally


@contextmanager
def chatter() -> Iterator[list[str]]:
    """What libraries write to the error stream below Python, line by line; the list is filled at the end."""
    lines: list[str] = []
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        before = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield lines
        finally:
            sys.stderr.flush()
            os.dup2(before, 2)
            os.close(before)
            file.seek(0)
            lines += file.read().decode(errors="replace").splitlines()


def main() -> int:
    """The long run; 1 where a case failed, hung, or a library wrote something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    since = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, chatter() as said:
        tally = run(options.seed, range(options.first, options.first + options.count), Path(folder))
    for kind in fuzz_seeds.seeds():
        print(f"{kind:16} {tally.values[kind]:6} values {tally.refused[kind]:6} refused")
    print(f"{options.count} cases in {time.monotonic() - since:.0f} s, the slowest {tally.slowest:.1f} s{_memory()}")
    print(f"{tally.values.total()} values, {tally.refused.total()} refused, {len(tally.failed)} failed,"
          f" {len(tally.slow)} slow, {len(said)} lines on the error stream")  # fmt: skip
    for line in (*tally.failed[:20], *tally.slow[:20], *said[:20]):
        print(line)
    return int(bool(tally.failed or tally.slow or said))


def _memory() -> str:
    """The most memory that this process has held, where the system tells it."""
    try:
        import resource
    except ImportError:  # Windows
        return ""
    unit = 1 if sys.platform == "darwin" else 1024
    return f", at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9:.2f} GB"


if __name__ == "__main__":
    faulthandler.enable(open(Path(tempfile.gettempdir()) / "diffseg-fuzz-crash.txt", "w"))  # noqa: SIM115
    sys.exit(main())
