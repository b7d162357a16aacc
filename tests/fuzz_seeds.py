"""Small whole files of every kind that the program reads, made here: what :mod:`tests.fuzz` damages."""

from __future__ import annotations

import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from pydicom.uid import JPEG2000Lossless

from engine.networks.weights import load_model, save_model
from engine.photograph.read import read_image
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.reading import Reading
from engine.records.export import export
from engine.records.readings import save
from tests.conftest import random_network
from tests.engine.dicoms import encapsulated, native
from tests.engine.pictures import lesion_photo
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Mapping

IDENTITY = "0" * 64
WIDTH, HEIGHT = 80, 64


@cache
def seeds() -> Mapping[str, bytes]:
    """Contents by kinds; the first word is the file's ending, or what it is."""
    pixels, mask = lesion_photo(0, HEIGHT, WIDTH)
    picture = Image.fromarray(pixels)
    exif = Image.Exif()
    exif[274], exif[271] = 6, "Maker"
    deep = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    return {
        "jpg": _saved(picture, "JPEG", exif=exif, quality=90),
        "jpg progressive": _saved(picture, "JPEG", progressive=True, icc_profile=_profile()),
        "png": _saved(picture, "PNG", exif=exif, icc_profile=_profile()),
        "png deep": _saved(deep, "PNG"),
        "png mask": _saved(Image.fromarray(np.uint8(mask) * 255), "PNG"),
        **{f"tiff {how}": _saved(picture, "TIFF", compression=how) for how in ("raw", "tiff_lzw", "jpeg", "packbits")},
        "tiff deep": _saved(deep, "TIFF", compression="tiff_deflate"),
        "tiff planes": _planes(pixels),
        "webp": _saved(picture, "WEBP", exif=exif),
        "avif": _saved(picture, "AVIF"),
        "bmp": _saved(picture, "BMP"),
        "heic": _heic(picture),
        "dcm": native(pixels),
        "dcm jpeg": encapsulated([_saved(picture, "JPEG")], (WIDTH, HEIGHT)),
        "dcm jpeg2000": encapsulated(
            [_saved(picture, "JPEG2000", no_jp2=True)], (WIDTH, HEIGHT), JPEG2000Lossless,
            PhotometricInterpretation="RGB",
        ),
        **_records(),
    }  # fmt: skip


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _planes(pixels: np.ndarray) -> bytes:
    import tifffile

    buffer = io.BytesIO()
    planes = np.moveaxis(pixels.astype(np.uint16) * 257, -1, 0)
    tifffile.imwrite(buffer, planes, photometric="rgb", planarconfig="separate")
    return buffer.getvalue()


def _heic(picture: Image.Image) -> bytes:
    import pillow_heif

    buffer = io.BytesIO()
    pillow_heif.from_pillow(picture).save(buffer)
    return buffer.getvalue()


@cache
def model() -> tuple[bytes, bytes]:
    """A tiny model's weights, and its description."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.safetensors"
        save_model(path, random_network(), RECIPE, {"note": "random weights"})
        return path.read_bytes(), path.with_suffix(".json").read_bytes()


def write_results(folder: Path) -> None:
    """What an export leaves of a corrected photograph."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "tiny.safetensors"
        for content, file in zip(model(), (path, path.with_suffix(".json")), strict=True):
            file.write_bytes(content)
        (Path(place) / "lesion.png").write_bytes(_saved(Image.fromarray(lesion_photo(0, HEIGHT, WIDTH)[0]), "PNG"))
        image = read_image(Path(place) / "lesion.png")
        found = drain(Pipeline(load_model(path), "cpu").run(image, RECIPE))
    export(found, folder, reading())


def reading() -> Reading:
    """A correction."""
    layer = np.full((HEIGHT, WIDTH), -1, np.int8)
    layer[20:40, 20:40] = 1
    return Reading(layer)


def _records() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_results(folder / "results")
        save(folder / "readings", IDENTITY, reading())
        weights, described = model()
        return {
            "recipe": json.dumps(RECIPE.to_json()).encode(),
            "reading": (folder / "readings" / f"{IDENTITY}.json").read_bytes(),
            "result": (folder / "results" / "result.json").read_bytes(),
            "maps": (folder / "results" / "maps.npz").read_bytes(),
            "weights": weights,
            "description": described,
        }
