"""Sentences and labels made from the document. They tell only what may be seen."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from diffseg_gui.look.numbers import decimal
from engine import NOTICE, __version__
from engine.networks.description import NOT_STATED

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from diffseg_gui.document.document import Document
    from engine.method.expected import Expected
    from engine.progress import Progress
    from engine.results import ModelName

OUT_OF_DATE, UPDATING, INCOMPLETE = "out of date", "updating", "incomplete"
NEARLY_ALL = 0.97  # of the photograph; a lesion that large cannot be told from a threshold that is too low
STAGES = {
    "open": "Opening",
    "start": "Starting",
    "network": "Noise",
    "votes": "Votes",
    "refine": "Refining",
    "stability": "Stability",
    "familiarity": "Familiarity",
}


def progress(step: Progress) -> str:
    """What the worker is doing."""
    name = STAGES.get(step.stage, step.stage)
    return name if step.total <= 1 else f"{name} {step.done} of {step.total}"


def in_figures(expected: Expected) -> str:
    """Expected agreement: about 0.86 (0.60 to 0.94)."""
    value, low, high = (decimal(number, 2) for number in (expected.value, expected.low, expected.high))
    return f"about {value} ({low} to {high})"


def nothing_to_show(document: Document) -> str:
    """What stands in a view that has no picture yet; empty before the first photograph, where the welcome stands."""
    if document.is_busy or document.opening:
        return "Working…"
    if document.photograph is None:
        return ""
    return "Not made with these settings" if document.shown.current else "Not there yet – F5 runs the analysis"


def not_current(document: Document, of_votes: bool = True) -> str:
    """What to say of something shown that does not belong to the present settings, or not yet to all of them.

    of_votes: whether it is made from the timesteps' votes alone.
    """
    if document.is_busy and not document.opening:
        return UPDATING
    return INCOMPLETE if of_votes and document.shown.partial else OUT_OF_DATE


def chip(document: Document) -> str:
    """Device and time, or what is going on."""
    results = document.results  # device and time tell nothing of what was found
    if document.is_busy:
        return "Opening…" if document.opening else "Working…"
    if document.cancelled and document.photograph is not None and not results.current:
        return "Cancelled – F5 runs it again"
    if results.current and results.segmentation is not None:
        device = results.segmentation.evidence.device
        note = f" ({device.note})" if device.note else ""
        return f"{device.kind.upper()}{note}  ·  {results.segmentation.seconds['total']:.1f} s"
    return "Ready" if document.photograph is None else "Not up to date – F5 runs it again"


def position(document: Document, point: QPointF | None) -> str:
    """Where the cursor is, and what was found there."""
    image, shown = document.photograph, document.shown
    if image is None or point is None or document.blind is not None:
        return ""
    x, y = int(point.x()), int(point.y())
    if not (0 <= point.x() < image.width and 0 <= point.y() < image.height):
        return ""
    red, green, blue = image.pixels[y, x].tolist()
    parts = [f"x {x}  y {y}", f"RGB {red} {green} {blue}"]
    consensus, found = shown.consensus, shown.segmentation
    if consensus is not None and shown.votes_current:
        row = y * consensus.votes.shape[1] // image.height
        column = x * consensus.votes.shape[2] // image.width
        count = int(consensus.votes[:, row, column].sum())
        parts.append(f"votes {count} of {len(consensus.votes)}")
        parts.append(f"mean {consensus.consistency[row, column]:.2f}")
        parts.append(f"variance {consensus.ambiguity[row, column]:.2f}")
    if shown.current and found is not None and found.refined is not None:
        parts.append("refined: lesion" if found.refined.mask[y, x] else "refined: skin")
    return "     ".join(parts)


def implausible(document: Document) -> str:
    """What to say, and what to do, where the model's mask is no outline: nothing, or all of the photograph; else empty.

    Empty, too, as long as masks of timesteps are missing: those that come may be others.
    """
    return no_lesion(document) or all_lesion(document)


def has_lesion(document: Document) -> bool:
    """Whether the model finds a lesion, or a person has outlined one; True as long as that is not known."""
    share, layer = _share(document), document.reading.layer
    return share is None or share > 0 or (layer is not None and bool((layer > 0).any()))


def no_lesion(document: Document) -> str:
    """What to say, and what to do, where the model finds no lesion at the present delta; empty where it finds one."""
    consensus, share, layer = document.shown.consensus, _share(document), document.reading.layer
    if consensus is None or share is None or share > 0:
        return ""
    at = f"at delta {consensus.delta:g}"
    if layer is not None and (layer > 0).any():
        return f"The model finds no lesion {at}; the outline is yours."
    found = "Most timesteps find no lesion"
    if consensus.area > 0:
        found = "Refinement leaves no lesion"
    elif not consensus.votes.any():
        found, most = "No lesion found", _differences(document)[1]
        at += f", which is above every difference (up to {decimal(most, 3)})" if most > 0 else ""
    return f"{found} {at}. Raise the sensitivity (a lower delta), or outline it by hand (D, L or G)."


def all_lesion(document: Document) -> str:
    """What to say, and what to do, where the model marks all of the photograph, or nearly so; else empty."""
    consensus, share, layer = document.shown.consensus, _share(document), document.reading.layer
    if consensus is None or share is None or share < NEARLY_ALL:
        return ""
    found = f"{'The' if share == 1 else 'Nearly the'} whole photograph is marked as lesion at delta {consensus.delta:g}"
    if layer is not None and layer.any():
        return f"{found}, except for what you have corrected."
    if consensus.votes.all():
        found += f", which is below every difference (from {decimal(_differences(document)[0], 3)})"
    return f"{found}. Lower the sensitivity (a higher delta), or outline it by hand (D, L or G)."


def _share(document: Document) -> float | None:
    """How much of the photograph the model's mask covers: the result's, or the majority's until that is there.

    None as long as masks of timesteps are missing.
    """
    shown = document.shown
    consensus, evidence, found = shown.consensus, shown.evidence, shown.segmentation
    if consensus is None or evidence is None or not shown.votes_current:
        return None
    if evidence.timesteps != document.recipe.noise.timesteps:
        return None
    if shown.current and found is not None and found.refined is not None:
        return found.refined.area_px / found.refined.mask.size
    return consensus.area


def _differences(document: Document) -> tuple[float, float]:
    """The least and the largest difference that occurs."""
    evidence = document.shown.evidence
    return (0.0, 0.0) if evidence is None else (float(evidence.difference.min()), float(evidence.difference.max()))


def about(model: ModelName | None) -> str:
    """The About box's text, rich text."""
    used = ""
    if model:
        name, licence = escape(model.name), escape(model.licence)
        used = f"<p>Model: {name}<br>SHA-256 {model.sha256[:16]}…<br>Its licence: {licence or NOT_STATED}</p>"
    return (
        f"<h3>DiffSeg {__version__}</h3>"
        "<p>Segmentation of skin lesions by diffusion difference,<br>after Shuai, Chen, Mao, Zhou and Zhang.</p>"
        f"{used}<p><b>{NOTICE}</b><br>"
        "Nothing leaves this computer: the window uses no network.</p>"
    )
