"""Collects the licences of all that the built program ships into one folder, LICENSES/ beside the programs.

Run by diffseg.spec once the files are known: each library's own texts as it was installed with them, Python's,
PyInstaller's for its start-up program, and on Debian those of the system's libraries that were taken along.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from engine.host.libraries import libraries, licence
from engine.host.resources import models
from engine.networks.description import read_description

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parent
IS_NOTICE = re.compile(r"licen[cs]e|copying|notice|copyright|authors", re.IGNORECASE)
IS_CODE = (".py", ".pyc", ".so", ".pyd")
NO_TEXT = "its package carries no text; it says"
INTRODUCTION = """Licences of what this program ships

DiffSeg itself: MIT, in DiffSeg.txt. Trained models may have licences of their own: their rows say which, their cards in
models/ on what they were trained. Each library's own texts lie in the folder of its name.
Qt, PySide6, Shiboken and fpdf2: GNU Lesser General Public License 3 (LGPL-3.0.txt, which adds to GPL-3.0.txt).
Qt.txt says how to replace them with others of your own. PyInstaller: GPL 2, with an exception for its start-up program,
which is all of it that is here.

pillow_heif's package brings libx265, which is under the GNU General Public License 2. Who hands this built program on
does so under the terms of the GPL: with the source, or an offer of it. DiffSeg's own source stays under MIT.
"""


def collect(folder: Path, shipped: Iterable[Path]) -> None:
    """Write the folder anew. shipped: where the binary files came from that the program ships."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(HERE.parent / "LICENSE", folder / "DiffSeg.txt")
    for text in sorted((HERE / "licences").iterdir()):
        shutil.copy(text, folder)
    rows = [*_models(folder / "models"), _python(folder)]
    rows += [_library(folder, one) for one in [*libraries(), metadata.distribution("pyinstaller")]]
    rows += _system(folder / "system", shipped)
    (folder / "README.txt").write_text("\n".join([INTRODUCTION, *rows, ""]), encoding="utf-8")


def _models(folder: Path) -> list[str]:
    """Copy the bundled models' cards; a row for each with its licence, which may be another than the program's."""
    folder.mkdir()
    for weights in models():
        shutil.copy(weights.with_suffix(".md"), folder)
    return [f"Model {one.name}: {one.licence}" for one in map(read_description, models())]


def _library(folder: Path, one: metadata.Distribution) -> str:
    """Copy a library's texts, in the order in which they lie in its package; returns its row."""
    name, said = one.metadata["Name"], " ".join(licence(one).split())
    texts = [file for file in one.files or [] if IS_NOTICE.search(str(file)) and file.suffix not in IS_CODE]
    for text in texts:
        source, within = Path(str(text.locate())), [part for part in text.parts if part not in ("..", ".")]
        if source.is_file():
            target = folder.joinpath(name, *within[1:] if within[0].endswith(".dist-info") else within)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return f"{name} {one.version}: {said}" if (folder / name).exists() else f"{name} {one.version}: {NO_TEXT} {said}"


def _python(folder: Path) -> str:
    version = sys.version.split()[0]
    places = (Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt"))
    places += (Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright"),)
    for place in places:
        if place.is_file():
            shutil.copy(place, folder / "Python.txt")
            return f"Python {version}: Python Software Foundation License, in Python.txt"
    return f"Python {version}: Python Software Foundation License, as at docs.python.org/3/license.html"


def _system(folder: Path, shipped: Iterable[Path]) -> list[str]:
    """Copy the statements of Debian's packages that the files come from; none of files that no package holds."""
    if not shutil.which("dpkg-query"):
        return []
    packages: dict[str, list[str]] = {}
    for path in sorted({path for path in shipped if path.is_relative_to("/lib") or path.is_relative_to("/usr/lib")}):
        for spelling in (path, path.resolve(), Path("/", *path.resolve().parts[2:])):  # /lib became /usr/lib
            found = subprocess.run(["dpkg-query", "--search", spelling], capture_output=True, text=True)
            if found.returncode == 0:
                packages.setdefault(found.stdout.split(":")[0], []).append(path.name)
                break
    folder.mkdir()
    for package in packages:
        if (statement := Path("/usr/share/doc", package, "copyright")).is_file():
            shutil.copy(statement, folder / f"{package}.txt")
    return [f"{', '.join(names)}: Debian's {package}, in system/{package}.txt" for package, names in packages.items()]
