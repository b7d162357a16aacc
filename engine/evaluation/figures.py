"""The page's two figures as SVG that takes its colours from the page, so that one drawing serves light and dark."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

# Stand-ins that matplotlib accepts, and what the page's style puts in their place.
INK, MUTED, ACCENT, SECOND = "#010101", "#020202", "#030303", "#040404"
OF_THE_PAGE = {INK: "currentColor", MUTED: "var(--muted)", ACCENT: "var(--accent)", SECOND: "var(--second)"}

STYLE = {
    "svg.fonttype": "none",  # text stays text, in the page's font
    "svg.hashsalt": "diffseg",  # the same figures give the same bytes
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def reliability(bins: dict[str, list[dict[str, float | None]]], near_px: int) -> str:
    """The reliability diagram: share of lesion against what the map says, for the whole image and near the lesion."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=":", label="perfect")
        for region, colour, marker, label in (
            ("image", ACCENT, "o", "whole image"),
            ("near", SECOND, "s", f"within {near_px} px"),
        ):
            known = [(one["consistency"], one["lesion"]) for one in bins[region] if one["lesion"] is not None]
            points = np.array(known, dtype=float).reshape(-1, 2)
            axes.plot(points[:, 0], points[:, 1], color=colour, marker=marker, markersize=4, label=label)
        axes.set(
            xlabel="the map's probability of lesion",
            ylabel="share of lesion in the annotation",
            xlim=(0, 1),
            ylim=(0, 1),
        )

    return _svg(draw)


def risk_coverage(found: dict[str, Any]) -> str:
    """Mean error of the images that are kept, against the share of images kept."""

    def draw(axes: Axes) -> None:
        axes.plot(found["coverage"], found["risk"], color=ACCENT, label="least doubtful first")
        axes.axhline(found["random"], color=MUTED, linewidth=1, linestyle=":", label="random order")
        axes.set(xlabel="coverage", ylabel="mean of 1 − Dice", xlim=(0, 1))
        axes.set_ylim(bottom=0)

    return _svg(draw)


def _svg(draw: Callable[[Axes], None]) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure  # no pyplot: it would look for a screen

    with rc_context(STYLE):
        figure = Figure(figsize=(4.6, 3.4), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.legend(loc="best")
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    for stand_in, colour in OF_THE_PAGE.items():
        text = text.replace(stand_in, colour)
    return text[text.index("<svg") :]
