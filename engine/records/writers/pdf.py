"""A report to file: one or two A4 pages with the border, the places of doubt, the measures, and what made them."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.method.consensus import ged_in_words
from engine.reading.regions import regions
from engine.reading.scale import scale_of
from engine.records.close_ups import ambiguity, before_correction, close_up, whole
from engine.records.text import plain
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

    from engine.records.record import Record

MARGIN, WIDTH = 15.0, 180.0  # mm
TALLEST = 110.0  # mm of a picture of the whole photograph
GREY, INK = 100, 25
NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)  # fpdf2 wants one; the same record gives the same bytes at any time
PLACES = 6  # that are shown enlarged
NAMES = {
    "area": "Area",
    "perimeter": "Perimeter",
    "largest_diameter": "Largest diameter",
    "smallest_diameter": "Smallest diameter",
    "asymmetry": "Asymmetry",
    "compactness": "Border irregularity",
}
CHOICES = {
    "accept": "accepted",
    "extend": "extended, to the 10 % line",
    "retract": "retracted, to the 90 % line",
    "undecidable": "undecidable",
}


class Pdf(Writer):
    """The report. It names the photograph's file, and nothing else of where it came from."""

    name, title = "pdf", "Report (PDF)"
    about = "One or two pages to print and to file: border, doubtful places, measures."
    needs_photograph = True
    leftovers = ("report.pdf",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        yield "report.pdf", _report(record)


def _report(record: Record) -> bytes:
    """The pages, as a PDF file. Sizes are in mm, those of letters in points."""
    page = _paper()
    image, said = record.found.image, record.said
    _line(page, "Border of a skin lesion", 16, bold=True)
    _line(page, f"{plain(image.path.name)}, {image.width} x {image.height} pixels. {said['notice']}", 9, GREY)
    top, ratio = page.get_y() + 2, image.height / image.width
    left = min(116.0, TALLEST / ratio)
    page.image(_jpeg(whole(record, 1400)), MARGIN, top, w=left)
    right = WIDTH - left - 4
    small = min(right, TALLEST / 2 / ratio)
    page.image(ambiguity(record), MARGIN + left + 4, top, w=small)
    page.set_xy(MARGIN + left + 4, top + small * ratio + 1)
    legend = "Above: where the outlines disagree, the brighter the more. Left: the border (blue), and the lines where "
    page.multi_cell(right, 4, f"{legend}10 and 90 % of them agree (white).", align="L")
    page.set_xy(MARGIN, max(top + left * ratio, page.get_y()) + 4)
    _line(page, "How sure the border is", 11, bold=True)
    _text(page, _in_words(record))
    _line(page, "Measures", 11, bold=True)
    _table(page, ("", "value", "range of all outlines"), _measures(record), (50, 50, 80))
    _places(page, record)
    if record.reading.layer is not None:
        _correction(page, record)
    _own_words(page, record.said.get("reading") or {})
    _line(page, "What made it", 11, bold=True)
    _text(page, _made_with(record))
    return bytes(page.output())


def _paper() -> Any:
    """An A4 page with a foot, in letters of most scripts, that does not say when it was made."""
    import matplotlib  # for its fonts; here, because few exports need them
    from fpdf import FPDF

    class Paper(FPDF):  # type: ignore[misc]
        """Pages with a foot."""

        def footer(self) -> None:
            """The line at the end of each page."""
            self.set_y(-12)
            self.set_font("DejaVu", size=7)
            self.set_text_color(GREY)
            self.cell(0, 4, f"Research use only. Not a medical device.   {self.page_no()}", align="R")

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # a letter that the font lacks shows as a box, and is no warning
    page = Paper(format="A4")
    page.set_creation_date(NO_DATE)
    page.set_title("Border of a skin lesion")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    page.add_font("DejaVu", fname=fonts / "DejaVuSans.ttf")
    page.add_font("DejaVu", "B", fname=fonts / "DejaVuSans-Bold.ttf")
    page.set_margins(MARGIN, MARGIN)
    page.c_margin = 0  # texts begin where pictures do
    page.set_auto_page_break(True, 16)
    page.add_page()
    _font(page, 8.5)
    return page


def _places(page: Any, record: Record) -> None:
    """The places where the timesteps disagree most, enlarged, each with what was decided."""
    image = record.found.image
    listed = regions(record.found.consensus, image.width, image.height)
    if not listed:
        return
    choices = {one["number"]: one.get("decision") for one in record.said["regions"]}
    side, gap = (WIDTH - 8) / 3, 4
    _room(page, side + 22)
    _line(page, "Places where the outlines disagree", 11, bold=True)
    for n, region in enumerate(listed[:PLACES]):
        if n % 3 == 0:
            _room(page, side + 14)
            top = page.get_y()
        left = MARGIN + (n % 3) * (side + gap)
        page.image(_jpeg(close_up(record, region.box, 500)), left, top, w=side)
        page.set_xy(left, top + side + 1)
        decided = CHOICES.get(choices[region.number] or "", "not reviewed")
        page.multi_cell(side, 4, f"{region.number}. {region.place}: {decided}", align="L")
        if n % 3 == 2 or n == len(listed[:PLACES]) - 1:
            page.set_xy(MARGIN, top + side + 11)
    if len(listed) > PLACES:
        _text(page, f"Not shown: {len(listed) - PLACES} more, where they disagree less.")


def _correction(page: Any, record: Record) -> None:
    """Before and after a person's correction, side by side."""
    ratio = record.found.image.height / record.found.image.width
    side = min((WIDTH - 4) / 2, TALLEST / ratio)
    height = side * ratio
    _room(page, height + 16)
    _line(page, "Corrected by hand", 11, bold=True)
    top = page.get_y()
    page.image(_jpeg(before_correction(record, 900)), MARGIN, top, w=side)
    page.image(_jpeg(whole(record, 900)), MARGIN + side + 4, top, w=side)
    page.set_xy(MARGIN, top + height + 1)
    made = record.said["reading"]
    _text(page, f"Left as the model found it, right as corrected: {made['added_px']:,} pixels added, "
                f"{made['removed_px']:,} removed.")  # fmt: skip


def _own_words(page: Any, reading: dict[str, Any]) -> None:
    """The verdict and the note of a person who gave them."""
    words = [plain(str(reading[name])) for name in ("verdict", "note") if reading.get(name)]
    if words:
        _line(page, "Verdict and note", 11, bold=True)
        _text(page, "\n".join(words))


def _in_words(record: Record) -> str:
    """How far the timesteps disagree, in sentences that need no formula."""
    said, found = record.said, record.found
    count, area = len(found.evidence.timesteps), said["measures"]["area"]
    words = ged_in_words(found.consensus)
    sentences = [f"The lesion was outlined {count} times, at {count} noise levels; {words} (GED {said['ged']:.3f})."]
    if area["low"] > 0:
        ratio = area["high"] / area["low"]
        sentences.append(f"The area of the largest outline is {ratio:.2f} times that of the smallest.")
    decided = sum("decision" in region for region in said["regions"])
    places = len(said["regions"])
    if places:
        where = f"at {places} {'place' if places == 1 else 'places'}, the widest: {said['regions'][0]['place']}"
        sentences.append(f"They disagree {where}; a person reviewed {decided} of {places}.")
    return " ".join(sentences)


def _measures(record: Record) -> list[tuple[str, str, str]]:
    rows = []
    for name, measure in record.said["measures"].items():
        unit = f" {measure['unit']}" if measure["unit"] else ""
        value, low, high = (_number(measure[key], measure["unit"]) for key in ("value", "low", "high"))
        rows.append((NAMES[name], f"{value}{unit}", f"{low} to {high}{unit}"))
    return rows


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f}" if unit.startswith("px") else f"{value:.1f}" if unit else f"{value:.2f}"


def _made_with(record: Record) -> str:
    made, said, recipe = record.provenance, record.said, record.found.recipe
    scale = scale_of(record.found.image, record.reading)
    size = (
        "no ruler was laid, so lengths are in pixels"
        if scale is None
        else f"one pixel is {scale.mm_per_px:.4g} mm by the {plain(scale.source)}"
    )
    refined = "refined by DenseCRF" if said["refined"] else "not refined"
    return (
        f"DiffSeg {made['version']}, model {plain(made['model'])} ({made['model_sha256'][:16]}), on {said['device']}"
        f" ({said['device_detail']['precision']}). Timesteps {', '.join(map(str, made['timesteps']))}; delta"
        f" {made['delta']:g}; seed {recipe.noise.seed}; {refined}; {size}. Photograph's SHA-256:"
        f" {made['photograph_sha256']}. The file result.json holds all settings; run again they give the same mask."
    )


def _table(page: Any, heading: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    page.set_draw_color(200)
    for n, row in enumerate((heading, *rows)):
        _font(page, 8.5, GREY if n == 0 else INK)
        for width, text in zip(widths, row, strict=True):
            page.cell(width, 5.5, text, border="B")
        page.ln()
    _font(page, 8.5)
    page.ln(3)


def _line(page: Any, text: str, size: float, colour: int = INK, bold: bool = False) -> None:
    if page.will_page_break(size):
        page.add_page()
    _font(page, size, colour, bold)
    page.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
    page.ln(1)
    _font(page, 8.5)


def _text(page: Any, text: str) -> None:
    page.multi_cell(0, 4.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
    page.ln(3)


def _font(page: Any, size: float, colour: int = INK, bold: bool = False) -> None:
    page.set_font("DejaVu", "B" if bold else "", size)
    page.set_text_color(colour)


def _room(page: Any, height: float) -> None:
    """A new page where this many mm do not fit any more."""
    if page.will_page_break(height):
        page.add_page()


def _jpeg(picture: Image) -> io.BytesIO:
    """A picture as a JPEG file, which a page takes as it is."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer


WRITER = Pdf()
