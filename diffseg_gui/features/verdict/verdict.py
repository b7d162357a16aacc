"""The verdict on the whole photograph and a note, kept with its reading and exported with it.

A verdict is one step of undo. So is all that is typed into the note from entering the field to leaving it; each letter
is kept at once, so nothing is lost when the next photograph is opened or the window is closed meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from diffseg_gui.feature import Command, Feature, Panel
from diffseg_gui.features.verdict.panel import VerdictPanel

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas

VERDICTS = {  # of engine.reading.reading: text, shortcut, explanation, icon
    "good": ("&Good", "Shift+F2", "The border is right as it is", "accept"),
    "usable": ("&Usable", "Shift+F3", "The border is not perfect, but can be used", "contour"),
    "not usable": ("&Not usable", "Shift+F4", "The photograph, or its border, cannot be used", "cancel"),
}
MENU = "Review/Verdict on the photo&graph"
HIDDEN = "Hidden until you reveal the result"


class Verdict(Feature):
    """Writes the verdict and the note into the reading, and shows what it holds."""

    def __init__(self, document: Document, editing: Editing, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._editing, self._messages = document, editing, messages
        self._spells = count()
        self._spell = next(self._spells)  # of typing, from entering the field to leaving it
        verdicts = [self._command(verdict) for verdict in VERDICTS]
        self.card = VerdictPanel(verdicts)
        self.buttons = dict(self.card.buttons)
        self.panel = Panel("verdict", "Verdict", "Whether this photograph's border can be used, and your note",
                           self.card, behind="review", scrolls=False, step="export")  # fmt: skip
        self.commands = (
            *verdicts,
            Command("note", "Review", "&Write a note…", "Shift+F6", "Say something of this photograph in your words",
                    self.write, self._is_open),
        )  # fmt: skip
        box = self.card.note_box
        box.typed.connect(self._keep_note)
        box.began.connect(self._begin_spell)
        box.left.connect(canvas.setFocus)
        for signal in (document.opened, document.readingChanged, document.blindChanged):
            signal.connect(self._show)
        document.opened.connect(self._begin_spell)
        self._show()

    def _command(self, verdict: str) -> Command:
        text, shortcut, tip, icon = VERDICTS[verdict]
        return Command(
            f"verdict_{verdict.replace(' ', '_')}", MENU, text, shortcut, tip, partial(self.give, verdict),
            self._is_open, self._why_not, lambda: self._document.reading.verdict == verdict, icon=icon,
        )  # fmt: skip

    # What commands do

    def give(self, verdict: str, on: bool) -> None:
        """Say it of the open photograph, or take it back."""
        reading = replace(self._document.reading, verdict=verdict if on else None)
        self._editing.change(f"verdict “{verdict}”" if on else "taking the verdict back", reading)
        self._messages.notice(f"Verdict: {verdict}" if on else "The verdict was taken back")

    def write(self) -> None:
        """Lead to the field for the note."""
        assert self.panel is not None
        self.panel.wanted.emit()
        self.card.note_box.write()

    # Within

    def _is_open(self) -> bool:
        """The panel is covered while the photograph is read blind, and what nobody sees nobody can change."""
        return self._document.photograph is not None and self._document.blind is None

    def _why_not(self) -> str:
        return "Open a photograph first" if self._document.photograph is None else HIDDEN

    def _begin_spell(self) -> None:
        self._spell = next(self._spells)

    def _keep_note(self, text: str) -> None:
        if self._is_open():
            self._editing.change("note", replace(self._document.reading, note=text), self._spell)

    def _show(self) -> None:
        self.card.note_box.show_text(self._document.reading.note)
        self.card.note_box.setEnabled(self._is_open())
        self.changed.emit()
