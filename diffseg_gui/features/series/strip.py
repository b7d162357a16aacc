"""The strip below the photograph: where one is in the series, and its photographs in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout

from diffseg_gui.features.series.cells import LOW, TALL, Cells, Rows
from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QPixmap, QResizeEvent, QShowEvent, QWheelEvent

    from diffseg_gui.features.series.states import State

SCROLL_BAR = 9  # pixels
SHORT = 700  # pixels; in a lower window the strip has no pictures, and the photograph gets their room


class Row(QListView):
    """Photographs side by side, of which those in view are drawn. A click, or Enter, chooses one."""

    chosen = Signal(object)  # its path
    moved = Signal()  # others may be in view

    def __init__(self, cells: Cells) -> None:
        super().__init__()
        self._cells = cells
        self.setModel(cells)
        self.setItemDelegate(Rows(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Photographs of the series")
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)
        self.horizontalScrollBar().valueChanged.connect(self.moved)

    def in_view(self) -> range:
        """The rows that can be seen, be it in part."""
        left, wide = self.horizontalScrollBar().value(), self._cells.size.width()
        first, last = left // wide, (left + self.viewport().width() - 1) // wide
        return range(first, min(last + 1, len(self._cells.files)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that turns up and down goes along the row."""
        turned = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.y() or turned.x()))
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Others may be in view; the present one stays so, whatever the arrangement."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), QListView.ScrollHint.PositionAtCenter)
        self.moved.emit()

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._cells.files[index.row()])


class Strip(QFrame):
    """Position, two buttons and the row. It shows what it is told; ``buttons`` stand for commands."""

    chosen = Signal(object)  # a path
    wanted = Signal(object)  # the paths in view

    def __init__(self, state: Callable[[Path], State], picture: Callable[[Path], QPixmap | None]) -> None:
        """state, picture: of a photograph, asked when it is painted."""
        super().__init__()
        self.cells = Cells(state, picture)
        self.row = Row(self.cells)
        self.row.chosen.connect(self.chosen)
        self.row.moved.connect(self._tell_view)
        self.position = QLabel("", alignment=Qt.AlignmentFlag.AlignCenter)
        self.buttons = {
            "previous_photograph": _arrow("previous", "The photograph before (Ctrl+PgUp)"),
            "next_photograph": _arrow("next", "The next photograph (Ctrl+PgDown)"),
        }
        arrows = QHBoxLayout()
        arrows.setSpacing(4)
        for button in self.buttons.values():
            arrows.addWidget(button)
        place = QVBoxLayout()
        place.setSpacing(4)
        place.addStretch()
        place.addWidget(self.position)
        place.addLayout(arrows)
        place.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(place)
        layout.addWidget(self.row, 1)
        self._set_low(False)
        self.hide()

    def show_files(self, files: Sequence[Path], current: Path | None, on: bool) -> None:
        """Show these photographs with the present one framed and in view; one alone takes no room. on: at all."""
        anew = self.cells.show_files(files, current)
        place = self.cells.place
        self.position.setText("" if place is None else f"{count(place + 1)} of {count(len(files))}")
        self.setVisible(on and len(files) > 1)
        if anew:
            self._show_present()
        self._tell_view()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the window's height counts."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._fit()
        self._show_present()

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """The window has another height."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _show_present(self) -> None:
        if (place := self.cells.place) is not None:
            index = self.cells.index(place)
            self.row.setCurrentIndex(index)
            self.row.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def _fit(self) -> None:
        self._set_low(self.window().height() < SHORT)

    def _set_low(self, low: bool) -> None:
        size = LOW if low else TALL
        if size != self.cells.size:
            self.cells.set_size(size)
        self.row.setFixedHeight(size.height() + SCROLL_BAR)

    def _tell_view(self) -> None:
        """A low strip shows no pictures, but the states, which are known once a file was looked at."""
        self.wanted.emit([self.cells.files[row] for row in self.row.in_view()] if self.isVisible() else [])


def _arrow(name: str, tip: str) -> QPushButton:
    button = named(QPushButton(icon(name), ""), "close", tip)
    button.setAccessibleName(tip)
    button.setIconSize(QSize(16, 16))
    return button
