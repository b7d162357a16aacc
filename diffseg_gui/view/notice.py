"""What the stage says in words: how to begin, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look.named import named
from engine.host.resources import samples

PLACED = (QEvent.Type.Show, QEvent.Type.Move, QEvent.Type.Resize)


class Welcome(QFrame):
    """Before the first image: drop one, open one, or look at a sample."""

    openClicked = Signal()
    sampleClicked = Signal(object)  # its path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.open = named(QPushButton("Open a photograph…"), "primary")
        self.open.setToolTip("Choose a photograph (Ctrl+O)")
        self.open.clicked.connect(self.openClicked)
        self.samples = {path: QPushButton(path.stem.capitalize()) for path in samples()}
        row = QHBoxLayout()
        for path, button in self.samples.items():
            button.setToolTip(f"Open the bundled synthetic photograph “{path.stem}”")
            button.clicked.connect(lambda _=False, path=path: self.sampleClicked.emit(path))
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 14)  # a laptop's screen at 150 % has little room
        layout.setSpacing(7)
        centre = Qt.AlignmentFlag.AlignCenter
        layout.addWidget(named(QLabel("Drop a dermoscopy photograph here", alignment=centre), "heading"))
        text = "Its analysis starts by itself and stays on this computer."
        layout.addWidget(named(QLabel(text, alignment=centre), "muted"))
        layout.addWidget(self.open, 0, centre)
        layout.addWidget(named(QLabel("or look at a sample", alignment=centre), "muted"))
        layout.addLayout(row)
        self.setMaximumWidth(440)


class Banner(QFrame):
    """One sentence on what went wrong, until it is dismissed or the work goes on. It never takes the focus.

    It lies over the head of a view and moves nothing, as a low window has no room to give.
    """

    againClicked = Signal()
    openClicked = Signal()

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
