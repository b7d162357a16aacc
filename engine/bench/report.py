"""The figures as a table."""

from __future__ import annotations

from typing import Any

# title; group and name of the figure; unit; the ratio's name and what it is taken against, where there is one
ROWS = (
    ("network, 10 timesteps x 2 labels", "network", "seconds", "s", "speedup", "two networks of the published size"),
    ("    beside a busy process per two cores", "network", "busy_ratio", "x", "", ""),
    ("    beside a torch process", "network", "busy_ratio_torch", "x", "", ""),
    ("delta, key event to painted frame", "delta", "p50_ms", "ms", "", ""),
    ("CRF, a weight or delta changed", "crf", "seconds_reuse", "s", "speedup", "12 runs of pydensecrf"),
    ("CRF, a width changed", "crf", "seconds_rebuild", "s", "speedup_rebuild", "12 runs of pydensecrf"),
    ("CRF, rounds drawn anew", "crf", "seconds_redraw", "s", "", ""),
    ("CRF, largest difference to pydensecrf", "crf", "max_difference", "", "", ""),
    ("refinement to native resolution", "refine_native", "seconds", "s", "", ""),
    ("    its memory", "refine_native", "peak_mb", "MB", "", ""),
    ("start to visible window", "start", "visible_seconds", "s", "", ""),
    ("start to ready engine", "start", "ready_seconds", "s", "", ""),
    ("open to first mask", "open", "first_mask_seconds", "s", "", ""),
    ("open to all masks", "open", "votes_seconds", "s", "", ""),
    ("open to refined border", "open", "refined_seconds", "s", "", ""),
    ("memory, peak of the session", "memory", "peak_mb", "MB", "", ""),
    ("memory, growth from the 5th to the last", "memory", "growth_mb", "MB", "", ""),
    ("    of it held", "memory", "growth_held_mb", "MB", "", ""),
    ("batch of 256 x 256 images", "batch", "images_per_second", "/s", "speedup", "one process per image"),
)


def table(found: dict[str, Any]) -> str:
    """One line per figure: median, 95th percentile where it was sampled, ratio and reference where there is one."""
    machine, photo = found["machine"], found["photograph"]
    head = (
        f"DiffSeg {found['version']} on {found['device']} ({machine['device']}, {machine['instructions']},"
        f" {machine['precision']}), {machine['cores']} cores; model {found['model']['name']};"
        f" photograph {photo['width']} x {photo['height']}" + ("; quick: few repeats" if found["quick"] else "")
    )
    lines = [head, "", f"{'':<42}{'median':>12}{'p95':>12}"]
    for title, group, name, unit, ratio, against in ROWS:
        figures = found[group]
        p95 = figures["p95_ms"] if name == "p50_ms" else figures.get(f"p95_{name}")
        line = f"{title:<42}{_value(figures[name], unit):>12}{'' if p95 is None else _value(p95, unit):>12}"
        measured = ratio and figures[ratio] is not None
        lines.append(line + (f"   {figures[ratio]:.1f} x {against}" if measured else ""))
    return "\n".join(lines)


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    number = f"{value:.1f}" if abs(value) >= 100 else f"{value:#.3g}"
    return f"{number} {unit}".strip()
