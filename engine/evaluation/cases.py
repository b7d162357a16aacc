"""The best and the worst cases of an evaluation, kept as small pictures while it goes."""

from __future__ import annotations

import base64
import io
from bisect import insort
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.photograph.resize import resize_rgb
from engine.reading.contours import contours
from engine.reading.outline import border
from engine.records.render import AMBIGUITY_MAP, AMBIGUITY_RANGE, CONSISTENCY_MAP, CONSISTENCY_RANGE, heatmap_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.arrays import Bools
    from engine.evaluation.score import Score
    from engine.results import Segmentation

EACH = 6  # best cases, and worst


@dataclass(frozen=True, eq=False)
class Case:
    """One image as the page shows it.

    photograph, consistency, ambiguity: ``data:`` addresses of pictures at most 512 pixels wide or high. width, height:
    of the photograph's picture; annotation, refined: borders in its pixels, as SVG path data.
    """

    score: Score
    width: int
    height: int
    photograph: str
    consistency: str
    ambiguity: str
    annotation: str
    refined: str


class Cases:
    """Collects the EACH best and worst images by Dice of the refined mask; memory does not grow with their number."""

    def __init__(self, each: int = EACH) -> None:
        self._each = each
        self._kept: list[tuple[float, int, Case]] = []  # by Dice, then by order, at most 2 * each
        self._seen = 0

    def __call__(self, score: Score, found: Segmentation, annotation: Bools) -> None:
        """Look at one image; annotation: bool (H, W) on the working grid."""
        dice, self._seen = score.refined.dice, self._seen + 1
        middle = self._each  # the worst stand before it
        full = len(self._kept) == 2 * self._each
        if full and self._kept[middle - 1][0] <= dice <= self._kept[middle][0]:
            return
        insort(self._kept, (dice, self._seen, _case(score, found, annotation)))
        if full:
            del self._kept[middle]  # now the best of the worst or the worst of the best

    def worst(self) -> list[Case]:
        """Worst first."""
        return [case for *_, case in self._kept[: len(self._kept) // 2]]

    def best(self) -> list[Case]:
        """Best first; no image is among the worst too."""
        return [case for *_, case in reversed(self._kept[len(self._kept) // 2 :])]


def _case(score: Score, found: Segmentation, annotation: Bools) -> Case:
    height, width = annotation.shape
    scale = np.array([width / found.image.width, height / found.image.height])
    photograph = Image.fromarray(resize_rgb(found.image.pixels, width, height))
    consensus = found.consensus
    return Case(
        score=score,
        width=width,
        height=height,
        photograph=_address(photograph, "JPEG", quality=85),
        consistency=_address(heatmap_picture(consensus.consistency, CONSISTENCY_MAP, CONSISTENCY_RANGE), "PNG"),
        ambiguity=_address(heatmap_picture(consensus.ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE), "PNG"),
        annotation=_path(contours(annotation.astype(np.float32), 0.5, width, height)),
        refined=_path([curve * scale for curve in border(found)]),
    )


def _path(curves: list[NDArray[np.float64]]) -> str:
    """Closed curves (points, 2) as the data of an SVG path."""
    return "".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in curve[:-1]) + "Z" for curve in curves)


def _address(picture: Image.Image, format_: str, **options: int) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return f"data:image/{format_.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"
