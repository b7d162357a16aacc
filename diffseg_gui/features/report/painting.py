"""A report's pages drawn by Qt, on the screen and on a printer alike."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPageSize, QPainter, QPen

from engine.records.report import Picture, Words, font_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtPrintSupport import QPrinter

    from engine.records.report import Report
    from engine.records.report.page import Item

MM = 25.4 / 72  # of a point
PIXELS = 100  # size in which letters are asked for; the painter scales them, since sizes are whole numbers there
THIN = 0.2  # mm


def paint(page: Sequence[Item], painter: QPainter, scale: float) -> None:
    """Draw a page from the painter's origin. scale: the device's units in a mm."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(scale, scale)
    for item in page:
        if isinstance(item, Words):
            _write(item, painter)
        elif isinstance(item, Picture):
            painter.drawImage(QRectF(item.x, item.y, item.width, item.height), _image(item, scale))
        else:
            painter.setPen(QPen(QColor.fromRgb(item.grey, item.grey, item.grey), THIN))
            painter.drawLine(QPointF(item.x, item.y), QPointF(item.x + item.width, item.y))
    painter.restore()


def picture_of(report: Report, number: int, width: int) -> QImage:
    """A page in pixels, on white paper. width: of the picture."""
    scale = width / report.width
    image = QImage(width, round(report.height * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(report.pages[number], painter, scale)
    painter.end()
    return image


def paper(report: Report) -> QPageSize:
    """The paper that its pages are made for."""
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    is_a4 = round(report.width) == round(a4.size(QPageSize.Unit.Millimeter).width())
    return a4 if is_a4 else QPageSize(QPageSize.PageSizeId.Letter)


def print_on(printer: QPrinter, report: Report) -> bool:
    """Print all pages, made smaller where the paper is; whether the printer took them."""
    printer.setFullPage(True)  # the pages have margins of their own
    sheet = printer.paperRect(printer.Unit.Millimeter)
    fit = min(1.0, sheet.width() / report.width, sheet.height() / report.height)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    taken = True
    for number, page in enumerate(report.pages):
        taken = taken and (number == 0 or printer.newPage())
        paint(page, painter, fit * printer.resolution() / 25.4)
    return painter.end() and taken


def _image(picture: Picture, scale: float) -> QImage:
    """The picture, with no more pixels than are to be seen: what a painter leaves out makes fine lines ragged."""
    image, width = QImage.fromData(picture.data), round(picture.width * scale)
    return image if image.width() <= width else image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)


def _write(words: Words, painter: QPainter) -> None:
    scale = words.size * MM / PIXELS
    painter.save()
    painter.translate(words.x, words.y)
    painter.scale(scale, scale)
    painter.setFont(_font(words.bold))
    painter.setPen(QColor.fromRgb(words.grey, words.grey, words.grey))
    painter.drawText(QPointF(0, 0), words.text)
    painter.restore()


@cache
def _font(bold: bool) -> QFont:
    """The very letters of the file that is saved; what they lack shows as a box there, and here."""
    number = QFontDatabase.addApplicationFont(str(font_files()[bold]))
    font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
    font.setPixelSize(PIXELS)
    font.setBold(bold)
    font.setKerning(False)
    for joined in ("liga", "clig"):  # "fi" as one sign would be narrower than what the line was measured with
        font.setFeature(QFont.Tag(joined), 0)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    return font
