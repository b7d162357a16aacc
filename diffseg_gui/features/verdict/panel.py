"""Three buttons for the verdict, and a field for the note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QSizePolicy

from diffseg_gui.feature import keys_of
from diffseg_gui.look.card import Card
from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import checkable, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFocusEvent

    from diffseg_gui.feature import Command

QUESTION = "Can the border of this photograph be used?"
PLACEHOLDER = "Your note on this photograph. It is saved and exported with the result."
EDITING = (  # keys that edit text; the window has shortcuts of its own on some of them
    QKeySequence.StandardKey.DeleteStartOfWord,
    QKeySequence.StandardKey.DeleteEndOfWord,
    QKeySequence.StandardKey.DeleteEndOfLine,
    QKeySequence.StandardKey.DeleteCompleteLine,
)


class NoteBox(QPlainTextEdit):
    """A field of several lines. Keys that edit text are its own, Escape leaves it, and Tab leads on."""

    typed = Signal(str)
    began = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName("Note on this photograph")
        self.setToolTip("Your own words on this photograph (Shift+F6); Esc leaves the field")
        self.setAcceptDrops(False)  # it would take a file's name as text
        self.viewport().setAcceptDrops(False)
        self.textChanged.connect(lambda: self.typed.emit(self.toPlainText()))

    def show_text(self, text: str) -> None:
        """Replace the text, unless it is there already; what was typed can then not be taken back in the field."""
        if text != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(text)

    def event(self, event: QEvent) -> bool:
        """Claim the keys that edit text, and Escape, before the window's shortcuts get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def write(self) -> None:
        """Take the keys, and go on where the text ends."""
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the field."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing may begin."""
        self.began.emit()
        super().focusInEvent(event)


def _is_own(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Escape or any(event.matches(key) for key in EDITING)


class VerdictPanel(Card):
    """Shows the verdict and the note; ``buttons`` stand for commands."""

    def __init__(self, verdicts: Iterable[Command]) -> None:
        """verdicts: the command of each, in their order."""
        super().__init__("Verdict")
        self.outer.setContentsMargins(11, 4, 11, 10)
        self.body.addWidget(named(QLabel(QUESTION, wordWrap=True), "muted"))
        self.buttons: dict[str, QPushButton] = {}
        line = QHBoxLayout()
        line.setSpacing(6)
        for command in verdicts:
            button = checkable(QPushButton(icon(command.icon), command.text.replace("&", "")))
            button.setAccessibleName(f"{command.tip} ({keys_of(command)})")
            button.setIconSize(QSize(15, 15))
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            line.addWidget(button, 1)
            self.buttons[command.name] = button
        self.body.addLayout(line)
        self.note_box = NoteBox()
        self.note_box.setMinimumHeight(44)
        self.body.addSpacing(4)
        self.body.addWidget(self.note_box, 1)

    def sizeHint(self) -> QSize:
        """Room for a note of some lines."""
        return QSize(320, 170)
