"""The final mask's border as an SVG drawing: closed paths in the photograph's pixels, holes left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import NOTICE
from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from engine.records.record import Record


class Svg(Writer):
    """One path of all curves, filled by the even-odd rule, over a canvas of the photograph's size; no photograph."""

    name, title = "svg", "Border as a drawing (SVG)"
    about = "The border alone, for drawings; without the photograph."
    leftovers = ("border.svg",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        width, height = record.found.image.width, record.found.image.height
        size, view = f'width="{width}" height="{height}"', f'viewBox="0 0 {width} {height}"'
        path = " ".join(map(_closed, record.border))
        lines = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size}>',
            f"<title>Border of the lesion. {NOTICE}</title>",
            f'<path fill="none" stroke="#0b7285" stroke-width="2" fill-rule="evenodd" d="{path}"/>',
            "</svg>\n",
        )
        yield "border.svg", "\n".join(lines).encode()


def _closed(curve: NDArray[np.float64]) -> str:
    """A closed curve (points, 2), whose last point is its first, to hundredths of a pixel."""
    return "M" + " L".join(f"{x:.2f},{y:.2f}" for x, y in curve[:-1].tolist()) + " Z"


WRITER = Svg()
