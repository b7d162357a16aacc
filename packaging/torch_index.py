"""Chooses the build of PyTorch: without CUDA, ten times smaller, where no NVIDIA GPU could use it.

Run by the Makefile with the environment's Python before the packages are installed. Prints the options for pip, if
any, to stdout, and what is going to be installed to stderr. Only Linux needs them: the builds for Windows and macOS
have no CUDA. A fitting build that is installed or lies on this computer already is taken as it is.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from importlib import metadata
from pathlib import Path

INDEX = "https://download.pytorch.org/whl/cpu"
PATIENCE = 4  # seconds for an index that may be out of reach
CONSTRAINTS = Path(__file__).resolve().parent.parent / "requirements" / "constraints.txt"
GPU = (Path("/proc/driver/nvidia/version"), Path("/dev/nvidia0"), Path("/dev/dxg"))  # the last: Windows' subsystem
SMALL = "PyTorch without CUDA is installed (200 MB), as no NVIDIA GPU was found here."
LARGE = "PyTorch with CUDA is installed (some 3 GB)"


def pinned() -> str:
    """The version of torch that the constraints name."""
    found = re.search(r"^torch==(\S+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{CONSTRAINTS} does not name torch"
    return found[1]


def is_at_hand(version: str) -> bool:
    """Whether that version, of any build, is installed or would come from this computer's disk."""
    try:
        if metadata.version("torch").split("+")[0] == version:
            return True
    except metadata.PackageNotFoundError:
        pass
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps", "--report", "-"]
    done = subprocess.run([*command, f"torch=={version}"], capture_output=True, text=True)
    if done.returncode:
        return False  # the install itself will say why
    chosen = json.loads(done.stdout)["install"]
    return all(one["download_info"]["url"].startswith("file:") for one in chosen)


def is_in_reach(index: str) -> bool:
    """Whether an index answers within a few seconds."""
    try:
        with urllib.request.urlopen(f"{index}/torch/", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def choose() -> tuple[str, str]:
    """The options for pip, and the sentence that tells what comes."""
    if sys.platform != "linux" or is_at_hand(pinned()):
        return "", ""
    if any(path.exists() for path in GPU):
        return "", f"{LARGE}, for the NVIDIA GPU."
    if is_in_reach(INDEX):
        return f"--extra-index-url {INDEX}", SMALL
    return "", f"{LARGE}: the small build's index, {INDEX}, does not answer."


if __name__ == "__main__":
    options, sentence = choose()
    if sentence:
        print(sentence, file=sys.stderr)
    print(options)
