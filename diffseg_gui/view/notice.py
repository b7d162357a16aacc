"""What the stage says of something that went wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.log import is_unforeseen
from diffseg_gui.look.named import named

PLACED = (QEvent.Type.Show, QEvent.Type.Move, QEvent.Type.Resize)


class Banner(QFrame):
    """One sentence on what went wrong, until it is dismissed or the work goes on. It never takes the focus.

    It lies over the head of a view and moves nothing, as a low window has no room to give.
    """

    againClicked = Signal()
    openClicked = Signal()
    logClicked = Signal()
    diagnosticsClicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.sentence = QLabel("", wordWrap=True, textFormat=Qt.TextFormat.PlainText)  # whatever a file is called
        self.sentence.setMinimumWidth(20)  # nor must a long name widen the window
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again, self.other = QPushButton("Try again"), QPushButton("Open another…")
        self.dismiss = named(QPushButton("Dismiss"), "link")
        buttons = QHBoxLayout()
        for button, clicked in ((self.again, self.againClicked), (self.other, self.openClicked), (self.dismiss, None)):
            button.clicked.connect(self.hide)
            if clicked is not None:
                button.clicked.connect(clicked)
            buttons.addWidget(button)
        self.log, self.diagnostics = QPushButton("Open log folder"), QPushButton("Copy diagnostics")
        for place, (button, clicked) in enumerate(
            ((self.log, self.logClicked), (self.diagnostics, self.diagnosticsClicked))
        ):  # after either the sentence stays, as it may be needed still
            button.clicked.connect(clicked)
            buttons.insertWidget(place, button)
        buttons.addStretch()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 8, 12, 8)
        self._layout.addWidget(self.sentence)
        self._layout.addLayout(buttons)
        self.hide()

    def say(self, sentence: str, again: bool) -> None:
        """Show a sentence; again: whether opening or analysing has failed, and can be tried again.

        The one that stands there already is not painted anew, since it may tell of painting that fails.
        """
        if self.isVisible() and (sentence, again) == (self.sentence.text(), self.again.isVisibleTo(self)):
            return
        self.sentence.setText(sentence)
        for button in (self.again, self.other):
            button.setVisible(again)
        for button in (self.log, self.diagnostics):
            button.setVisible(is_unforeseen(sentence))
        self.setAccessibleName(sentence)
        self._fit()
        self.show()
        self.raise_()

    def lie_over(self, view: QWidget) -> None:
        """Lie over this sibling whenever it is the one that is shown."""
        view.installEventFilter(self)

    def eventFilter(self, view: QObject, event: QEvent) -> bool:
        """A view is shown, or has moved."""
        if event.type() in PLACED and isinstance(view, QWidget) and view.isVisible():
            self.move(view.pos())
            self.resize(view.width(), self.height())
            self._fit()
        return False

    def _fit(self) -> None:
        """As high as the sentence needs at this width."""
        self.resize(self.width(), self._layout.totalHeightForWidth(self.width()))
