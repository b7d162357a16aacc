"""Reading a folder of results back, so that more formats can be written of it later, and it can be checked.

What comes back is the result as it was written: no network runs, and the numbers are those of its sidecar. Not all of
it is in the folder: the photograph is found again by its digest, or missing; the counterfactual is not kept.
"""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DiffSegError, ExportError
from engine.method.consensus import vote
from engine.method.probability import softening_from_json
from engine.photograph.image import SkinImage
from engine.photograph.read import read_mask
from engine.reading.correction import LESION, SKIN
from engine.reading.layer_png import layer_from_png
from engine.reading.reading import Reading
from engine.recipe import Recipe, VoteSettings
from engine.records.record import Record
from engine.records.sidecar import SIDECAR, read_sidecar, scribbles_in
from engine.records.text import base_name
from engine.records.writers.maps import MAPS
from engine.records.writers.masks import CORRECTION, MASK, MODEL_MASK, OUTLINE
from engine.results import DeviceUse, Dropped, Evidence, ModelName, Refined, Segmentation, Stability

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.arrays import Bools, Floats
    from engine.reading.correction import Layer

NEEDED = {
    *("image", "model", "recipe", "ged", "delta", "stability", "refined", "subsets", "lesion_area_px", "measures"),
    *("regions", "device", "device_detail", "seconds", "version", "notice"),
}
DAMAGE = (
    *(
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        AttributeError,
        EOFError,
        OverflowError,
        zipfile.BadZipFile,
        zlib.error,
    ),
    *(tokenize.TokenError, SyntaxError),  # of an array's header
    RuntimeError,  # of a zip file that says it is encrypted, or compressed in a way that is not known
)


def read_record(folder: Path, photograph: SkinImage | None = None) -> Record:
    """The record that ``export`` wrote into a folder.

    photograph: where it was found again, see :class:`engine.study.finding.Photographs`; the record has none without.
    Raises :class:`ExportError` where a file is missing, damaged, of a newer format, or belongs to another result.
    """
    said = sidecar_in(folder)
    try:
        with damage_said(folder):
            image = _absent(folder, said) if photograph is None else _as_called(photograph, said)
            reading = reading_in(folder, said)
            found = _found(folder, said, image, model_mask(folder, said))
            record = Record(found, reading, said, photograph is not None)
            if {record.mask.shape} != {(said["image"]["height"], said["image"]["width"]), (image.height, image.width)}:
                raise ExportError(f"The pictures in {folder} are of other sizes than its photograph; segment it again.")
            _check(folder, record)
    except ExportError:
        raise
    except FileNotFoundError as error:
        name = base_name(str(error.filename))
        raise ExportError(f"{name} is missing in {folder}; segment its photograph again.") from None
    except (DiffSegError, OSError) as error:
        raise ExportError(f"The result in {folder} cannot be read back: {error}") from None
    return record


@contextmanager
def damage_said(folder: Path) -> Iterator[None]:
    """For all that is made of the sidecar in a folder of results, which may say what no export writes.

    What then cannot be made raises :class:`ExportError`, with one sentence.
    """
    try:
        yield
    except DAMAGE as error:
        raise ExportError(f"The result in {folder} is damaged ({error!r}); segment its photograph again.") from None


def _check(folder: Path, record: Record) -> None:
    """Raise :class:`ExportError` unless the final mask is the one that was written."""
    written, area = read_mask(folder / MASK), record.said["lesion_area_px"]
    if not np.array_equal(record.mask, written) or np.count_nonzero(written) != area:
        raise ExportError(
            f"{MASK} in {folder} is not the mask that {SIDECAR} describes; segment its photograph again, and correct it"
            " in the window."
        )


def sidecar_in(folder: Path) -> dict[str, Any]:
    """The sidecar in a folder. Raises :class:`ExportError` where there is none that can be read, or a newer one."""
    said = read_sidecar(folder)
    if said is None and not folder.exists():
        raise ExportError(f"{folder} does not exist; name a folder of results.")
    if said is None:
        raise ExportError(f"{folder} holds no {SIDECAR} that can be read; name a folder of results.")
    missing = sorted(NEEDED - set(said))
    if missing:
        raise ExportError(f"{folder / SIDECAR} does not say {missing[0]!r}; segment its photograph again.")
    return said


def model_mask(folder: Path, said: dict[str, Any]) -> Bools:
    """The mask that the model found, bool (height, width), as it was written.

    Raises :class:`ImageError` where it is not there or cannot be read; :class:`ExportError` where the correction is not
    there by which a person changed it: what they made would pass for the model's.
    """
    has_layer, reading = (folder / CORRECTION).is_file(), said.get("reading") or {}
    if not has_layer and (reading.get("added_px") or reading.get("removed_px")):
        raise ExportError(f"{CORRECTION} is missing in {folder}; segment its photograph again, and correct it anew.")
    return read_mask(folder / (MODEL_MASK if has_layer else MASK))


def _absent(folder: Path, said: dict[str, Any]) -> SkinImage:
    """A photograph of which name, digest and size are known; its pixels take no memory and mean nothing."""
    about = said["image"]
    pixels = np.broadcast_to(np.uint8(0), (about["height"], about["width"], 3))
    return SkinImage(folder / base_name(about["file"]), about["sha256"], pixels, about.get("frame"))


def _as_called(photograph: SkinImage, said: dict[str, Any]) -> SkinImage:
    """The photograph under the name that it had then, whatever it is called by now."""
    return replace(photograph, path=photograph.path.with_name(base_name(said["image"]["file"])))


def reading_in(folder: Path, said: dict[str, Any]) -> Reading:
    """What a person made of the result, from its sidecar and the pictures beside it.

    Raises :class:`ReadingError` or :class:`ImageError` where these cannot be used.
    """
    if said.get("reading") is None:
        return Reading()
    layer: Layer | None = None
    outline: Layer | None = None
    if (folder / CORRECTION).is_file():
        layer = layer_from_png((folder / CORRECTION).read_bytes())
    if (folder / OUTLINE).is_file():
        outline = np.where(read_mask(folder / OUTLINE), np.int8(LESION), np.int8(SKIN))
    return Reading.from_json(said["reading"], layer, outline)


def _found(folder: Path, said: dict[str, Any], image: SkinImage, mask: Bools) -> Segmentation:
    with np.load(folder / MAPS) as arrays:
        maps: dict[str, Floats] = {name: arrays[name] for name in arrays.files}
    recipe, about = Recipe.from_json(said["recipe"]), said["device_detail"]
    device = DeviceUse(said["device"], about["name"], about["precision"], about["note"])
    evidence = Evidence(recipe.noise.timesteps, maps["difference"], np.zeros((0, 0, 3), np.uint8), device)
    return Segmentation(
        image,
        recipe,
        ModelName(said["model"]["name"], said["model"]["sha256"], str(said["model"].get("licence", ""))),
        evidence,
        vote(evidence, VoteSettings(said["delta"])),
        _refined(said, mask, maps.get("refined")) if said["refined"] else None,
        _stability(said["stability"]),
        said["seconds"],
        softening_from_json(said.get("softening")),
        scribbles_in(said),
        str(said.get("made", "")),
    )


def _refined(said: dict[str, Any], mask: Bools, probability: Floats | None) -> Refined:
    """Stage 3. Where ``maps.npz`` holds no probability, the border is that of the mask's own pixels."""
    dropped = tuple(Dropped(one["hole"], one["area_px"], tuple(one["box"])) for one in said.get("dropped", ()))
    subsets = tuple(tuple(subset) for subset in said["subsets"])
    return Refined(mask.astype(np.float32) if probability is None else probability, mask, subsets, dropped)


def _stability(said: dict[str, Any]) -> Stability:
    delta, area, ged = (np.asarray(said[name], np.float64) for name in ("delta", "area", "ged"))
    plateau = said["plateau"]
    return Stability(delta, area, ged, None if plateau is None else (plateau[0], plateau[1]))
