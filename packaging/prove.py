"""Proves that dist/diffseg stands alone: run from another folder, it gives what the source tree gives.

Run by ``make package`` with the environment's Python, whose ``diffseg`` is the one to compare with. Ends
with 1 and a sentence if the frozen programs fail or their mask differs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "dist" / "diffseg"
SAMPLE = ROOT / "resources" / "samples" / "melanoma.jpg"
SUFFIX = ".exe" if sys.platform == "win32" else ""


def run(program: Path, *arguments: str | Path, folder: Path) -> float:
    """Run a program in a folder with no window and no way back to the source tree; returns its seconds."""
    environment = {**os.environ, "PYTHONPATH": "", "QT_QPA_PLATFORM": "offscreen"}
    started = time.perf_counter()
    done = subprocess.run(
        [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        command = " ".join(map(str, (program.name, *arguments)))
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def check_picture(path: Path, least: int) -> None:
    """End unless a picture has some number of colours: a window more than a plain surface, a mask both labels."""
    with Image.open(path) as picture:
        colours = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    if len(colours) < least:
        sys.exit(f"The frozen program's {path.name} has only {len(colours)} colours, so it shows nothing.")


def main() -> None:
    diffseg, window = (BUNDLE / (name + SUFFIX) for name in ("diffseg", "diffseg-gui"))
    unfrozen = Path(sys.executable).with_name("diffseg" + SUFFIX)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # Twice, for the first start also reads the libraries from the disk.
        starts = [run(diffseg, "--version", folder=folder) for _ in range(2)]
        window_start = run(window, SAMPLE, "--screenshot", "window.png", folder=folder)
        check_picture(folder / "window.png", least=1000)
        masks = []
        for program, out in ((diffseg, "frozen"), (unfrozen, "unfrozen")):
            run(program, "segment", SAMPLE, "-o", out, "--device", "cpu", folder=folder)
            masks.append(folder / out / SAMPLE.stem / "mask.png")
        check_picture(masks[0], least=2)
        equal = masks[0].read_bytes() == masks[1].read_bytes()
    if not equal:
        sys.exit("The frozen program's mask differs from the mask that the source tree gives.")
    size = sum(file.stat().st_size for file in BUNDLE.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{BUNDLE.relative_to(ROOT)} stands alone: its mask equals the source tree's byte for byte.")
    print(f"Size: {size / 1e6:.0f} MB.")
    print(f"diffseg --version: {starts[0]:.1f} s the first time, then {starts[1]:.1f} s.")
    print(f"diffseg-gui, from start to a picture of the analysed sample: {window_start:.1f} s.")


if __name__ == "__main__":
    main()
