"""How what is written for people looks: language, decimal sign, paper. Files for programs know none of it."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "de")
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}  # width and height, mm
POINT, COMMA = ".", ","
GROUP = "\N{NARROW NO-BREAK SPACE}"  # between groups of digits: nobody reads it as a decimal sign


@dataclass(frozen=True)
class Style:
    """language: one of LANGUAGES. paper: one of PAPERS. decimal: POINT or COMMA."""

    language: str = "en"
    paper: str = "a4"
    decimal: str = POINT

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many digits after the decimal sign, those before it in groups of three."""
        return f"{value:,.{digits}f}".replace(",", GROUP).replace(".", self.decimal)

    def short(self, value: float, digits: int = 6) -> str:
        """A number with no more digits than it needs, and at most so many that count."""
        return f"{value:.{digits}g}".replace(".", self.decimal)


PLAIN = Style()


def decimal_of(language: str) -> str:
    """The decimal sign that is usual in a language."""
    return COMMA if language == "de" else POINT
