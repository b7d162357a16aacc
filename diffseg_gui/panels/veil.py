"""What a blind reading looks like: the strip above the photograph, and the veil over all that the model finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QAction

    from diffseg_gui.layout import Dock
    from diffseg_gui.window import MainWindow
    from engine.reading.reading import Blind

HIDDEN = "Hidden until you reveal"
DRAW = "<b>Reading blind.</b> Outline the lesion with the brush or the lasso; all that the model finds is hidden."
READY, UNDER_WAY, MISSING = "The result is ready.", "The analysis is under way.", "There is no result: F5 runs it."


class Strip(QFrame):
    """One line above the photograph: how to go on while reading blind, and what came of it afterwards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, objectName="banner")
        self.words = QLabel("", wordWrap=True)
        self.reveal = QPushButton("Reveal", objectName="primary")
        self.adopt = QPushButton("Use as the correction")
        self.adopt.setToolTip("Your blind outline becomes the final mask; Undo brings back what it was (Ctrl+Shift+O)")
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("End the blind reading and drop the outline (Ctrl+B)")
        self.dismiss = QPushButton("Hide", objectName="link")
        self.dismiss.setToolTip("Hide this line; the blind outline stays with the photograph")
        self.dismiss.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.words, 1)
        for button in (self.reveal, self.adopt, self.stop, self.dismiss):
            row.addWidget(button)
        self.hide()

    def show_reading(self, current: bool, busy: bool) -> None:
        """While the outline is drawn. current, busy: whether there is a result, or work on one."""
        self._say(f"{DRAW} {READY if current else UNDER_WAY if busy else MISSING}", True)

    def show_result(self, blind: Blind) -> None:
        """After the reveal."""
        edits = "1 edit" if blind.edits == 1 else f"{blind.edits} edits"
        self._say(
            f"<b>Your blind outline and the result:</b> Dice {blind.agreement.dice:.3f},"
            f" Jaccard {blind.agreement.jaccard:.3f}. Drawn in {duration(blind.seconds)} with {edits}.",
            False,
        )
        self.adopt.setVisible(blind.layer is not None)

    def _say(self, words: str, reading: bool) -> None:
        self.words.setText(words)
        self.adopt.hide()
        self.reveal.setVisible(reading)
        self.stop.setVisible(reading)
        self.dismiss.setVisible(not reading)
        self.show()


class Veil:
    """Covers all panels, locks actions, and takes what was found under the cursor out of the status bar."""

    def __init__(self, window: MainWindow, actions: Iterable[QAction]) -> None:
        self._window = window
        self._covers, self._lock = Covers(window.docks.all.values()), Lock(actions, window)
        window.statusBar().removeWidget(window.position)  # hidden alone, it would be back after the next message

    def lift(self) -> None:
        """Show everything again."""
        self._covers.lift()
        self._lock.release()
        self._window.statusBar().clearMessage()
        self._window.statusBar().insertWidget(0, self._window.position, 1)
        self._window.position.show()


class Covers:
    """Puts a sentence in place of every dock's content, and takes them all away again."""

    def __init__(self, docks: Iterable[Dock]) -> None:
        self._undo: list[tuple[QWidget, QWidget, QWidget]] = []
        for dock in docks:
            inside = dock.widget().layout()
            content, title = inside.itemAt(0).widget(), dock.titleBarWidget()
            cover = QLabel(HIDDEN, objectName="muted", alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
            content.hide()
            title.note.setVisible(False)  # a figure of the model's may stand there
            inside.addWidget(cover, 1)
            self._undo.append((content, title.note, cover))

    def lift(self) -> None:
        """Show what was covered."""
        for content, note, cover in self._undo:
            cover.setParent(None)
            cover.deleteLater()
            content.show()
            note.show()


class Lock(QObject):
    """Keeps actions disabled, whatever else is said of them meanwhile, and lets them go as they were last told."""

    def __init__(self, actions: Iterable[QAction], parent: QObject) -> None:
        super().__init__(parent)
        self._wished: dict[QAction, bool] = {}
        for action in actions:
            self._wished[action] = action.isEnabled()
            action.setEnabled(False)
            action.enabledChanged.connect(self._hold)

    def release(self) -> None:
        """Nothing is held any more."""
        for action, wished in self._wished.items():
            action.enabledChanged.disconnect(self._hold)
            action.setEnabled(wished)
        self.deleteLater()

    def _hold(self, enabled: bool) -> None:
        if enabled:
            action = self.sender()
            self._wished[action] = True
            action.setEnabled(False)


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
