"""What the window makes one wait for, and what it holds: measured in processes that run ``diffseg_gui.bench``.

Start: from the process's start to the first painted frame, and to an engine that has its model and has answered once.
Open: from the request to open a file to the frame that shows the first mask, all masks, the refined border. Delta: from
the slider's key event to the frame in which every visible panel shows the new threshold, at 60 moves a second or as
many as can be painted. Memory: the resident set of one process that opens photographs one after the other.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from engine.bench import photographs
from engine.bench.children import ask
from engine.bench.memory import SETTLED
from engine.bench.samples import Figures, percentile, summary

if TYPE_CHECKING:
    from pathlib import Path

    from engine.bench.plan import Plan

CHILD = "diffseg_gui.bench"


def start(plan: Plan) -> Figures:
    """Seconds to a visible window and to a ready engine. One start before, not counted, warms the disk's cache."""
    if not plan.quick:
        _start(plan)
    answers = [_start(plan) for _ in range(plan.counts.starts)]
    visible = summary("visible_seconds", [answer["visible"] for answer in answers])
    ready = summary("ready_seconds", [answer["ready"] for answer in answers])
    return {**visible, **ready, "samples": len(answers)}


def _start(plan: Plan) -> dict[str, float]:
    return ask(CHILD, "start", *plan.setup, "--started", repr(time.time()))


def handle(plan: Plan, photo: Path) -> tuple[Figures, Figures]:
    """Figures of ``open`` and of ``delta``, from one process that is ready before it begins."""
    opens, moves = plan.counts.opens, plan.counts.moves
    answer = ask(
        CHILD, "handle", *plan.setup, "--opens", str(opens), "--moves", str(moves), "--photographs", str(photo)
    )
    opened: Figures = {}
    for name in ("first_mask", "votes", "refined"):
        opened |= summary(f"{name}_seconds", [one[name] for one in answer["opens"]])
    milliseconds = [1000 * move for move in answer["moves"]]
    delta: Figures = {
        "p50_ms": round(percentile(milliseconds, 0.5), 3),
        "p95_ms": round(percentile(milliseconds, 0.95), 3),
        "max_ms": round(max(milliseconds), 3),
        "samples": len(milliseconds),
    }
    return {**opened, "samples": len(answer["opens"])}, delta


def memory(plan: Plan, photo: Path, folder: Path) -> Figures:
    """Peak of the resident set over the session, and its growth from the fifth photograph to the last, in MB.

    Four files of the photograph, as it is and mirrored, are opened in turn; each is analysed to the end. ``growth_mb``
    is as the system sees it, and varies by what the C library keeps for later use; ``growth_held_mb`` leaves that out.
    """
    paths = [str(path) for path in photographs.mirrored(photo, folder)]
    answer = ask(CHILD, "memory", *plan.setup, "--images", str(plan.counts.session), "--photographs", *paths)
    after: list[float | None] = answer["resident_mb"]
    return {
        "peak_mb": answer["peak_mb"],
        "growth_mb": _growth(after[SETTLED - 1], after[-1]),
        "growth_held_mb": _growth(*answer["held_mb"]),
        "images": plan.counts.session,
    }


def _growth(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 3)
