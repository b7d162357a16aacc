"""A line above the photograph with what its file says of it, and the choice of frame where it holds several.

It is there for a clinic's file, for one with several frames, and where something is not as one would expect: of the
file, or, once there is a result, of what the photograph shows. Who the patient is stands here, and in the export's
dialog where that is to be chosen; this line itself is never exported.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from diffseg_gui.feature import Command, Feature
from diffseg_gui.look.elided import ElidedLabel
from diffseg_gui.look.named import named
from diffseg_gui.look.number_box import NumberBox
from diffseg_gui.look.slider import let_wheel_pass
from engine.method.familiarity import UNFAMILIAR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from diffseg_gui.document.document import Document
    from engine.photograph.about import About
    from engine.photograph.image import SkinImage

BETWEEN = "  ·  "


class Line(QWidget):
    """Patient, what is known of the photograph, the box for its frame; below, what is not as one would expect."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.notes = ElidedLabel(), named(ElidedLabel(), "warning")
        self.box = NumberBox(0, 1, 1)
        self.box.setFixedWidth(46)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setAccessibleName("Frame")
        self.box.setToolTip("Which of the file's photographs is open (Ctrl+Shift+PgDown, Ctrl+Shift+PgUp)")
        let_wheel_pass(self.box)
        self.count = named(QLabel(), "muted")
        self.choice = QWidget()
        frames = QHBoxLayout(self.choice)
        frames.setContentsMargins(0, 0, 0, 0)
        for widget in (named(QLabel("Frame"), "muted"), self.box, self.count):
            frames.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.choice)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2, 0, 2, 0)
        rows.setSpacing(3)
        rows.addLayout(row)
        rows.addWidget(self.notes)
        self.hide()

    def show_about(self, about: About, frame: int, unfamiliar: str = "") -> None:
        """Show what a file says, and which of its frames is open; unfamiliar: what to say of what is in it."""
        self.words.say(BETWEEN.join(words_of(about)))
        self.words.setVisible(bool(self.words.whole))
        notes = [unfamiliar, "; ".join(about.notes)]
        self.notes.say(" ".join(note[:1].upper() + note[1:] for note in notes if note))
        self.notes.setVisible(any(notes))
        self.show_frame(frame, about.frames)
        self.choice.setVisible(about.frames > 1)
        self.setVisible(about.clinical or about.frames > 1 or any(notes))

    def show_frame(self, frame: int, frames: int) -> None:
        """Which of how many is open, without asking for it."""
        with QSignalBlocker(self.box):
            self.box.setRange(1, frames)
            self.box.setValue(frame + 1)
        self.count.setText(f"of {frames}")


def words_of(about: About) -> list[str]:
    """What a clinic's file says, in the order in which it is looked for: who, when, where, with what."""
    if not about.clinical:
        return []
    side = f" ({about.laterality})" if about.laterality else ""
    patient = [value if title == "Name" else f"{title} {value}" for title, value in about.patient.entries]
    return [word for word in (*patient, about.date[:10], f"{about.body_site}{side}".strip(), about.device) if word]


class Photograph(Feature):
    """Shows the line, and opens another frame of the file."""

    def __init__(self, document: Document, frames: dict[Path, int], open_one: Callable[[Path], None]) -> None:
        """frames: by file, the frame that is to be opened. open_one: opens a file."""
        super().__init__()
        self._document, self._frames, self._open = document, frames, open_one
        self.line = Line()
        self.head = self.line
        self.line.box.valueChanged.connect(lambda value: self.choose(int(value) - 1))
        for signal in (document.opened, document.requested, document.resultChanged, document.blindChanged):
            signal.connect(self._show)
        self.commands = (
            Command("next_frame", "File", "Ne&xt frame", "Ctrl+Shift+PgDown", "Open the file's next photograph",
                    partial(self._step, 1), partial(self._has, 1), offered=self._has_several),
            Command("previous_frame", "File", "Pre&vious frame", "Ctrl+Shift+PgUp", "Open the file's photograph before",
                    partial(self._step, -1), partial(self._has, -1), offered=self._has_several),
        )  # fmt: skip

    def choose(self, frame: int) -> None:
        """Open another frame, from 0, of the open file; it is the one that opens from then on."""
        if (photograph := self._document.photograph) is not None and frame != self._frame:
            self._frames[photograph.path] = frame
            self._open(photograph.path)
            self.changed.emit()

    def _step(self, by: int) -> None:
        self.choose(self._frame + by)

    @property
    def _frame(self) -> int:
        """The one that is open, or the one that is about to be: keys may come faster than frames."""
        photograph = self._document.photograph
        if photograph is None:
            return 0
        is_coming = self._document.opening == photograph.path
        return self._frames.get(photograph.path, 0) if is_coming else photograph.frame or 0

    @property
    def _count(self) -> int:
        photograph = self._document.photograph
        return 1 if photograph is None else photograph.about.frames

    def _has(self, by: int) -> bool:
        return 0 <= self._frame + by < self._count

    def _has_several(self) -> bool:
        return self._count > 1

    def _show(self) -> None:
        if (photograph := self._document.photograph) is not None:
            if self._document.opening is None:
                self._forget_wish(photograph)
            found = self._document.shown.segmentation
            unfamiliar = found is not None and found.out_of_depth
            self.line.show_about(photograph.about, self._frame, f"this photograph {UNFAMILIAR}." if unfamiliar else "")

    def _forget_wish(self, photograph: SkinImage) -> None:
        """A frame that cannot be opened, or was stopped, is not to be opened again by itself."""
        if photograph.frame is None:
            self._frames.pop(photograph.path, None)
        elif photograph.path in self._frames:
            self._frames[photograph.path] = photograph.frame
