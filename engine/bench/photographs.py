"""The photographs that are measured: made from the bundled synthetic samples, the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance

from engine.errors import ImageError
from engine.host.resources import samples

if TYPE_CHECKING:
    from pathlib import Path

NATIVE = 3024, 2016  # 6.1 megapixels, the 3 : 2 of a camera's sensor
BATCH_SIDE = 256


def native(folder: Path) -> Path:
    """The bundled melanoma, cut to 3 : 2 and enlarged to 3024 x 2016 pixels, as a JPEG file."""
    width, height = NATIVE
    with Image.open(_sample("melanoma")) as image:
        cut = image.width * height / width
        top = (image.height - cut) / 2
        large = image.resize(NATIVE, Image.Resampling.BICUBIC, box=(0, top, image.width, top + cut))
    path = folder / "native.jpg"
    large.save(path, quality=92)
    return path


def mirrored(photo: Path, folder: Path) -> list[Path]:
    """A photograph as it is, mirrored, upside down, and both: four JPEG files of one size."""
    paths = []
    with Image.open(photo) as image:
        upright = image.convert("RGB")
    for number in range(4):
        turned = upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 2 else upright
        turned = turned.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if number // 2 else turned
        paths.append(folder / f"session{number}.jpg")
        turned.save(paths[-1], quality=92)
    return paths


def batch(folder: Path, count: int) -> list[Path]:
    """Images of 256 x 256 pixels: squares cut from the samples in turn, each at another place, size and brightness."""
    rng = np.random.default_rng(0)
    sources = [Image.open(path).convert("RGB") for path in samples()]
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(count):
        source = sources[number % len(sources)]
        side = rng.uniform(0.8, 1.0) * min(source.size)
        left, top = rng.uniform(0, source.width - side), rng.uniform(0, source.height - side)
        box = left, top, left + side, top + side
        square = source.resize((BATCH_SIDE, BATCH_SIDE), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
        paths.append(folder / f"{number:03d}.png")
        ImageEnhance.Brightness(square).enhance(rng.uniform(0.9, 1.1)).save(paths[-1])
    return paths


def _sample(name: str) -> Path:
    for path in samples():
        if path.stem == name:
            return path
    raise ImageError(f"The bundled photograph {name}.jpg is missing; restore it or choose another with --image.")
