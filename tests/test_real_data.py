"""Real photographs, where they lie beside the repository: the bundled model finds their lesions."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from engine.networks.weights import load_model
from engine.photograph.read import read_image, read_mask
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.agreement import agreement

DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
SMALL, FULL = DATA / "isic2017", DATA / "isic2017_fullres"

needs_small = pytest.mark.skipif(not SMALL.is_dir(), reason="no data beside the repository")
needs_full = pytest.mark.skipif(not FULL.is_dir(), reason="no data beside the repository")


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    """The bundled model on the CPU."""
    return Pipeline(load_model(), "cpu")


def refined_dice(pipeline: Pipeline, image: Path, mask: Path) -> float:
    """Dice of the refined mask with the default settings."""
    found = drain(pipeline.run(read_image(image), pipeline.model.recipe))
    assert found.refined is not None
    return agreement(found.refined.mask, read_mask(mask)).dice


@needs_full
def test_a_photograph_of_full_resolution(pipeline: Pipeline) -> None:
    image = sorted((FULL / "images").glob("*.jpg"))[0]
    assert refined_dice(pipeline, image, FULL / "masks" / f"{image.stem}.png") > 0.7


@needs_small
@pytest.mark.slow
def test_validation_images(pipeline: Pipeline) -> None:
    with (SMALL / "index.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"]
    chosen = rows[:: len(rows) // 12][:12]
    dice = [refined_dice(pipeline, SMALL / row["image"], SMALL / row["mask"]) for row in chosen]
    assert len(dice) == 12
    assert np.mean(dice) > 0.8
