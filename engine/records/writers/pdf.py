"""A report to file: one or two pages with the border, the places of doubt, the measures, and what made them."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.records.report import Picture, Report, Words, font_files, report
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record

NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)  # fpdf2 wants one; the same record gives the same bytes at any time
FONT = "DejaVu"
THIN = 0.2  # mm


class Pdf(Writer):
    """The report, in the record's language and on its paper."""

    name, title = "pdf", "Report (PDF)"
    about = "A few pages to print and to file: border, doubtful places, measures."
    needs_photograph = styled = True
    leftovers = ("report.pdf",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        yield "report.pdf", pdf(report(record))


def pdf(made: Report) -> bytes:
    """The pages as a PDF file, which does not say when it was made."""
    file = _empty(made)
    for page in made.pages:
        file.add_page()
        for item in page:
            if isinstance(item, Words):
                file.set_font(FONT, "B" if item.bold else "", item.size)
                file.set_text_color(item.grey)
                file.text(item.x, item.y, item.text)
            elif isinstance(item, Picture):
                file.image(io.BytesIO(item.data), item.x, item.y, item.width, item.height)
            else:
                file.set_draw_color(item.grey)
                file.line(item.x, item.y, item.x + item.width, item.y)
    return bytes(file.output())


def _empty(made: Report) -> Any:
    """A file without pages, with letters of most scripts."""
    from fpdf import FPDF  # here, because few exports need it

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # a letter that the font lacks shows as a box, and is no warning
    file = FPDF(format=(made.width, made.height))
    file.set_auto_page_break(False)
    file.set_creation_date(NO_DATE)
    file.set_title(made.title)
    file.set_line_width(THIN)
    for bold, path in font_files().items():
        file.add_font(FONT, "B" if bold else "", fname=path)
    return file


WRITER = Pdf()
