"""Proves that dist/diffseg stands alone: with no Python, no network and in another folder it does what the source does.

Run by ``make package`` with the environment's Python, whose programs are the ones to compare with. Ends with 1 and a
sentence if the frozen programs fail, lack a format, or make another mask.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from diffseg_gui.app.self_test import LOG
from engine.records.writers import writers

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "dist" / "diffseg"
SAMPLE = ROOT / "resources" / "samples" / "melanoma.jpg"
SUFFIX = ".exe" if sys.platform == "win32" else ""


def alone(home: Path) -> dict[str, str]:
    """An environment in which no Python is found, nor anything else but what the system itself needs."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR") if name in os.environ}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "TEMP", "TMP", "TMPDIR"), str(home))
    return {**kept, **homes, "PATH": str(home), "QT_QPA_PLATFORM": "offscreen"}


def without_network() -> list[str]:
    """What to put before a command so that it has no network; nothing where the system has no such thing."""
    command = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
    try:
        works = subprocess.run([*command, "true"], capture_output=True).returncode == 0
    except OSError:
        works = False
    if not works:
        print("The network cannot be taken away here, so the programs have it while they are tried.")
    return command if works else []


def run(command: list[str | Path], folder: Path, environment: dict[str, str]) -> float:
    """Run a command in a folder and end if it fails; returns its seconds."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    if done.returncode:
        words = " ".join(map(str, command))
        sys.exit(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def mask_line(folder: Path) -> str:
    """The digest of its mask that a self-test wrote into its log."""
    lines = (folder / LOG).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("mask "))


def check_picture(path: Path, least: int) -> None:
    """End unless a picture has some number of colours: a window more than a plain surface, a mask both labels."""
    with Image.open(path) as picture:
        colours = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    if len(colours) < least:
        sys.exit(f"The frozen program's {path.name} has only {len(colours)} colours, so it shows nothing.")


def main() -> None:
    diffseg, window = (BUNDLE / (name + SUFFIX) for name in ("diffseg", "diffseg-gui"))
    source, source_window = (Path(sys.executable).with_name(name + SUFFIX) for name in ("diffseg", "diffseg-gui"))
    formats = ",".join(name for name, writer in writers().items() if not writer.standard)
    shut = without_network()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        bare, usual = alone(folder), {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        # Twice, for the first start also reads the libraries from the disk.
        starts = [run([*shut, diffseg, "--version"], folder, bare) for _ in range(2)]
        window_start = run([*shut, window, SAMPLE, "--screenshot", "window.png"], folder, bare)
        check_picture(folder / "window.png", least=1000)
        segment = ["segment", SAMPLE, "--device", "cpu", "--also", formats]
        run([*shut, diffseg, *segment, "-o", "frozen"], folder, bare)
        run([source, *segment, "-o", "unfrozen"], folder, usual)
        masks = [folder / out / SAMPLE.stem / "mask.png" for out in ("frozen", "unfrozen")]
        check_picture(masks[0], least=2)
        names = [sorted(path.name for path in mask.parent.iterdir()) for mask in masks]
        equal = masks[0].read_bytes() == masks[1].read_bytes()
        run([*shut, window, "--self-test", "frozen-test", "--device", "cpu"], folder, bare)
        run([source_window, "--self-test", "unfrozen-test", "--device", "cpu"], folder, usual)
        equal &= mask_line(folder / "frozen-test") == mask_line(folder / "unfrozen-test")
    if not equal:
        sys.exit("The frozen program's mask differs from the mask that the source tree gives.")
    if names[0] != names[1]:
        sys.exit(f"The frozen program wrote {names[0]}, the source tree {names[1]}.")
    if not (BUNDLE / "LICENSES" / "README.txt").is_file():
        sys.exit("The frozen program lacks the licences of its libraries.")
    size = sum(file.stat().st_size for file in BUNDLE.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{BUNDLE.relative_to(ROOT)} stands alone: its masks are the source tree's, and its self-test passes.")
    print(f"Size: {size / 1e6:.0f} MB.")
    print(f"diffseg --version: {starts[0]:.1f} s the first time, then {starts[1]:.1f} s.")
    print(f"diffseg-gui, from start to a picture of the analysed sample: {window_start:.1f} s.")


if __name__ == "__main__":
    main()
