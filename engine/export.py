"""Writing results: a folder of pictures, maps and a sidecar. Files are written whole or not at all.

The window and the command line export through :func:`export`, so what they write is the same to the byte. Nothing of
the photograph's metadata (EXIF, GPS) is carried over, and of its path the file's name alone: folders name people.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from engine import __version__
from engine.consensus import mean_of_votes
from engine.errors import ExportError
from engine.measure import contours
from engine.reading.correction import Changes, changes
from engine.reading.outline import outline
from engine.reading.reading import Reading, attach, corrected, layer_to_png
from engine.render import (
    AMBIGUITY_MAP,
    AMBIGUITY_RANGE,
    CONSISTENCY_MAP,
    CONSISTENCY_RANGE,
    heatmap_picture,
    overlay_picture,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.image import SkinImage
    from engine.results import Segmentation, Stability

MODEL_MASK, CORRECTION, SIDECAR = "model_mask.png", "correction.png", "result.json"
BLIND_OUTLINE = "blind_outline.png"


def export(segmentation: Segmentation, folder: Path, reading: Reading | None = None) -> list[Path]:
    """Write everything about one image, with what a person made of it, into a folder, and return the files' paths.

    All files are prepared beside the folder's content first and then moved into place, ``result.json`` last, so a full
    disk leaves what was there. Of an earlier export, masks of other timesteps, and a correction or a blind outline that
    was taken back, are removed. Raises :class:`ExportError`; :class:`ReadingError` if a correction is of another size.
    """
    files = _files(segmentation, reading or Reading())
    with _sentence(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder) as partial:
            written = []
            for name, data in files:
                path = Path(partial) / name
                path.parent.mkdir(exist_ok=True)
                _write(path, data)
                written.append(name)
            (folder / "votes").mkdir(exist_ok=True)
            votes = {path for path in (folder / "votes").glob("t*.png") if path.stem[1:].isdecimal()}
            optional = {*votes, folder / MODEL_MASK, folder / CORRECTION, folder / BLIND_OUTLINE}
            for stale in optional - {folder / name for name in written}:
                stale.unlink(missing_ok=True)
            for name in written:
                os.replace(Path(partial) / name, folder / name)
    return [folder / name for name in written]


def folder_name(path: Path) -> str:
    """A photograph's name without its suffix, and without dots and blanks at the end, which Windows drops of folders'.

    So it also never is the folder ``.`` or ``..``, whatever the photograph is called.
    """
    return path.stem.rstrip(". ") or "photograph"


def folder_for(image: SkinImage, parent: Path) -> Path:
    """The folder in ``parent`` for an image's results: its name, with a part of its digest where another has that."""
    folder = parent / folder_name(image.path)
    other = sidecar(folder)
    if other is None or other["image"]["sha256"] == image.sha256:
        return folder
    return folder.with_name(f"{folder.name}-{image.sha256[:8]}")


def sidecar(folder: Path) -> dict[str, Any] | None:
    """The sidecar in a folder of results, as :func:`result_json` made it; None where there is none that can be read."""
    try:
        found: dict[str, Any] = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
        found["image"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found


def result_json(segmentation: Segmentation, reading: Reading | None = None) -> dict[str, Any]:
    """The sidecar: image, model, recipe, what was found, and what a person made of it.

    Re-running its recipe reproduces the model's mask; ``correction.png`` applied to that gives the final one.
    """
    from engine.reading.measures import measures_json  # here, because their imports would delay the window
    from engine.reading.regions import regions, regions_json

    image, found, reading = segmentation.image, segmentation, reading or Reading()
    mask, device = corrected(found, reading), found.evidence.device
    listed = regions(found.consensus, image.width, image.height)
    attached = attach(reading.decisions, listed)
    choices = {n: made.choice for n, made in zip(attached, reading.decisions, strict=True) if n is not None}
    return {
        "image": {
            "file": image.path.name,
            "sha256": image.sha256,
            "width": image.width,
            "height": image.height,
        },
        "model": {"name": found.model.name, "sha256": found.model.sha256},
        "recipe": found.recipe.to_json(),
        "ged": found.consensus.ged,
        "ged_matrix": found.consensus.ged_matrix.tolist(),
        "delta": found.consensus.delta,
        "stability": _stability_json(found.stability),
        "refined": found.refined is not None,
        "subsets": [list(subset) for subset in found.refined.subsets] if found.refined else [],
        "lesion_area_px": int(mask.sum()),
        "measures": measures_json(found, mask, reading.mm_per_px),
        "regions": regions_json(listed, choices),
        "reading": None if reading.is_empty else _reading_json(found, reading, attached, len(listed)),
        "device": device.kind,
        "device_detail": {"name": device.name, "precision": device.precision, "note": device.note},
        "seconds": found.seconds,
        "version": __version__,
        "notice": "Research use only. Not a medical device.",
    }


def _stability_json(stability: Stability) -> dict[str, Any]:
    curves = {name: getattr(stability, name).tolist() for name in ("delta", "area", "ged")}
    return {**curves, "plateau": stability.plateau}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees either the old content or all of the new.

    Raises :class:`ExportError` if the folder cannot be written or the disk is full; the old file then remains.
    """
    with _sentence(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.parent / f".{path.name}.{os.getpid()}.partial"  # another window may write the same file
        try:
            _write(partial, data)
            os.replace(partial, path)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise


def _files(found: Segmentation, reading: Reading) -> Iterator[tuple[str, bytes]]:
    """Names, relative to the folder, and contents of all files; the sidecar last."""
    votes = found.votes_native
    consistency = mean_of_votes(votes)
    yield "mask.png", _mask_png(corrected(found, reading))
    if reading.layer is not None:
        yield MODEL_MASK, _mask_png(found.mask)
        yield CORRECTION, layer_to_png(reading.layer)
    if reading.blind is not None and reading.blind.layer is not None:
        yield BLIND_OUTLINE, _mask_png(reading.blind.layer > 0)
    yield "consensus.png", _mask_png(found.consensus_mask)
    for t, vote in zip(found.evidence.timesteps, votes, strict=True):
        yield f"votes/t{t:03d}.png", _mask_png(vote)
    yield "consistency.png", _png(heatmap_picture(consistency, CONSISTENCY_MAP, CONSISTENCY_RANGE))
    ambiguity = consistency * (1 - consistency)
    yield "ambiguity.png", _png(heatmap_picture(ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE))
    yield "maps.npz", _maps(found)
    yield "overlay.png", _png(overlay_picture(found.image.pixels, border(found, reading)))
    yield SIDECAR, (json.dumps(result_json(found, reading), indent=2) + "\n").encode()


def _reading_json(
    found: Segmentation, reading: Reading, attached: tuple[int | None, ...], regions: int
) -> dict[str, Any]:
    """The person's part of the sidecar. attached: each decision's region, None where this run has none such."""
    change = Changes(0, 0) if reading.layer is None else changes(reading.layer, found.mask)
    said = reading.to_json()
    for decision, number in zip(said["decisions"], attached, strict=True):
        decision["region"] = number
    return {
        **said,
        "added_px": change.added,
        "removed_px": change.removed,
        "reviewed": len(attached) - attached.count(None),
        "of": regions,
        "mm_per_px": reading.mm_per_px,
    }


def border(found: Segmentation, reading: Reading | None = None) -> list[NDArray[np.float64]]:
    """The final mask's border as closed curves in the photograph's pixels; smooth unless the mask was corrected."""
    if reading is not None and reading.layer is not None:
        return outline(corrected(found, reading))
    size = found.image.width, found.image.height
    if found.refined is not None:
        return contours(found.refined.probability, 0.5, *size)
    return contours(found.evidence.agreement(0.5), found.consensus.delta, *size)


def _maps(found: Segmentation) -> bytes:
    buffer = io.BytesIO()
    maps: dict[str, Any] = {
        "difference": found.evidence.difference,
        "consistency": found.consensus.consistency,
        "ambiguity": found.consensus.ambiguity,
    }
    if found.probability is not None:
        maps["probability"] = found.probability
    np.savez_compressed(buffer, **maps)
    return buffer.getvalue()


def _mask_png(mask: NDArray[np.bool_]) -> bytes:
    return _png(Image.fromarray(mask.astype(np.uint8) * 255))


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)  # a 6-megapixel overlay in half a second instead of three
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _sentence(path: Path) -> Iterator[None]:
    """Turn an operating-system error into one sentence for the user."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"{path} could not be written ({reason}); choose another folder or free some space."
        ) from None
