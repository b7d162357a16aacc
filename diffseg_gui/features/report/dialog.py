"""The report's pages as they will be printed, with what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui.features.report.painting import picture_of
from diffseg_gui.look import theme
from diffseg_gui.look.named import named
from engine.records.report import Words

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from engine.records.report import Report

WIDTH, HEIGHT, AROUND = 860, 1000, 40  # pixels; what is left of the window about it
BETWEEN = 14  # pixels between pages
PREPARING = "The pages are being prepared…"


class PageView(QWidget):
    """One page on white paper, as wide as there is room."""

    def __init__(self, report: Report, number: int) -> None:
        super().__init__()
        self._report, self._number = report, number
        self._drawn = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Page {number + 1} of {len(report.pages)}")
        said = (item.text for item in report.pages[number] if isinstance(item, Words))
        self.setAccessibleDescription(" ".join(said))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the paper's proportions want it."""
        super().resizeEvent(event)
        self.setFixedHeight(round(self.width() * self._report.height / self._report.width))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Show the page, drawn anew where its size is another."""
        ratio = self.devicePixelRatioF()
        width = round(self.width() * ratio)
        if self._drawn.width() != width:
            self._drawn = picture_of(self._report, self._number, width)
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._drawn)
        painter.setPen(theme.colours().line)  # on a light ground white paper would have no edge
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class ReportDialog(QDialog):
    """Pages to scroll through; Print, Save, Close. What became of it is said at its foot."""

    printClicked = Signal()
    saveClicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.area = named(QScrollArea(widgetResizable=True), "framed")
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName("Pages of the report")
        self.area.setWidget(QLabel(PREPARING, alignment=Qt.AlignmentFlag.AlignCenter))
        self.said = named(QLabel("", wordWrap=True, textFormat=Qt.TextFormat.PlainText), "muted")
        self.print, self.save = QPushButton("&Print…"), named(QPushButton("&Save as PDF…"), "primary")
        close = QPushButton("Close")
        close.clicked.connect(self.reject)
        self.print.clicked.connect(self.printClicked)
        self.save.clicked.connect(self.saveClicked)
        layout, row = QVBoxLayout(self), QHBoxLayout()
        layout.setContentsMargins(14, 14, 14, 12)
        layout.setSpacing(10)
        row.addWidget(self.said, 1)
        for button in (close, self.print, self.save):
            button.setMinimumWidth(96)
            button.setAutoDefault(False)
            row.addWidget(button)
        layout.addWidget(self.area, 1)
        layout.addLayout(row)
        self._allow(False)
        room = parent.window().size()
        self.resize(min(WIDTH, room.width() - AROUND), min(HEIGHT, room.height() - AROUND))

    def show_pages(self, report: Report) -> None:
        """The pages are there."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        column.setSpacing(BETWEEN)
        for number in range(len(report.pages)):
            column.addWidget(PageView(report, number))
        column.addStretch(1)
        self.area.setWidget(inner)
        self._allow(True)
        self.area.setFocus()

    def say(self, sentence: str, wrong: bool = False) -> None:
        """Say what became of it."""
        named(self.said, "warning" if wrong else "muted")
        self.said.style().polish(self.said)
        self.said.setText(sentence)

    def _allow(self, on: bool) -> None:
        for button in (self.print, self.save):
            button.setEnabled(on)
