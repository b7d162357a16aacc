"""Text from outside (a photograph's name, a note, a model's name) made harmless for where it is written.

Each place has dangers of its own: a spreadsheet runs what begins like a formula, a file system knows names that are no
files, JSON and XML cannot hold every character, and a character that turns the reading direction hides a name's end.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # how a formula can begin, in full width too
FORBIDDEN = '<>:"/\\|?*'  # in names of files on one system or another
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}  # Windows'
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # the classes of such characters
LONGEST, MOST_BYTES = 120, 200  # of a file's name: 255 bytes are the most, and something may be added to it


def plain(text: str) -> str:
    """The text in one line that every format can hold.

    Control characters and ends of lines become blanks, what turns the reading direction goes, and what is no character
    is shown as one that is missing.
    """
    return "".join(map(_plain, text))


def cell(text: str) -> str:
    """The text as a cell of a CSV table: what begins like a formula gets an apostrophe, as spreadsheets have it."""
    said = plain(text)
    return f"'{said}" if is_formula(said) else said


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return text.lstrip().startswith(FORMULA)


def file_name(text: str, otherwise: str) -> str:
    """The text as a name that a file or folder can have on every system. otherwise: where nothing is left of it."""
    said = "".join("_" if letter in FORBIDDEN else letter for letter in plain(text))
    said = said.lstrip()[:LONGEST].encode()[:MOST_BYTES].decode(errors="ignore").rstrip(". ")
    return f"_{said}" if said.split(".")[0].strip().lower() in DEVICES else said or otherwise


def base_name(path: str) -> str:
    """The last part of a path of any system; of a name, the name. Never one that means another folder."""
    name = PureWindowsPath(PurePosixPath(path).name).name
    return name if name not in ("", ".", "..") else "photograph"


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category in ("Cs", "Cn"):
        return "\ufffd"
    return "" if unicodedata.bidirectional(letter) in TURNING else letter
