"""The list of ambiguous regions with what was decided of each, and the buttons that decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from diffseg_gui.feature import keys_of
from diffseg_gui.look import overlay, theme
from diffseg_gui.look.card import Card
from diffseg_gui.look.icons import icon
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent

    from diffseg_gui.feature import Command

THUMB = 38  # pixels
ROW = THUMB + 6
NARROW = 330  # pixels
STATES = {  # a decision, or None: its icon and word
    None: ("undecided", "open"),
    "accept": ("accept", "accepted"),
    "extend": ("extend", "extended"),
    "retract": ("retract", "retracted"),
    "undecidable": ("undecidable", "undecidable"),
}


@dataclass(frozen=True, eq=False)
class Row:
    """A region as the list shows it. choice: one of STATES."""

    number: int
    place: str
    area: str
    picture: QPixmap
    choice: str | None = None

    @property
    def sentence(self) -> str:
        """The row for those who cannot see it."""
        return f"{self.number}, {self.place}, {self.area}, {STATES[self.choice][1]}"


class Rows(QStyledItemDelegate):
    """Draws a row: picture, number and place, area, and the decision as icon and word."""

    faded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As tall as its picture."""
        return QSize(200, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw it in the colours of the theme."""
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        colours, place = theme.colours(), QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, colours.tint if chosen else colours.raised)
        if chosen:
            painter.fillRect(place.x(), place.y(), 3, place.height(), colours.accent)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(colours.accent)
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        picture = QRect(place.x() + 9, place.y() + (ROW - THUMB) // 2, THUMB, THUMB)
        painter.setOpacity(overlay.FADED if self.faded else 1.0)
        painter.drawPixmap(picture, row.picture)
        painter.setOpacity(1.0)  # words have a colour that is faint and can be read
        strong, weak = (colours.faint, colours.faint) if self.faded else (colours.text, colours.muted)
        left, metrics = picture.right() + 11, painter.fontMetrics()
        name, word = STATES[row.choice]
        narrow = place.width() < NARROW  # then the decision stands beside the area
        wide = 0 if narrow else metrics.horizontalAdvance(max((w for _, w in STATES.values()), key=len))
        right = place.right() - 8 - wide
        text = QRect(left, place.y() + 4, right - 26 - left, metrics.height())
        font = painter.font()
        _write(painter, text, f"{row.number}  {row.place}", strong, bold=True)
        painter.setFont(font)
        said = f"{row.area}  ·  {word}" if narrow else row.area
        _write(painter, text.translated(0, metrics.height() + 2), said, weak)
        mode = QIcon.Mode.Disabled if self.faded else QIcon.Mode.Normal
        icon(name).paint(painter, right - 21, place.center().y() - 8, 16, 16, mode=mode)
        if not narrow:
            middle = QRect(right, place.y(), place.right() - right, ROW)
            _write(painter, middle, word, weak if row.choice is None else strong)
        painter.restore()


def _lost(decisions: int) -> str:
    if decisions == 1:
        return "One decision belongs to no region at these settings. It is kept, with what it changed."
    return f"{decisions} decisions belong to no region at these settings. They are kept, with what they changed."


def _write(painter: QPainter, place: QRect, text: str, colour: QColor, bold: bool = False) -> None:
    font = painter.font()
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class ReviewPanel(Card):
    """The regions by rank; it shows what it is told and says what was clicked. ``buttons`` stand for commands."""

    chosen = Signal(int)  # a region's number

    def __init__(self, decisions: Iterable[Command], rest: Command, others: Iterable[Command]) -> None:
        """decisions: the buttons below the list. rest: the one below them, for all at once. others: in the header."""
        super().__init__("Review")
        self.outer.setContentsMargins(6, 2, 6, 8)
        self.message = named(QLabel("", wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop), "muted")
        self.message.setContentsMargins(5, 2, 5, 2)
        self.lost = named(QLabel("", wordWrap=True), "muted")
        self.lost.setContentsMargins(5, 0, 5, 0)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Ambiguous regions")
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(2 * ROW)  # and as high as there is room: its rows scroll, not the cards about it
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._rows = Rows(self.list)
        self.list.setItemDelegate(self._rows)
        self.list.currentRowChanged.connect(lambda row: self.chosen.emit(row + 1) if row >= 0 else None)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(self.list.row(item) + 1))
        self.buttons: dict[str, QPushButton] = {}
        self._line = QGridLayout()
        self._line.setContentsMargins(3, 0, 3, 0)
        self._line.setSpacing(4)
        self._decisions = [self._button(command, command.text.replace("&", "")) for command in decisions]
        self._lay_decisions(1)
        for command in others:
            self.header.row.addWidget(self._button(command))
        self.body.addWidget(self.message)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.lost)
        self.body.addLayout(self._line)
        self.body.addLayout(self._line_of(rest))
        self.say("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The decisions stand beside each other, or in two rows where that is too wide."""
        super().resizeEvent(event)
        needed = sum(button.sizeHint().width() + self._line.spacing() for button in self._decisions)
        self._lay_decisions(1 if needed <= self.body.contentsRect().width() else 2)

    def _lay_decisions(self, rows: int) -> None:
        columns = len(self._decisions) // rows
        for number, button in enumerate(self._decisions):
            self._line.addWidget(button, number // columns, number % columns)

    def minimumSizeHint(self) -> QSize:
        """As narrow as two decisions beside each other."""
        hint = super().minimumSizeHint()
        widest = max(button.minimumSizeHint().width() for button in self._decisions)
        return QSize(min(hint.width(), 2 * widest + 24), hint.height())

    def _line_of(self, rest: Command) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(3, 0, 3, 0)
        line.addWidget(self._button(rest, rest.text.replace("&", "")))
        return line

    def _button(self, command: Command, text: str = "") -> QPushButton:
        button = named(QPushButton(icon(command.icon or command.name), text), "" if text else "close")
        button.setAccessibleName(f"{command.tip} ({keys_of(command)})")
        button.setIconSize(QSize(15, 15))
        if text:
            button.setStyleSheet("padding: 5px 3px;")  # four of them beside each other
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.buttons[command.name] = button
        return button

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the list."""
        self.show_rows(())
        self.message.setText(sentence)

    def show_rows(self, rows: Iterable[Row], lost: int = 0) -> None:
        """List these, the chosen one and the place in the list kept; lost: decisions that fit no region now."""
        rows = tuple(rows)
        with QSignalBlocker(self.list):
            while self.list.count() > len(rows):
                self.list.takeItem(self.list.count() - 1)
            for number, row in enumerate(rows):
                item = self.list.item(number) or QListWidgetItem(self.list)
                item.setText(row.sentence)
                item.setData(Qt.ItemDataRole.UserRole, row)
        self.message.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.lost.setText(_lost(lost) if lost else "")
        self.lost.setVisible(bool(lost))

    def mark(self, number: int | None) -> None:
        """Show which region is looked at."""
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(-1 if number is None else number - 1)
        if number is not None:
            self.list.scrollToItem(self.list.item(number - 1))

    def fade(self, faded: bool) -> None:
        """Show whether the list is out of date."""
        self._rows.faded = faded
        self.list.viewport().update()
