"""The photographs of the strip as Qt's views want them, and how one is drawn: picture, name, and its state in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from diffseg_gui.look import theme
from diffseg_gui.look.icons import icon
from engine.photograph.files import stem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QColor, QPixmap

    from diffseg_gui.features.series.states import State

PICTURE = QSize(88, 46)
TALL = QSize(104, 88)  # a photograph's place, with a picture and without
LOW = QSize(104, 38)
LINE = 15  # pixels of a line of words
ICON = 12

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Cells(QAbstractListModel):
    """Photographs by their place in the series; thousands cost no more than those that are drawn."""

    def __init__(self, state: Callable[[Path], State], picture: Callable[[Path], QPixmap | None]) -> None:
        """state, picture: of a photograph; asked when it is drawn."""
        super().__init__()
        self.state, self.picture = state, picture
        self.files: tuple[Path, ...] = ()
        self.current: Path | None = None
        self.size = TALL
        self._places: dict[Path, int] = {}

    @property
    def place(self) -> int | None:
        """Of the present photograph, from 0; None where it is not among them."""
        return None if self.current is None else self._places.get(self.current)

    def show_files(self, files: Sequence[Path], current: Path | None) -> bool:
        """Have these; returns whether they, or the present one, are others than before."""
        anew = current != self.current
        self.current = current
        if tuple(files) != self.files:
            self.beginResetModel()
            self.files = tuple(files)
            self._places = {path: place for place, path in enumerate(self.files)}
            self.endResetModel()
            return True
        self.draw_anew()
        return anew

    def set_size(self, size: QSize) -> None:
        """Give each photograph another size."""
        self.size = size
        self.layoutChanged.emit()

    def draw_anew(self) -> None:
        """States or pictures are others."""
        if self.files:
            self.dataChanged.emit(self.index(0), self.index(len(self.files) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many photographs there are."""
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for those who cannot see the picture; the file's whole name as a tooltip."""
        path = self.files[index.row()]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            here = ", open" if path == self.current else ""
            return f"{path.name}, {self.state(path).word}, {index.row() + 1} of {len(self.files)}{here}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{path.name}: {self.state(path).word}"
        return self.size if role == Qt.ItemDataRole.SizeHintRole else None


class Rows(QStyledItemDelegate):
    """Draws a photograph of the strip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw it in the colours of the theme."""
        cells = index.model()
        assert isinstance(cells, Cells)
        path, place, colours = cells.files[index.row()], QRect(option.rect).adjusted(2, 1, -2, -1), theme.colours()
        present = path == cells.current
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        _draw_frame(painter, place, present, option.state)
        if cells.size == TALL:
            _draw_picture(painter, QRect(place.x() + 6, place.y() + 6, *PICTURE.toTuple()), cells.picture(path))
        words = QRect(place.x() + 6, place.bottom() - 2 * LINE - 2, place.width() - 12, LINE)
        _write(painter, words, stem_of(path), colours.text)
        state = cells.state(path)
        words.translate(0, LINE)
        icon(state.icon).paint(painter, words.x(), words.y() + 2, ICON, ICON)
        colour = colours.warning if state.calls else colours.muted
        _write(painter, words.adjusted(ICON + 4, 0, 0, 0), state.word, colour)
        painter.restore()


def _draw_frame(painter: QPainter, place: QRect, present: bool, state: QStyle.StateFlag) -> None:
    """Around the present photograph, and around the one that the mouse or the keys point at."""
    colours = theme.colours()
    pointed = state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus)
    if not present and not pointed:
        return
    painter.setPen(colours.accent if present or state & QStyle.StateFlag.State_HasFocus else colours.line)
    painter.setBrush(colours.tint if present else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, 5, 5)


def _draw_picture(painter: QPainter, place: QRect, picture: QPixmap | None) -> None:
    """In its own proportions; an empty frame until it is there, or where there is none."""
    if picture is None or picture.isNull():
        painter.fillRect(place, theme.colours().canvas)
        return
    size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    middle = QRect(place.topLeft(), size)
    middle.moveCenter(place.center())
    painter.drawPixmap(middle, picture)


def _write(painter: QPainter, place: QRect, words: str, colour: QColor) -> None:
    """Words in one line; the end of a long name tells more than its middle."""
    painter.setPen(colour)
    text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
