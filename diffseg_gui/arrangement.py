"""How the window lays out what features offer: the clinical view with its guided steps, or the research view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from diffseg_gui.preferences import Preferences

CLINICAL, RESEARCH = NAMES = ("clinical", "research")
CHECK, CORRECT, MEASURE, EXPORT = STEPS = ("check", "correct", "measure", "export")
KEY, COLUMN_KEY = "arrangement", "column"  # of the preferences


class Arrangement(QObject):
    """The one truth about the layout; the window follows it, and the guide changes it.

    name: one of NAMES, clinical for a new user. step: one of STEPS, whose panels stand in the clinical view's column.
    column: whether that column is there. The name and the column are remembered.
    """

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        kept = preferences.text(KEY)
        self.name = kept if kept in NAMES else CLINICAL
        self.step = CHECK
        self.column = preferences.text(COLUMN_KEY) != "hidden"

    @property
    def is_clinical(self) -> bool:
        """Whether the photograph comes first, with one column beside it."""
        return self.name == CLINICAL

    def choose(self, name: str) -> None:
        """Lay the window out in one of the two ways, and remember it."""
        if name != self.name:
            self.name = name
            self._preferences.set(KEY, name)
            self.changed.emit()

    def go(self, step: str) -> None:
        """Come to a step; the column, where it was hidden, stays so."""
        if step != self.step:
            self.step = step
            self.changed.emit()

    def show_column(self, on: bool) -> None:
        """Show or hide the column, and remember it."""
        if on != self.column:
            self.column = on
            self._preferences.set(COLUMN_KEY, "shown" if on else "hidden")
            self.changed.emit()
