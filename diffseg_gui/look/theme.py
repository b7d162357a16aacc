"""One visual language: the colours of two themes, and the one that is shown. Colours are read when painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from diffseg_gui.look.stylesheet import STYLE_SHEET

if TYPE_CHECKING:
    from diffseg_gui.preferences import Preferences

THEMES = ("system", "dark", "light")


@dataclass(frozen=True)
class Colours:
    """A theme. ``faint`` is what is disabled, ``tint`` a choice that is on, ``canvas`` what lies about photographs."""

    background: QColor
    panel: QColor
    raised: QColor
    line: QColor
    canvas: QColor
    canvas_text: QColor
    text: QColor
    muted: QColor
    faint: QColor
    accent: QColor
    tint: QColor
    on_accent: QColor
    warning: QColor
    handle: QColor  # of sliders


DARK = Colours(
    background=QColor("#1b1d21"),
    panel=QColor("#24272c"),
    raised=QColor("#2f333a"),
    line=QColor("#3a3f47"),
    canvas=QColor("#0f1012"),
    canvas_text=QColor("#a3a9b3"),
    text=QColor("#e8eaed"),
    muted=QColor("#a3a9b3"),
    faint=QColor("#727983"),
    accent=QColor("#4fb3bf"),
    tint=QColor("#27474c"),
    on_accent=QColor("#0d1a1c"),
    warning=QColor("#e0a355"),
    handle=QColor("#e8eaed"),
)
LIGHT = Colours(
    background=QColor("#eef0f3"),
    panel=QColor("#fbfbfc"),
    raised=QColor("#f1f3f5"),
    line=QColor("#d2d6dc"),
    canvas=QColor("#33363b"),
    canvas_text=QColor("#c4c8ce"),
    text=QColor("#1d2127"),
    muted=QColor("#565d68"),
    faint=QColor("#838a95"),
    accent=QColor("#0b7285"),
    tint=QColor("#cfe9ee"),
    on_accent=QColor("#ffffff"),
    warning=QColor("#8f5400"),
    handle=QColor("#4a515b"),
)

CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap

_shown = DARK


def colours() -> Colours:
    """The theme that is shown. Ask when painting, and keep nothing: it may change at any time."""
    return _shown


def application() -> QApplication:
    """The one application there is."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def apply(app: QApplication, name: str = "dark") -> None:
    """Dress an application; name: one of THEMES. As the system: dark, unless that says light."""
    global _shown  # one application, one theme
    light = name == "light" or (name == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Light)
    _shown = LIGHT if light else DARK
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, _shown.background),
        (QPalette.ColorRole.Base, _shown.panel),
        (QPalette.ColorRole.AlternateBase, _shown.raised),
        (QPalette.ColorRole.Button, _shown.raised),
        (QPalette.ColorRole.WindowText, _shown.text),
        (QPalette.ColorRole.Text, _shown.text),
        (QPalette.ColorRole.ButtonText, _shown.text),
        (QPalette.ColorRole.PlaceholderText, _shown.muted),
        (QPalette.ColorRole.Highlight, _shown.accent),
        (QPalette.ColorRole.HighlightedText, _shown.on_accent),
        (QPalette.ColorRole.Link, _shown.accent),
    ):
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _shown.faint)
    app.setPalette(palette)
    app.setStyleSheet(STYLE_SHEET.format(**{name: colour.name() for name, colour in vars(_shown).items()}))


def chosen(preferences: Preferences) -> str:
    """One of THEMES: the one that was chosen, or the system's where no such theme is known."""
    name = preferences.text("theme")
    return name if name in THEMES else THEMES[0]


class Dresser(QObject):
    """Changes the theme of the running program, remembers it, and follows the system where that is wished."""

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._hints = QApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._follow)

    @property
    def name(self) -> str:
        """One of THEMES: the one that was chosen."""
        return chosen(self._preferences)

    def choose(self, name: str) -> None:
        """Dress the whole program anew, at once."""
        self._preferences.set("theme", name)
        apply(application(), name)

    def close(self) -> None:
        """Follow the system no more."""
        self._hints.colorSchemeChanged.disconnect(self._follow)

    def _follow(self) -> None:
        if self.name == THEMES[0]:
            self.choose(self.name)
