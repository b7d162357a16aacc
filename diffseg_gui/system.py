"""What Qt needs of a Linux system and its wheel does not bring. Only the standard library is used: Qt may not load.

Where a platform's plugin cannot be loaded Qt ends the program, and names libxcb-cursor0 whatever is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Debian names a library's package after its soname: libxcb-cursor.so.0 lies in libxcb-cursor0. These do not.
UNUSUAL_PACKAGES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
}
PLUGINS = Path("Qt", "plugins", "platforms")
NO_DISPLAY = (
    "There is no display here, as neither DISPLAY nor WAYLAND_DISPLAY is set; start it on a desktop, or use"
    " “diffseg segment”, which needs none."
)


def debian_package(soname: str) -> str:
    """The Debian or Ubuntu package that holds a shared library."""
    if soname in UNUSUAL_PACKAGES:
        return UNUSUAL_PACKAGES[soname]
    name, _, version = soname.lower().partition(".so.")
    return f"{name}-{version}" if name[-1].isdigit() else name + version


def report(missing: Iterable[str], packages: Iterable[str]) -> str:
    """What is missing and the line that installs it."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return (
        f"Missing: {', '.join(missing)}. On Debian or Ubuntu this installs it:\n"
        f"    {sudo}apt-get install -y {' '.join(sorted(set(packages)))}"
    )


def missing_libraries(binaries: Iterable[Path]) -> list[str]:
    """The sonames that the dynamic linker cannot find for these, all at once; none where nobody can tell."""
    found: set[str] = set()
    if sys.platform.startswith("linux") and shutil.which("ldd"):
        for binary in binaries:
            listing = subprocess.run(["ldd", binary], capture_output=True, text=True).stdout
            found.update(re.findall(r"^\s*(\S+) => not found", listing, re.MULTILINE))
    return sorted(found)


def qt_folder() -> Path | None:
    """Where PySide6 is installed."""
    spec = importlib.util.find_spec("PySide6")
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def platforms() -> list[str]:
    """The platforms that Qt would try here, the first one first; none without a display."""
    if chosen := os.environ.get("QT_QPA_PLATFORM"):
        return [one.partition(":")[0] for one in chosen.split(";")]
    displays = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    return [platform for platform, variable in displays.items() if os.environ.get(variable)]


def why_not_loaded() -> str:
    """Which libraries Qt itself lacks, with the line that installs them; empty where none is missing."""
    folder = qt_folder()
    if folder is None:
        return ""
    plugins = [folder / PLUGINS / f"libq{platform}.so" for platform in platforms()[-1:]]
    missing = missing_libraries([folder / "QtGui.abi3.so", folder / "QtWidgets.abi3.so", *plugins])
    return report(missing, map(debian_package, missing)) if missing else ""


def why_no_window(plugins: Path | None = None) -> str:
    """Why no window can be shown; empty where one can, or where Qt itself has to tell.

    plugins: the folder of Qt's platforms, by default PySide6's.
    """
    if not sys.platform.startswith("linux"):
        return ""
    if plugins is None:
        folder = qt_folder()
        if folder is None:
            return ""
        plugins = folder / PLUGINS
    if not (tried := platforms()):
        return NO_DISPLAY
    troubles = []
    for platform in tried:  # one that loads is enough
        plugin = plugins / f"libq{platform}.so"
        trouble = _why_not_this(plugin)
        if not trouble:
            return ""
        troubles.append(trouble)
    return troubles[-1]  # the one that desktops of any age have


def _why_not_this(plugin: Path) -> str:
    if not plugin.exists():
        return ""
    try:
        ctypes.CDLL(str(plugin))  # Qt would load it a moment later anyway
    except OSError as error:
        missing = missing_libraries([plugin])
        return report(missing, map(debian_package, missing)) if missing else f"Qt cannot load its platform: {error}."
    return ""
