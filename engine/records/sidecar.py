"""The sidecar ``result.json``: everything that made a result, what was found, and what a person made of it.

Nothing of what a camera adds (EXIF, GPS) is carried over, of a DICOM header only the scale, date, place on the body and
device, and of the path the file's name alone: folders name people.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine import NOTICE, __version__
from engine.errors import ExportError, ReadingError
from engine.formats import format_of
from engine.method.doubt import expected_agreement, ged_iou
from engine.method.probability import from_format_1
from engine.reading.correction import Changes, changes
from engine.reading.reading import Reading, attach, corrected, from_format_0
from engine.reading.scale import mm_per_px, scale_of
from engine.scribbles import Scribble

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Segmentation, Stability
    from engine.scribbles import Scribbles

SIDECAR = "result.json"
FORMAT = 2  # 1: "temperatures" for "softening"; 0, without a number: neither, and the ruler was called "calibration"


def read_sidecar(folder: Path) -> dict[str, Any] | None:
    """The sidecar in a folder of results, as :func:`result_json` makes it; None where there is none that can be read.

    Raises :class:`ExportError` for one of a newer format, so that its folder is not taken for free.
    """
    try:
        found: dict[str, Any] = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
        number = format_of(found, FORMAT, f"The result {folder / SIDECAR}", ExportError)
        found["image"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if number == 0 and isinstance(found.get("reading"), dict):
        found["reading"] = from_format_0(found["reading"])
    if "temperatures" in found:
        found["softening"] = from_format_1(found.pop("temperatures"))
    return found


def read_scribbles(path: Path, image: SkinImage) -> Scribbles:
    """The scribbles of a ``result.json``, for the photograph that they were made on.

    Raises :class:`ReadingError` if it cannot be used, or is of another photograph.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        format_of(found, FORMAT, f"The result {path}", ReadingError)
        scribbles = tuple(Scribble.from_json(each) for each in found["scribbles"])
        of = found["image"]["sha256"], found["image"].get("frame")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ReadingError(f"{path} is no result with scribbles; name a result.json of DiffSeg.") from None
    if of != (image.sha256, image.frame):
        raise ReadingError(f"The scribbles in {path} were made on another photograph than {image.path}.")
    return scribbles


def scribbles_in(said: dict[str, Any]) -> Scribbles:
    """What the refined border of a sidecar has followed. Raises what from_json does."""
    return tuple(Scribble.from_json(each) for each in said.get("scribbles", ()))


def result_json(segmentation: Segmentation, reading: Reading | None = None) -> dict[str, Any]:
    """The sidecar: image, model, recipe, what was found, and what a person made of it.

    Re-running its recipe with its scribbles reproduces the refined mask; ``correction.png`` applied to that gives the
    final one. Its softening, which can change under the same weights, reproduces the probability in ``maps.npz``.
    """
    from engine.reading.measures import measures_json  # here, because their imports would delay the window
    from engine.reading.regions import regions, regions_json

    image, found, reading = segmentation.image, segmentation, reading or Reading()
    mask, device = corrected(found, reading), found.evidence.device
    listed = regions(found.consensus, image.width, image.height)
    attached = attach(reading.decisions, listed)
    choices = {n: made.choice for n, made in zip(attached, reading.decisions, strict=True) if n is not None}
    return {
        "format": FORMAT,
        "image": _image_json(image),
        "model": asdict(found.model),
        "softening": None if found.softening is None else found.softening.to_json(),
        "recipe": found.recipe.to_json(),
        **_disagreement_json(found),
        "delta": found.consensus.delta,
        "stability": _stability_json(found.stability),
        "refined": found.refined is not None,
        "subsets": [list(subset) for subset in found.refined.subsets] if found.refined else [],
        "dropped": [asdict(one) for one in found.refined.dropped] if found.refined else [],
        "scribbles": [scribble.to_json() for scribble in found.scribbles],
        "lesion_area_px": int(mask.sum()),
        "scale": None if (scale := scale_of(image, reading)) is None else asdict(scale),
        "measures": measures_json(found, mask, mm_per_px(image, reading)),
        "regions": regions_json(listed, choices),
        "reading": None if reading.is_empty else _reading_json(found, reading, attached, len(listed)),
        "device": device.kind,
        "device_detail": {"name": device.name, "precision": device.precision, "note": device.note},
        "made": found.made,
        "seconds": found.seconds,
        "version": __version__,
        "notice": NOTICE,
    }


def _image_json(image: SkinImage) -> dict[str, Any]:
    said = {"file": image.path.name, "sha256": image.sha256, "width": image.width, "height": image.height}
    frame = {} if image.frame is None else {"frame": image.frame}
    return {**said, **frame, **image.about.kept()}


def _disagreement_json(found: Segmentation) -> dict[str, Any]:
    """How far the masks differ, how well readers would agree, and how familiar the photograph is."""
    consensus = found.consensus
    expected = expected_agreement(found.readers, consensus)
    return {
        "ged": consensus.ged,
        "ged_iou": ged_iou(consensus.votes),
        "expected_agreement": None if expected is None else expected.to_json(),
        "familiarity": None if found.familiarity is None else found.familiarity.to_json(),
        "ged_matrix": consensus.ged_matrix.tolist(),
    }


def _stability_json(stability: Stability) -> dict[str, Any]:
    curves = {name: getattr(stability, name).tolist() for name in ("delta", "area", "ged")}
    return {**curves, "plateau": stability.plateau}


def _reading_json(
    found: Segmentation, reading: Reading, attached: tuple[int | None, ...], regions: int
) -> dict[str, Any]:
    """The person's part of the sidecar. attached: each decision's region, None where this run has none such."""
    change = Changes(0, 0) if reading.layer is None else changes(reading.layer, found.mask)
    said = reading.to_json()
    del said["scribbles"]  # those that the result has followed stand beside it
    for decision, number in zip(said["decisions"], attached, strict=True):
        decision["region"] = number
    return {
        **said,
        "snapshots": [snapshot.name for snapshot in reading.snapshots],  # what each one was is kept with the reading
        "added_px": change.added,
        "removed_px": change.removed,
        "reviewed": len(attached) - attached.count(None),
        "of": regions,
        "mm_per_px": reading.mm_per_px,
    }
