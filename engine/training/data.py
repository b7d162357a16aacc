"""Annotated images for training and validation, held in memory at the network's scale.

Two sources: a folder of images and a folder of masks in ISIC's own layout (``ISIC_x.jpg`` with
``ISIC_x_segmentation.png``, or the same stem), or an index file with the columns ``id, split, image, mask`` whose paths
are relative to it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from engine.errors import TrainingError
from engine.formats import format_of
from engine.photograph.files import is_photograph, stem_of
from engine.photograph.read import read_image, read_mask
from engine.photograph.resize import resize, resize_rgb
from engine.progress import counted, unheard
from engine.records.sidecar import FORMAT
from engine.records.writers.masks import CORRECTION
from engine.study.batch import values
from engine.study.items import ANNOTATION, images_in
from engine.training.healthy import remove_lesion
from engine.training.styles import COLUMN, numbers_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.progress import Report

NEEDED = ("id", "split", "image", "mask")
MOST_DOUBT = 0.4  # GED over the square root of the lesion's share of the image, up to which a result is believed
CACHE_SCALE = 1.25  # images are held this much larger than the network's square, for rotation and zoom


@dataclass(frozen=True)
class Sample:
    """One annotated image: its id, where its image and mask lie, and the index's further columns, as text.

    frame: of an image file that holds several, as in ``read_image``.
    """

    id: str
    image: Path
    mask: Path
    facts: dict[str, str] = field(default_factory=dict, hash=False)
    frame: int | None = None

    @property
    def annotation_style(self) -> str:
        """How its annotator draws, by a name of the index's; empty where it has none."""
        return self.facts.get(COLUMN, "")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Lesion images with healthy counterparts: uint8 (N, 3, H, W) twice, masks uint8 (N, 1, H, W) 0 or 1.

    paired: bool (N,), False where too little skin was left to make a counterpart (healthy then repeats the image).
    style: int64 (N,), in which way each mask is outlined (:mod:`engine.training.styles`).
    """

    ids: list[str]
    images: Tensor
    healthy: Tensor
    masks: Tensor
    paired: Tensor
    style: Tensor

    def __len__(self) -> int:
        return len(self.ids)


def from_folders(images: Path, masks: Path) -> list[Sample]:
    """Match images and masks by id, sorted by id. Raises :class:`TrainingError` if a folder is missing or no pair."""
    for folder in (images, masks):
        if not os.path.isdir(folder):  # also for a name too long to be one
            raise TrainingError(f"{folder} is not a folder; name a folder of images and a folder of masks.")
    pictures = images_in(masks)
    mask_of = {stem_of(p): p for p in pictures} | {  # ISIC's own names win where one folder holds images and masks
        stem_of(p).removesuffix(ANNOTATION): p for p in pictures if stem_of(p).endswith(ANNOTATION)
    }
    named = [(stem_of(p), p) for p in images_in(images)]
    samples = [Sample(name, p, mask_of[name]) for name, p in named if mask_of.get(name, p) != p]
    if not samples:
        raise TrainingError(f"No image in {images} has a mask in {masks}; the names must share the image's id.")
    return sorted(samples, key=lambda s: s.id)


def from_index(index: Path, split: str | None) -> list[Sample]:
    """Read one split ("train", say) of an index file; None: all. Raises :class:`TrainingError` if it cannot be used."""
    try:
        with index.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if split in (None, row["split"])]
        samples = [Sample(r["id"], index.parent / r["image"], index.parent / r["mask"], _facts(r)) for r in rows]
    except OSError as error:
        raise TrainingError(f"{index} cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, csv.Error):
        raise TrainingError(f"{index} cannot be read (not text).") from None
    except TypeError:
        raise TrainingError(f"{index} has a row without an image or a mask.") from None
    except KeyError as error:
        raise TrainingError(f"{index} has no column {error}; it needs id, split, image and mask.") from None
    if not samples:
        raise TrainingError(f"{index} lists no image of the split {split!r}.")
    return samples


def from_results(
    results: Path, photographs: Path, annotated: Collection[Path] = (), report: Report = unheard
) -> tuple[list[Sample], list[str]]:
    """Exported results (a folder each, with ``result.json`` and ``mask.png``) as samples: pseudo-masks, sorted by id.

    Taken are results that a person corrected, and those whose masks agree: GED over the square root of the lesion's
    share of the image up to :data:`MOST_DOUBT`; never those that a person called not usable. photographs: the folder
    anywhere below which theirs are looked for, by their bytes. annotated: photographs with an annotation; what is
    theirs, under whatever name, is left out. Also returns the names of results left out because their photograph is not
    there. Raises :class:`TrainingError` if there is no result, or none is left.
    """
    believed = _believed(results)
    if not believed:
        raise TrainingError(f"{results} holds no exported result whose masks agree.")
    if not os.path.isdir(photographs):
        raise TrainingError(f"{photographs} is not a folder; name the one that holds the results' photographs.")
    files = sorted(p for p in photographs.rglob("*") if is_photograph(p) and p.is_file())
    digest_of = {path: sha256_of(path) for path in counted({*annotated, *files}, "finding photographs", report)}
    known, place = {digest_of[path] for path in annotated}, {digest_of[path]: path for path in reversed(files)}
    new = {folder: digest for folder, (digest, _) in believed.items() if digest not in known}
    found = {folder: place[digest] for folder, digest in new.items() if digest in place}
    if not found:
        raise TrainingError(
            f"The results in {results} have no photograph in {photographs} or annotated ones only; name other folders."
        )
    samples = []
    for folder, image in found.items():
        frame = believed[folder][1]
        id_ = stem_of(image) if frame is None else f"{stem_of(image)}-{frame}"
        samples.append(Sample(id_, image, folder / "mask.png", frame=frame))
    return sorted(samples, key=lambda s: s.id), [folder.name for folder in new if folder not in found]


def _believed(results: Path) -> dict[Path, tuple[str, int | None]]:
    """The folders of those results that are to be believed, with their photographs' SHA-256 and frame."""
    believed = {}
    for path in sorted(results.glob("*/result.json")):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            format_of(found, FORMAT, f"The result {path}", TrainingError)
            image, area = found["image"], found["lesion_area_px"] / (found["image"]["width"] * found["image"]["height"])
            sure = area > 0 and found["ged"] / math.sqrt(area) <= MOST_DOUBT
            rejected = (found.get("reading") or {}).get("verdict") == "not usable"
            if (sure or found.get("scribbles") or (path.parent / CORRECTION).is_file()) and not rejected:
                believed[path.parent] = str(image["sha256"]), image.get("frame")
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            raise TrainingError(f"{path} is not a result of DiffSeg; remove that folder, or name another.") from None
    return believed


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises :class:`TrainingError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise TrainingError(f"{path} cannot be read ({reason}); check its name and its permissions.") from None


def _facts(row: dict[str, str]) -> dict[str, str]:
    """The columns of an index's row beyond the needed ones; cells without a heading, or missing ones, are left out."""
    return {name: value for name, value in row.items() if name not in NEEDED and name and value is not None}


def load_pairs(
    samples: list[Sample], size: int, seed: int, report: Report = unheard, styles: Sequence[str] = ()
) -> Pairs:
    """Read samples at CACHE_SCALE times the network's size and remove their lesions; deterministic in the seed.

    As many at a time as torch has threads. styles: of which each sample has one; without them all have the same. Raises
    the first failure in the samples' order.
    """
    side, count = round(size * CACHE_SCALE), len(samples)
    images, healthy = (torch.empty((count, 3, side, side), dtype=torch.uint8) for _ in range(2))
    masks, paired = torch.empty((count, 1, side, side), dtype=torch.uint8), torch.empty(count, dtype=torch.bool)
    pairs = Pairs(
        [s.id for s in samples],
        images,
        healthy,
        masks,
        paired,
        numbers_of((s.annotation_style for s in samples), styles),
    )
    pool = ThreadPoolExecutor(torch.get_num_threads())
    try:
        loaded = pool.map(partial(_load, pairs, seed), range(count), samples)
        for _ in values(counted(samples, "removing lesions", report), lambda _: next(loaded), lambda s: s.image):
            pass
    finally:
        pool.shutdown(cancel_futures=True)
    return pairs


def _load(pairs: Pairs, seed: int, number: int, sample: Sample) -> None:
    """Read one sample into its place."""
    image, mask = load_square(sample, pairs.images.shape[-1])
    filled = remove_lesion(image, mask, np.random.default_rng((seed, number)))
    pairs.images[number] = _to_tensor(image)
    pairs.healthy[number] = _to_tensor(image if filled is None else filled)
    pairs.masks[number, 0] = torch.from_numpy(mask)
    pairs.paired[number] = filled is not None


def load_square(sample: Sample, side: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Read one sample squashed to a square: uint8 (side, side, 3) and bool (side, side)."""
    image = read_image(sample.image, sample.frame)
    mask = read_mask(sample.mask, image)
    return resize_rgb(image.pixels, side, side), resize(mask, side, side) > 0.5


def _to_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(pixels.transpose(2, 0, 1).copy())
