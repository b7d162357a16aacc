"""What the stage shows before the first photograph, and while files are dragged over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look import theme
from diffseg_gui.look.named import named
from engine.host.resources import samples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QPaintEvent, QResizeEvent

WIDTH = 440  # pixels at most
LINE = 26  # pixels of a line of recent files
COLUMNS = 2


class Recent(QWidget):
    """Files that were opened lately, in two columns. Those that a low window has no room for are left out."""

    chosen = Signal(object)  # its path
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = named(QLabel("Recently opened", self), "muted")
        self._clear = named(QPushButton("Clear", self), "link", "Forget the files that were opened")
        self._clear.clicked.connect(self.cleared)
        self.files: dict[Path, QPushButton] = {}
        self.hide()

    def show_files(self, paths: Sequence[Path]) -> None:
        """Offer these, newest first; with none it takes no room."""
        for button in self.files.values():
            button.hide()
            button.deleteLater()
        self.files = {path: self._button(path) for path in paths}
        self.setVisible(bool(paths))
        self.updateGeometry()
        self._lay()

    def sizeHint(self) -> QSize:
        """Room for all of them."""
        return QSize(WIDTH - 48, LINE * (1 + -(-len(self.files) // COLUMNS)))

    def minimumSizeHint(self) -> QSize:
        """A low window keeps its room for the rest."""
        return QSize(200, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is other room."""
        super().resizeEvent(event)
        self._lay()

    def _button(self, path: Path) -> QPushButton:
        button = named(QPushButton("", self), "recent", str(path))
        button.setAccessibleName(f"Open {path.name} again")
        button.clicked.connect(lambda: self.chosen.emit(path))
        return button

    def _lay(self) -> None:
        wide, room = self.width() // COLUMNS, self.height() // LINE
        clear = self._clear.sizeHint().width()
        self._title.setGeometry(0, 0, self.width() - clear, LINE)
        self._clear.setGeometry(self.width() - clear, 0, clear, LINE)
        for part in (self._title, self._clear):
            part.setVisible(room > 1)
        for place, (path, button) in enumerate(self.files.items()):
            row, column = divmod(place, COLUMNS)
            button.setGeometry(column * wide, (row + 1) * LINE, wide - 4, LINE - 2)
            button.setText(_in(button, path.name, wide - 24))
            button.setVisible(row + 1 < room)


class Welcome(QFrame):
    """Drop a photograph, open one, open one of the last again, or look at a sample."""

    openClicked = Signal()
    fileClicked = Signal(object)  # its path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.open = named(QPushButton("Open photographs…"), "primary")
        self.open.setToolTip("Choose one or several photographs (Ctrl+O)")
        self.open.clicked.connect(self.openClicked)
        self.recent = Recent()
        self.recent.chosen.connect(self.fileClicked)
        self.samples = {path: QPushButton(path.stem.capitalize()) for path in samples()}
        row = QHBoxLayout()
        for path, button in self.samples.items():
            button.setToolTip(f"Open the bundled synthetic photograph “{path.stem}”")
            button.clicked.connect(lambda _=False, path=path: self.fileClicked.emit(path))
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 14)  # a laptop's screen at 150 % has little room
        layout.setSpacing(7)
        centre = Qt.AlignmentFlag.AlignCenter
        layout.addWidget(named(QLabel("Drop dermoscopy photographs here", alignment=centre), "heading"))
        text = "The analysis starts by itself, and nothing leaves this computer."
        layout.addWidget(named(QLabel(text, alignment=centre), "muted"))
        layout.addWidget(self.open, 0, centre)
        layout.addWidget(self.recent)
        layout.addWidget(named(QLabel("or look at a sample", alignment=centre), "muted"))
        layout.addLayout(row)
        self.model = named(
            QLabel("", alignment=centre, wordWrap=True), "muted", "The model that analyses, and its licence"
        )
        layout.addWidget(self.model)
        self.setMaximumWidth(WIDTH)

    def show_model(self, said: str) -> None:
        """Which model will analyse, and under which licence: that may be narrower than the program's."""
        self.model.setText(said)


class DropTarget(QWidget):
    """Lies over the stage while files are dragged over the window, and says what happens when they are let go."""

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words = ""
        self.hide()

    def offer(self, paths: Sequence[Path]) -> None:
        """These are over the window."""
        self.words = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
        self.setGeometry(self._stage.rect())
        self.show()
        self.raise_()

    def paintEvent(self, _: QPaintEvent) -> None:
        """A dashed frame about words, over what can still be made out."""
        colours, inside = theme.colours(), self.rect().adjusted(14, 14, -14, -14)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.88)
        painter.fillRect(self.rect(), colours.background)
        painter.setOpacity(1.0)
        painter.setPen(QPen(colours.accent, 2.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(inside), 10, 10)
        font = QFont(painter.font())
        font.setPixelSize(20)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colours.text)
        middle = QRect(inside.x() + 20, inside.center().y() - 32, inside.width() - 40, 32)
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, "Drop to open")
        font.setPixelSize(13)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(colours.muted)
        name = painter.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, middle.width())
        painter.drawText(middle.translated(0, 32), Qt.AlignmentFlag.AlignCenter, name)


def _in(button: QPushButton, text: str, width: int) -> str:
    """A text with its middle left out where it is too long; & is no letter that stands for a key."""
    return button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width).replace("&", "&&")
