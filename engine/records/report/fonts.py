"""The letters of reports, DejaVu Sans as it comes with matplotlib: its files, and how wide a text is in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

MM = 25.4 / 72  # of a point


@cache
def font_files() -> dict[bool, Path]:
    """The font's files: the plain one, and (True) the bold one."""
    import matplotlib  # here, because few exports need it

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return {False: fonts / "DejaVuSans.ttf", True: fonts / "DejaVuSans-Bold.ttf"}


def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is, in mm. size: of its letters, in points."""
    widths, missing = _advances(bold)
    return sum(widths.get(ord(letter), missing) for letter in text) * size * MM


@cache
def _advances(bold: bool) -> tuple[dict[int, float], float]:
    """The width of each character, as a share of the font's size, and that of the box for one that it lacks."""
    from fontTools.ttLib import TTFont

    with TTFont(font_files()[bold]) as font:
        unit, widths = font["head"].unitsPerEm, font["hmtx"]
        known = {code: widths[name][0] / unit for code, name in font.getBestCmap().items()}
        return known, widths[".notdef"][0] / unit
