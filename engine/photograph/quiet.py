"""Decoders say what ails a damaged file on the error stream, below Python or in warnings; here one sentence says it."""

from __future__ import annotations

import ctypes
import logging
import sys
import warnings
from functools import cache
from pathlib import Path

import PIL

LIBRARIES = ("PIL", "tifffile", "pydicom")


@cache
def quieten() -> None:
    """Have the decoders keep to their exceptions, in this process from now on and in all threads."""
    warnings.filterwarnings("ignore", module=rf"({'|'.join(LIBRARIES)})\.")
    for name in LIBRARIES:
        logging.getLogger(name).addHandler(logging.NullHandler())  # or Python would print what no handler takes
    for library in _libtiff():
        for function in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
            getattr(library, function)(None)


def _libtiff() -> list[ctypes.CDLL]:
    """The library that Pillow has loaded, where it is a file of its own: not on Windows."""
    if sys.platform == "win32":
        return []
    beside = Path(PIL.__file__).parent
    places = (*beside.parent.glob("pillow.libs/libtiff*"), *beside.glob(".dylibs/libtiff*"))
    return [ctypes.CDLL(str(path)) for path in places]
