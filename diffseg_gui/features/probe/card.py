"""The probe's card: a pixel's place and colour, one bar a timestep against delta, and what the masks say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from diffseg_gui.look import theme

if TYPE_CHECKING:
    from diffseg_gui.features.probe.spot import Spot, Votes

WIDTH, PAD, LINE, STRIP = 276, 10, 17, 46  # pixels
GAP = 2.0  # between bars
LEFT, RIGHT = (
    side | Qt.AlignmentFlag.AlignVCenter for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)
HIDDEN = "Hidden until you reveal the result"
NOTHING = "No votes for these settings yet"


class ProbeCard(QWidget):
    """Painted, not laid out, since it changes with every move of the mouse; the mouse passes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.spot: Spot | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the photograph below need not be painted again
        font = self.font()
        font.setFeature(QFont.Tag("tnum"), 1)  # figures that do not jump
        self.setFont(font)
        self.hide()

    def show_spot(self, spot: Spot | None) -> None:
        """Show another pixel; None: hide."""
        if spot is not None and spot != self.spot:
            lines = 1 + (spot.mm is not None) + (5 if spot.votes else 1)
            self.setFixedSize(WIDTH, 2 * PAD + lines * LINE + (STRIP + 4 if spot.votes else 0))
            self.setAccessibleName(in_words(spot))
            self.update()
        self.spot = spot
        self.setVisible(spot is not None)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw line after line."""
        spot, colours = self.spot, theme.colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.panel)
        painter.setPen(colours.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if spot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRect(PAD, PAD, WIDTH - 2 * PAD, LINE)
        painter.setBrush(QColor(*spot.colour))
        painter.drawRoundedRect(QRectF(line.x() + 0.5, line.y() + 1.5, 22, LINE - 4), 3, 3)
        painter.setPen(colours.text)
        painter.drawText(line.adjusted(30, 0, 0, 0), LEFT, "RGB  {} {} {}".format(*spot.colour))
        painter.drawText(line, RIGHT, f"x {spot.x}  y {spot.y}")
        line.translate(0, LINE)
        if spot.mm is not None:
            painter.setPen(colours.muted)
            painter.drawText(line, RIGHT, "{:.2f} mm, {:.2f} mm".format(*spot.mm))
            line.translate(0, LINE)
        if spot.votes is None:
            painter.setPen(colours.muted)
            painter.drawText(line, LEFT, HIDDEN if spot.blind else NOTHING)
            return
        strip = QRectF(line.x(), line.y() + 4, line.width(), STRIP)
        _draw_strip(painter, strip, spot.votes)
        line.translate(0, STRIP + 4)
        self._draw_figures(painter, line, spot, spot.votes)

    def _draw_figures(self, painter: QPainter, line: QRect, spot: Spot, votes: Votes) -> None:
        """The ends of the strip, its figures, and the three masks."""
        colours = theme.colours()
        painter.setPen(colours.muted)
        painter.drawText(line, LEFT, f"t = {votes.timesteps[0]}")
        if len(votes.timesteps) > 1:
            painter.drawText(line, RIGHT, f"{votes.timesteps[-1]}")
        painter.setPen(colours.text)
        for text in _figures(votes):
            line.translate(0, LINE)
            painter.drawText(line, LEFT, text)
        third = line.width() // 3
        for number, (name, lesion) in enumerate(_masks(spot)):
            cell = QRect(line.x() + number * third, line.y() + LINE, third, LINE)
            painter.setPen(colours.muted)
            painter.drawText(cell, LEFT, name)
            cell.translate(0, LINE)
            painter.setPen(QPen(colours.accent if lesion else colours.muted, 1.4))
            painter.setBrush(colours.accent if lesion else Qt.BrushStyle.NoBrush)
            if lesion is not None:
                painter.drawEllipse(QPointF(cell.x() + 4.5, cell.center().y() + 1), 3.5, 3.5)
            painter.setPen(colours.text)
            painter.drawText(cell.adjusted(13 if lesion is not None else 0, 0, 0, 0), LEFT, _word(lesion))


def in_words(spot: Spot) -> str:
    """The card for those who cannot see it."""
    said = [f"Pixel {spot.x}, {spot.y}", "RGB {} {} {}".format(*spot.colour)]
    if spot.votes is None:
        return ". ".join([*said, HIDDEN if spot.blind else NOTHING])
    return ". ".join([*said, *_figures(spot.votes), *(f"{name}: {_word(lesion)}" for name, lesion in _masks(spot))])


def _figures(votes: Votes) -> tuple[str, str]:
    side = ">" if votes.difference > votes.delta else "≤"
    return (
        f"votes {sum(votes.votes)} of {len(votes.votes)}   mean {votes.mean:.2f}   variance {votes.variance:.2f}",
        f"mean difference {votes.difference:.3f}  {side}  delta {votes.delta:.3f}",
    )


def _masks(spot: Spot) -> tuple[tuple[str, bool | None], ...]:
    return ("before CRF", spot.before), ("after CRF", spot.after), ("corrected", spot.corrected)


def _word(lesion: bool | None) -> str:
    return "–" if lesion is None else "lesion" if lesion else "skin"


def _draw_strip(painter: QPainter, place: QRectF, votes: Votes) -> None:
    """One bar a timestep, as high as its difference: filled where that is a vote, above the line that is delta."""
    colours = theme.colours()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.raised)
    painter.drawRect(place)
    top = 1.08 * max(2 * votes.delta, *votes.differences)
    width = place.width() / len(votes.timesteps)
    for number, (difference, vote) in enumerate(zip(votes.differences, votes.votes, strict=True)):
        height = max(1.5, place.height() * difference / top)
        bar = QRectF(place.x() + number * width + GAP, place.bottom() - height, max(1.0, width - 2 * GAP), height)
        painter.setPen(QPen(colours.accent if vote else colours.muted, 1))
        painter.setBrush(colours.accent if vote else Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
    level = place.bottom() - place.height() * votes.delta / top
    painter.setPen(QPen(colours.text, 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(place.left(), level), QPointF(place.right(), level))
