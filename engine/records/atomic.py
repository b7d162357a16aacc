"""Files written whole or not at all: a reader, or a crash, sees either the old content or all of the new."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PARTIAL = ".partial-"  # how a folder's name begins in which files are prepared
FORGOTTEN = 3600  # seconds after which what is half written was left by a crash


def write_whole(path: Path, data: bytes) -> None:
    """Write one file in place of an earlier one.

    Raises :class:`ExportError` if the folder cannot be written or the disk is full; the old file then remains.
    """
    with _as_sentence(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        name = path.name if len(os.fsencode(path.name)) < 200 else path.name[:48]  # a name has 255 bytes at most
        _sweep(path.parent, f".{name}.", ".partial")
        partial = path.parent / f".{name}.{os.getpid()}.partial"  # another window may write the same file
        try:
            _write(partial, data)
            os.replace(partial, path)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise


def write_together(folder: Path, files: Iterable[tuple[str, bytes]], leftovers: Iterable[str] = ()) -> list[Path]:
    """Write files, by names relative to a folder, and return their paths.

    All are prepared beside the folder's content and then moved into place in their order, so a full disk leaves what
    was there. The last one stands for all: an earlier one of its name goes first, so that where it is, all are of one
    export, also after a crash. leftovers: patterns of files of an earlier export; those that are not written now are
    removed. Raises :class:`ExportError` if the folder cannot be written or the disk is full.
    """
    with _as_sentence(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, PARTIAL)
        with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder) as partial:
            written = []
            for name, data in files:
                path = Path(partial) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data)
                written.append(name)
            paths = [folder / name for name in written]
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
            for last in paths[-1:]:
                last.unlink(missing_ok=True)
            for stale in {path for pattern in leftovers for path in folder.glob(pattern)} - set(paths):
                stale.unlink(missing_ok=True)
            for name in written:
                os.replace(Path(partial) / name, folder / name)
    return paths


def _sweep(folder: Path, start: str, end: str = "") -> None:
    """Remove what a crash has left half written, as far as that can be; another window's is younger.

    start, end: of its names. Not a pattern: Python keeps each one that it has seen.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(start) and path.name.endswith(end):
                _forget(path)


def _forget(path: Path) -> None:
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _as_sentence(path: Path) -> Iterator[None]:
    """Turn an operating-system error into one sentence for the user."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"{path} could not be written ({reason}); choose another folder or free some space."
        ) from None
