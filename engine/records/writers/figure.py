"""A figure for a page of a paper: photograph with border, and the maps, at print resolution."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from engine.photograph.resize import resize_rgb
from engine.reading.contours import contours
from engine.reading.regions import HIGH, LOW
from engine.reading.scale import mm_per_px
from engine.records.render import (
    AMBIGUITY_MAP,
    AMBIGUITY_RANGE,
    CONSISTENCY_MAP,
    CONSISTENCY_RANGE,
    CONTOUR,
    CONTOUR_EDGE,
)
from engine.records.writer import Writer
from engine.results import working_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.arrays import Floats
    from engine.records.record import Record

DPI = 300
INCH = 25.4  # mm
WIDTH = 180.0  # mm: two columns of most journals
FOOT = 9.0  # mm below the panels, for the line that says where the figure comes from
GAP, BAR = 2.0, 14.0  # mm between panels, and beside a map for the bar of its colours
SIDE = 1100  # pixels of the photograph's longest side in print: what 300 dpi show of half the width
TEXT = 7  # points
BORDER, EDGE = (f"#{bytes(colour).hex()}" for colour in (CONTOUR, CONTOUR_EDGE))
SCALES = tuple(digit * 10.0**power for power in range(-2, 3) for digit in (1, 2, 5))  # mm that a scale bar may have
RUNNING = {"font.family": "DejaVu Sans", "font.size": TEXT, "axes.linewidth": 0.4}


class Figure(Writer):
    """Four panels, three where nothing softens the votes: border and doubt, consistency, ambiguity, probability.

    180 mm wide, 300 dots an inch. The photograph is named nowhere, so that a figure can be printed.
    """

    name, title = "figure", "Figure for print (PNG, 300 dpi)"
    about = "Border and maps side by side, 180 mm wide, for a paper or a slide."
    needs_photograph = True
    leftovers = ("figure.png",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        from matplotlib import rc_context  # here, because its import takes half a second

        with rc_context(RUNNING):
            yield "figure.png", _drawn(record)


def _drawn(record: Record) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    found = record.found
    maps: list[tuple[str, Floats, str, tuple[float, float]]] = [
        ("Consistency", found.consensus.consistency, CONSISTENCY_MAP, CONSISTENCY_RANGE),
        ("Ambiguity", found.consensus.ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE),
    ]
    if found.probability is not None:
        maps.append(("Calibrated probability", found.probability, CONSISTENCY_MAP, CONSISTENCY_RANGE))
    width = (WIDTH - GAP - 2 * BAR) / 2
    height = width * found.image.height / found.image.width
    row = height + 3 * GAP
    total = 2 * row + FOOT
    sheet = Sheet(figsize=(WIDTH / INCH, total / INCH), dpi=DPI)
    for n in range(len(maps) + 1):
        left, top = (n % 2) * (width + BAR + GAP), (n // 2) * row
        place = (left / WIDTH, 1 - (top + row) / total, width / WIDTH, height / total)
        axes = sheet.add_axes(place)
        title = "Border" if n == 0 else maps[n - 1][0]
        axes.set_title(f"{'abcd'[n]}   {title}", loc="left", fontsize=TEXT + 1, pad=3)
        axes.set_axis_off()
        if n == 0:
            _photograph(axes, record)
        else:
            bar = sheet.add_axes(((left + width + 1) / WIDTH, place[1], 2.5 / WIDTH, place[3]))
            _map(axes, bar, *maps[n - 1][1:], record)
            if title != "Ambiguity":  # which the line would cover
                _lines(axes, record.border, "white", 0.6)
    sheet.text(0, 1.5 / total, _caption(record), fontsize=TEXT - 1, color="#444444", va="bottom")
    buffer = io.BytesIO()
    FigureCanvasAgg(sheet).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _photograph(axes: Any, record: Record) -> None:
    """The photograph with its border, the band where 10 to 90 % of the timesteps vote for lesion, and a scale bar."""
    image, found = record.found.image, record.found
    whole = (0, image.width, image.height, 0)
    pixels = resize_rgb(image.pixels, *working_size(image.width, image.height, SIDE))
    axes.imshow(pixels, extent=whole, interpolation="none")
    for share in (LOW, HIGH):
        curves = contours(found.evidence.agreement(share), found.consensus.delta, image.width, image.height)
        _lines(axes, curves, "white", 0.4)
    _lines(axes, record.border, EDGE, 1.6)
    _lines(axes, record.border, BORDER, 0.8)
    axes.set(xlim=whole[:2], ylim=whole[2:])
    if (scale := mm_per_px(image, record.reading)) is not None:
        _scale_bar(axes, image.width, image.height, scale)


def _lines(axes: Any, curves: list[Any], colour: str, points: float) -> None:
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(curves, colors=colour, linewidths=points, joinstyle="round"), autolim=False)


def _scale_bar(axes: Any, width: int, height: int, mm_per_px: float) -> None:
    """A bar of a round length, about a fifth of the width, in the lower right corner."""
    length = min(SCALES, key=lambda mm: abs(math.log(mm / (width * mm_per_px / 5))))
    right, y = 0.96 * width, 0.95 * height
    ends = (right - length / mm_per_px, right)
    for colour, points in ((EDGE, 2.6), ("white", 1.4)):
        axes.plot(ends, (y, y), color=colour, linewidth=points, solid_capstyle="butt")
    box = {"facecolor": EDGE, "alpha": 0.6, "edgecolor": "none", "pad": 1}
    text = f"{length:g} mm"
    axes.text(sum(ends) / 2, y - 0.02 * height, text, color="white", ha="center", va="bottom", bbox=box)


def _map(axes: Any, bar: Any, values: Floats, name: str, limits: tuple[float, float], record: Record) -> None:
    """A map in colour, and the bar of its colours."""
    image = record.found.image
    extent = (0, image.width, image.height, 0)
    shown = axes.imshow(values, extent=extent, cmap=name, vmin=limits[0], vmax=limits[1], interpolation="none")
    axes.set(xlim=extent[:2], ylim=extent[2:])
    colours = axes.figure.colorbar(shown, cax=bar)
    colours.outline.set_linewidth(0.4)
    bar.tick_params(width=0.4, length=2, pad=1.5)


def _caption(record: Record) -> str:
    made, said = record.provenance, record.said
    corrected = (", with scribbles" if made["scribbles"] else "") + (", corrected by hand" if made["corrected"] else "")
    steps = made["timesteps"]
    return (
        f"DiffSeg {made['version']}, model {made['model']} ({made['model_sha256'][:8]}), {len(steps)} timesteps"
        f" {steps[0]} to {steps[-1]}, delta {made['delta']:g}, GED {said['ged']:.3f}{corrected}. {made['notice']}"
    )


WRITER = Figure()
