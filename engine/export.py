"""Writing results: a folder of pictures, maps and a sidecar. Files are written whole or not at all.

The window and the command line export through :func:`export`, so what they write is the same to the byte. Nothing of
the photograph's metadata (EXIF, GPS, names) is carried over.
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
    from engine.results import Segmentation


def export(segmentation: Segmentation, folder: Path) -> list[Path]:
    """Write everything about one image into a folder, and return the files' paths.

    All files are prepared beside the folder's content first and then moved into place, ``result.json`` last, so a full
    disk leaves what was there. Masks of timesteps from an earlier export are removed. Raises :class:`ExportError`.
    """
    with _sentence(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder) as partial:
            written = []
            for name, data in _files(segmentation):
                path = Path(partial) / name
                path.parent.mkdir(exist_ok=True)
                _write(path, data)
                written.append(name)
            (folder / "votes").mkdir(exist_ok=True)
            for stale in set((folder / "votes").glob("t*.png")) - {folder / name for name in written}:
                stale.unlink()
            for name in written:
                os.replace(Path(partial) / name, folder / name)
    return [folder / name for name in written]


def folder_for(image: SkinImage, parent: Path) -> Path:
    """The folder in ``parent`` for an image's results: its name, with a part of its digest where another has that."""
    folder = parent / image.path.stem
    try:
        other = json.loads((folder / "result.json").read_text(encoding="utf-8"))["image"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return folder
    return folder if other == image.sha256 else folder.with_name(f"{folder.name}-{image.sha256[:8]}")


def result_json(segmentation: Segmentation) -> dict[str, Any]:
    """The sidecar: image, model, recipe and what was found; re-running its recipe reproduces the mask."""
    image, found = segmentation.image, segmentation
    device = found.evidence.device
    return {
        "image": {
            "path": str(image.path.resolve()),
            "sha256": image.sha256,
            "width": image.width,
            "height": image.height,
        },
        "model": {"name": found.model.name, "sha256": found.model.sha256},
        "recipe": found.recipe.to_json(),
        "ged": found.consensus.ged,
        "ged_matrix": found.consensus.ged_matrix.tolist(),
        "delta": found.consensus.delta,
        "stability": {
            "delta": found.stability.delta.tolist(),
            "area": found.stability.area.tolist(),
            "ged": found.stability.ged.tolist(),
            "plateau": found.stability.plateau,
        },
        "refined": found.refined is not None,
        "subsets": [list(subset) for subset in found.refined.subsets] if found.refined else [],
        "lesion_area_px": int(found.mask.sum()),
        "device": device.kind,
        "device_detail": {"name": device.name, "precision": device.precision, "note": device.note},
        "seconds": found.seconds,
        "version": __version__,
        "notice": "Research use only. Not a medical device.",
    }


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees either the old content or all of the new.

    Raises :class:`ExportError` if the folder cannot be written or the disk is full; the old file then remains.
    """
    with _sentence(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        try:
            _write(partial, data)
            os.replace(partial, path)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise


def _files(found: Segmentation) -> Iterator[tuple[str, bytes]]:
    """Names, relative to the folder, and contents of all files; the sidecar last."""
    votes = found.votes_native
    consistency = mean_of_votes(votes)
    yield "mask.png", _mask_png(found.mask)
    yield "consensus.png", _mask_png(found.consensus_mask)
    for t, vote in zip(found.evidence.timesteps, votes, strict=True):
        yield f"votes/t{t:03d}.png", _mask_png(vote)
    yield "consistency.png", _png(heatmap_picture(consistency, CONSISTENCY_MAP, CONSISTENCY_RANGE))
    ambiguity = consistency * (1 - consistency)
    yield "ambiguity.png", _png(heatmap_picture(ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE))
    yield "maps.npz", _maps(found)
    yield "overlay.png", _png(overlay_picture(found.image.pixels, border(found)))
    yield "result.json", (json.dumps(result_json(found), indent=2) + "\n").encode()


def border(found: Segmentation) -> list[NDArray[np.float64]]:
    """The result's border as smooth closed curves in the photograph's pixels."""
    size = found.image.width, found.image.height
    if found.refined is not None:
        return contours(found.refined.probability, 0.5, *size)
    return contours(found.evidence.agreement(0.5), found.consensus.delta, *size)


def _maps(found: Segmentation) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        difference=found.evidence.difference,
        consistency=found.consensus.consistency,
        ambiguity=found.consensus.ambiguity,
    )
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
