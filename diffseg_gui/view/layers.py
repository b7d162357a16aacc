"""What lies over a view, in layers of named depth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.view.scene import Curve


class Depth(IntEnum):
    """From the lowest, which is painted first, to the highest."""

    DIFFERENCE = 10  # from an annotation: missed and extra
    BAND = 20  # where 10 to 90 % of the timesteps vote for lesion
    MODEL_BORDER = 30  # where a correction has moved the border
    BORDER = 40  # the result's, or the majority's while that is on its way
    SCRIBBLES = 45
    CHANGES = 50  # what refinement added and removed
    ANNOTATION = 60
    REGION = 70  # the place under review
    OUTLINE = 80  # a blind reader's


@dataclass(frozen=True)
class Layer:
    """Curves at a depth.

    curves: takes a view's key and returns the curves to draw there; as long as nothing has changed it returns the same
    ones, or canvases repaint for nothing. while_blind: it tells nothing of the model, so that it is drawn while the
    photograph is read blind; no other layer is.
    """

    depth: Depth
    curves: Callable[[str], tuple[Curve, ...]]
    while_blind: bool = False
