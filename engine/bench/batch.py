"""``diffseg segment`` over many images of 256 x 256 pixels, from the start of the process to its end.

The reference starts one process for each image: a few are timed and their median taken for all.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from engine.bench import photographs
from engine.bench.children import run_module
from engine.bench.samples import Figures, seconds

if TYPE_CHECKING:
    from pathlib import Path

    from engine.bench.plan import Plan


def measure(plan: Plan, folder: Path) -> Figures:
    """Images a second in one process, and how many times that of one process per image."""
    paths = photographs.batch(folder / "batch", plan.counts.batch)

    def segment(some: list[Path]) -> float:
        out = str(folder / "batch" / "out")
        return seconds(lambda: run_module("engine.cli", "segment", *map(str, some), "-o", out, *plan.setup))

    singles = [segment([path]) for path in paths[: plan.counts.singles]]
    rate, single = len(paths) / segment(paths), 1 / statistics.median(singles)
    return {
        "images_per_second": round(rate, 4),
        "reference_images_per_second": round(single, 4),
        "speedup": round(rate / single, 3),
        "images": len(paths),
        "samples": len(singles),
    }
