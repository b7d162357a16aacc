"""How reports are written on this system: its paper, its decimal sign, and its language as far as there are words."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from engine.records.style import COMMA, LANGUAGES, POINT, Style


def system_style(locale: QLocale | None = None) -> Style:
    """The style of a locale; None: of the system's, with what a person has changed of it there.

    Letter where lengths are measured in inches as in America, A4 elsewhere; English where there are no words of the
    language.
    """
    locale = locale or QLocale.system()
    language = QLocale.languageToCode(locale.language())
    american = locale.measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    return Style(
        language if language in LANGUAGES else LANGUAGES[0],
        "letter" if american else "a4",
        COMMA if locale.decimalPoint() == COMMA else POINT,
    )
