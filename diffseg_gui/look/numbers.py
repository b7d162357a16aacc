"""Numbers as they are written and read in the window: the same for every language of the system.

Written, the decimal sign is a point; narrow spaces, which nobody reads as a decimal sign, group digits and stand before
the percent sign. Read, point and comma are both decimal signs, and nothing groups digits: what could be meant in two
ways is refused.
"""

from __future__ import annotations

import re

GROUP = "\N{NARROW NO-BREAK SPACE}"
SIGNS = ".,"
GROUPED = re.compile(r"\d{1,3}[.,]\d{3}")  # could be thousands
PLAIN = re.compile(r"[+-]?\d*[.,]?\d*")


class NumberError(ValueError):
    """What was typed is no number that can be used; the message is one sentence for the person."""


def count(value: float) -> str:
    """A whole number, its digits in groups of three: 1 234 567."""
    return f"{value:z,.0f}".replace(",", GROUP)


def decimal(value: float, digits: int) -> str:
    """A number with so many digits after the point, those before it in groups of three; zero has no sign."""
    return f"{value:z,.{digits}f}".replace(",", GROUP)


def percent(share: float) -> str:
    """A share of 1 in percent: 22.4 %."""
    return f"{decimal(share * 100, 1)}{GROUP}%"


def parse(text: str, low: float, high: float, unit: str = "") -> float:
    """Read a number in low .. high, whichever decimal sign it has. unit: what may stand behind it.

    Raises :class:`NumberError` for anything else: two signs, spaces between digits, a number outside the range, and one
    such as 1,234 where both the number with a decimal sign and the one with a thousands separator lie in the range.
    """
    bare = text.strip().removesuffix(unit.strip()).strip()
    if not any(letter.isdigit() for letter in bare):
        raise NumberError(f"“{text.strip()}” is not a number; type one from {_short(low)} to {_short(high)}.")
    if not PLAIN.fullmatch(bare):
        raise NumberError(f"“{bare}” cannot be read; type digits with one point or comma at most, and no separators.")
    value = float(bare.replace(",", "."))
    thousands = float(re.sub("[.,]", "", bare))
    if GROUPED.fullmatch(bare) and not bare.startswith("0") and low <= value <= high and low <= thousands <= high:
        raise NumberError(f"“{bare}” could be {_short(value)} or {_short(thousands)}; type it another way.")
    if not low <= value <= high:
        raise NumberError(f"{_short(value)} is outside {_short(low)} to {_short(high)}.")
    return value


def _short(value: float) -> str:
    return f"{value:.10g}"
