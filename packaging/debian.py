"""Packs dist/diffseg as a Debian package, dist/diffseg_VERSION_ARCHITECTURE.deb. Run by ``make deb``.

The programs lie in /opt/diffseg and are found by name; the desktop knows them by an entry with an icon, which offers
them for the kinds of photograph that they open. Needs dpkg-deb; the package needs no Python.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from engine import __version__

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "dist" / "diffseg"
PROGRAMS = ("diffseg", "diffseg-gui")
# What Qt needs of the system for a window; the programs bring all else along.
NEEDED = (
    *("libc6", "libegl1", "libgl1", "libfontconfig1", "libdbus-1-3", "libxkbcommon0", "libxkbcommon-x11-0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-render-util0"),
    *("libxcb-xinerama0", "libxcb-xkb1", "libglib2.0-0 | libglib2.0-0t64"),
)
CONTROL = """Package: diffseg
Version: {version}
Architecture: {architecture}
Maintainer: The DiffSeg developers <diffseg@localhost>
Installed-Size: {size}
Depends: {needed}
Section: science
Priority: optional
Description: Workbench for skin-lesion segmentation by diffusion difference
 Finds a lesion's border in a dermoscopy photograph, shows where it is unsure,
 and lets a person correct it. Research software, not a medical device.
"""


def lay_out(tree: Path) -> None:
    """Put everything in its place below ``tree``."""
    shutil.copytree(BUNDLE, tree / "opt" / "diffseg", symlinks=True)
    (tree / "usr" / "bin").mkdir(parents=True)
    for name in PROGRAMS:
        (tree / "usr" / "bin" / name).symlink_to(f"/opt/diffseg/{name}")
    icons = ROOT / "resources" / "icons"
    for source, place in (
        (ROOT / "packaging" / "linux" / "diffseg.desktop", "applications/diffseg.desktop"),
        (icons / "diffseg.svg", "icons/hicolor/scalable/apps/diffseg.svg"),
        (icons / "diffseg.png", "pixmaps/diffseg.png"),
        (ROOT / "LICENSE", "doc/diffseg/copyright"),
    ):
        target = tree / "usr" / "share" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def architecture() -> str:
    """What Debian calls this computer's processor."""
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    if not shutil.which("dpkg-deb"):
        sys.exit("There is no dpkg-deb here, so no Debian package can be made; install dpkg.")
    if not BUNDLE.is_dir():
        sys.exit("There is no dist/diffseg yet; make package builds it.")
    kind = architecture()
    made = ROOT / "dist" / f"diffseg_{__version__}_{kind}.deb"
    with tempfile.TemporaryDirectory(dir=ROOT / "dist") as temporary:
        tree = Path(temporary, "tree")
        tree.mkdir(mode=0o755)
        lay_out(tree)
        size = sum(file.lstat().st_size for file in tree.rglob("*")) // 1024
        (tree / "DEBIAN").mkdir()
        control = CONTROL.format(version=__version__, architecture=kind, size=size, needed=", ".join(NEEDED))
        (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        # Debian reads zstd since 12, Ubuntu since 18.04; xz would take many minutes.
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z6", "--build", tree, made]
        subprocess.run([*map(str, command)], check=True)
    print(
        f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.0f} MB. Install it with: sudo apt install ./{made.name}"
    )


if __name__ == "__main__":
    main()
