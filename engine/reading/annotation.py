"""An expert's annotation of the open photograph, and how the masks of a result compare with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.arrays import Bools, read_only
from engine.photograph.read import read_mask
from engine.reading.agreement import Agreement, agreement
from engine.reading.contours import contours
from engine.results import working_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photograph.image import SkinImage
    from engine.results import Segmentation

    Curves = list[NDArray[np.float64]]

OUTLINE_SIDE = 1024  # pixels; curves from a finer grid look no better, and paint slowly


@dataclass(frozen=True, eq=False)
class Annotation:
    """An annotation's file, the photograph it is of, its mask, read-only bool (height, width), and its border."""

    path: Path
    image: SkinImage
    mask: Bools
    border: Curves

    def __post_init__(self) -> None:
        read_only(self.mask)


@dataclass(frozen=True, eq=False)
class Comparison:
    """How the masks of a result agree with an annotation, and where the final mask differs from it.

    refined: None without refinement. corrected: of the final mask, None where nothing is corrected. missed: pixels that
    only the annotation has; extra: that only the final mask has; both with their borders (see :func:`outlines`).
    """

    consensus: Agreement
    refined: Agreement | None
    corrected: Agreement | None
    missed: int
    extra: int
    missed_border: Curves
    extra_border: Curves


def read_annotation(path: str | Path, image: SkinImage) -> Annotation:
    """Read an annotation of this photograph. Raises :class:`ImageError` if it is unreadable or of another size."""
    mask = read_mask(path, image)
    return Annotation(Path(path), image, mask, outlines(mask))


def compare(found: Segmentation, final: Bools, annotation: Bools) -> Comparison:
    """Compare a result and its final mask with an annotation; both masks bool of the photograph's size.

    The first time takes seconds at 24 megapixels, where the consensus has to be cut at that size.
    """
    missed, extra = annotation & ~final, final & ~annotation
    return Comparison(
        consensus=agreement(found.consensus_mask, annotation),
        refined=agreement(found.refined.mask, annotation) if found.refined is not None else None,
        corrected=None if np.array_equal(final, found.mask) else agreement(final, annotation),
        missed=int(np.count_nonzero(missed)),
        extra=int(np.count_nonzero(extra)),
        missed_border=outlines(missed),
        extra_border=outlines(extra),
    )


def outlines(mask: Bools) -> Curves:
    """Return a mask's borders as closed curves, float64 (points, 2) of x, y in its own pixels.

    They are the level sets at one half of its cover on a grid of at most ``OUTLINE_SIDE`` pixels a side.
    """
    height, width = mask.shape
    cover = Image.fromarray(mask.astype(np.uint8) * 255)
    small = cover.resize(working_size(width, height, OUTLINE_SIDE), Image.Resampling.BOX)
    return contours(np.asarray(small, np.float32), 127.5, width, height)
