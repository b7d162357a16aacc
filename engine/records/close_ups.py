"""Pictures for a report: the photograph, or a part of it, with the final border and the band of doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.photograph.resize import resize_rgb
from engine.reading.contours import contours
from engine.reading.outline import border
from engine.reading.regions import HIGH, LOW
from engine.records.render import AMBIGUITY_MAP, AMBIGUITY_RANGE, heatmap, overlay_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from engine.reading.regions import Region
    from engine.records.record import Record
    from engine.results import Box

AROUND = 0.6  # of a place's longer side that is shown on each of its sides
NARROWEST = 0.12  # of the photograph's longest side that a close-up shows at least
BAND = (255, 255, 255)
DISC, EDGE = (255, 176, 64), (16, 24, 28)


def whole(record: Record, side: int, numbered: Sequence[Region] = ()) -> Image.Image:
    """The photograph at a longest side of ``side`` pixels, with band and border, and numbers beside these regions."""
    picture = _drawn(record, (0, 0, record.found.image.width, record.found.image.height), side, record.border)
    _number(picture, numbered, side / max(record.found.image.width, record.found.image.height))
    return picture


def before_correction(record: Record, side: int) -> Image.Image:
    """The same with the border that the model had found."""
    size = record.found.image.width, record.found.image.height
    return _drawn(record, (0, 0, *size), side, border(record.found))


def close_up(record: Record, box: Box, side: int) -> Image.Image:
    """A square about a place, in native pixels, enlarged or reduced to ``side`` pixels, with band and border."""
    x0, y0, x1, y1 = box
    width, height = record.found.image.width, record.found.image.height
    least = NARROWEST * max(width, height)
    span = min(round(max((x1 - x0) * (1 + 2 * AROUND), (y1 - y0) * (1 + 2 * AROUND), least)), width, height)
    left = min(max((x0 + x1 - span) // 2, 0), width - span)
    top = min(max((y0 + y1 - span) // 2, 0), height - span)
    return _drawn(record, (left, top, left + span, top + span), side, record.border)


def ambiguity(record: Record) -> Image.Image:
    """The ambiguity in colour, on the working grid."""
    return Image.fromarray(heatmap(record.found.consensus.ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE)).convert("RGB")


def _number(picture: Image.Image, regions: Sequence[Region], scale: float) -> None:
    """Draw each region's number in a disc, a little away from the middle of all, so that the border stays free."""
    if not regions:
        return
    radius, draw = max(picture.size) / 58, ImageDraw.Draw(picture)
    font = ImageFont.load_default(1.3 * radius)
    centres = np.array([region.centre for region in regions]) * scale
    for region, centre, away in zip(regions, centres, centres - centres.mean(axis=0), strict=True):
        length = float(np.hypot(*away))
        x, y = centre + (away * (2 * radius / length) if length > 0 else 0)
        x, y = (float(np.clip(one, radius, end - radius)) for one, end in zip((x, y), picture.size, strict=True))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=DISC, outline=EDGE, width=2)
        draw.text((x, y), str(region.number), fill=EDGE, font=font, anchor="mm")


def _drawn(record: Record, window: Box, side: int, curves: list[NDArray[np.float64]]) -> Image.Image:
    """A window of the photograph with these curves and the lines where 10 and 90 % of the timesteps vote for lesion."""
    found, (x0, y0, x1, y1) = record.found, window
    width, height = x1 - x0, y1 - y0
    share = side / max(width, height)  # small photographs are enlarged, or the border would hide what it follows
    size = max(round(width * share), 1), max(round(height * share), 1)
    scale = np.array((size[0] / width, size[1] / height))
    pixels = resize_rgb(np.ascontiguousarray(found.image.pixels[y0:y1, x0:x1]), *size)
    picture = Image.fromarray(pixels)
    draw = ImageDraw.Draw(picture)
    for share in (LOW, HIGH):
        level = contours(found.evidence.agreement(share), found.consensus.delta, found.image.width, found.image.height)
        for curve in level:
            draw.line([tuple(point) for point in ((curve - (x0, y0)) * scale).tolist()], fill=BAND, width=1)
    return overlay_picture(np.asarray(picture), [(curve - (x0, y0)) * scale for curve in curves])
