"""Sentences and labels made from the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import __version__

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from diffseg_gui.state import State
    from engine.progress import Progress
    from engine.results import Consensus, ModelName

OUT_OF_DATE = "out of date"
STAGES = {"start": "Starting", "network": "Noise", "votes": "Votes", "refine": "Refining", "stability": "Stability"}


def progress(step: Progress) -> str:
    """What the worker is doing."""
    name = STAGES.get(step.stage, step.stage)
    return name if step.total <= 1 else f"{name} {step.done} of {step.total}"


def chip(state: State) -> str:
    """Device and time, or what is going on."""
    if state.busy:
        return "Opening…" if state.opening else "Working…"
    if state.cancelled and state.image is not None and not state.current:
        return "Cancelled – F5 runs it again"
    if state.current and state.segmentation is not None:
        device = state.segmentation.evidence.device
        note = f" ({device.note})" if device.note else ""
        return f"{device.kind.upper()}{note}  ·  {state.segmentation.seconds['total']:.1f} s"
    return "Ready" if state.image is None else "Not up to date – F5 runs it again"


def position(state: State, point: QPointF | None) -> str:
    """Where the cursor is, and what was found there."""
    image = state.image
    if image is None or point is None:
        return ""
    x, y = int(point.x()), int(point.y())
    if not (0 <= point.x() < image.width and 0 <= point.y() < image.height):
        return ""
    red, green, blue = image.pixels[y, x].tolist()
    parts = [f"x {x}  y {y}", f"RGB {red} {green} {blue}"]
    consensus, found = state.consensus, state.segmentation
    if consensus is not None and state.votes_current:
        row = y * consensus.votes.shape[1] // image.height
        column = x * consensus.votes.shape[2] // image.width
        count = int(consensus.votes[:, row, column].sum())
        parts.append(f"votes {count} of {len(consensus.votes)}")
        parts.append(f"mean {consensus.consistency[row, column]:.2f}")
        parts.append(f"variance {consensus.ambiguity[row, column]:.2f}")
    if state.current and found is not None and found.refined is not None:
        parts.append("refined: lesion" if found.refined.mask[y, x] else "refined: skin")
    return "     ".join(parts)


def no_lesion(state: State) -> str:
    """What to say, and what to do, where the model finds no lesion at the present delta; empty where it finds one.

    Empty, too, as long as masks of timesteps are missing: those that come may show one.
    """
    consensus, evidence, reading = state.consensus, state.evidence, state.reading
    if consensus is None or evidence is None or not state.votes_current:
        return ""
    if evidence.timesteps != state.recipe.noise.timesteps or _shows_lesion(state, consensus):
        return ""
    at = f"at delta {consensus.delta:g}"
    if reading is not None and reading.layer is not None and (reading.layer > 0).any():
        return f"The model finds no lesion {at}; the outline is yours."
    found = "No lesion found" if not consensus.votes.any() else "Most timesteps find no lesion"
    if consensus.area > 0:
        found = "Refinement leaves no lesion"
    return f"{found} {at}. Lower delta, or outline it by hand (D, L or G)."


def _shows_lesion(state: State, consensus: Consensus) -> bool:
    """Whether the model's mask has pixels: the result's, or the majority's until that is there."""
    found = state.segmentation
    if state.current and found is not None and found.refined is not None:
        return found.refined.area_px > 0
    return consensus.area > 0


def about(model: ModelName | None) -> str:
    """The About box's text, rich text."""
    used = f"<p>Model: {model.name}<br>SHA-256 {model.sha256[:16]}…</p>" if model else ""
    return (
        f"<h3>DiffSeg {__version__}</h3>"
        "<p>Segmentation of skin lesions by diffusion difference,<br>after Shuai, Chen, Mao, Zhou and Zhang.</p>"
        f"{used}<p><b>Research use only. Not a medical device.</b><br>"
        "Nothing leaves this computer: the program uses no network.</p>"
    )
