"""The border as SVG: rasterised again it is the mask, holes and all."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.cli import main
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.agreement import agreement
from engine.reading.reading import Reading, corrected
from engine.recipe import NoiseSettings
from engine.records.export import export
from engine.records.record import Record
from engine.records.writers import writers
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.arrays import Bools
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Segmentation

FINE = 8  # pixels of the raster to one of the photograph's


@pytest.fixture
def found(model: Model, photo: SkinImage) -> Segmentation:
    """The tiny model's result."""
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(60, 100)))
    return drain(Pipeline(model, "cpu").run(photo, recipe))


def rasterised(svg: bytes) -> Bools:
    """The pixels whose middles lie within, by the even-odd rule."""
    root = ElementTree.fromstring(svg)
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {width} {height}"
    inside = np.zeros((height * FINE, width * FINE), np.bool_)
    (path,) = root.iter("{http://www.w3.org/2000/svg}path")
    for ring in re.findall(r"M([^Z]*)Z", path.attrib["d"]):
        points = [tuple(float(part) * FINE for part in point.split(",")) for point in ring.split(" L")]
        picture = Image.new("1", inside.shape[::-1])
        ImageDraw.Draw(picture).polygon(points, fill=1)
        inside ^= np.asarray(picture)
    return inside[FINE // 2 :: FINE, FINE // 2 :: FINE]


def test_a_corrected_mask_with_a_hole_and_two_pieces_comes_back(found: Segmentation) -> None:
    layer = np.full(found.mask.shape, -1, np.int8)
    layer[10:50, 10:60] = 1
    layer[20:30, 20:40] = -1
    layer[5:9, 80:90] = 1
    reading = Reading(layer)
    ((name, svg),) = writers()["svg"].files(Record.of(found, reading))
    assert name == "border.svg"
    assert agreement(rasterised(svg), corrected(found, reading)).dice > 0.995


def test_an_empty_mask_is_an_empty_path(found: Segmentation) -> None:
    ((_, svg),) = writers()["svg"].files(Record.of(found, Reading(np.full(found.mask.shape, -1, np.int8))))
    assert b'd=""' in svg
    assert not rasterised(svg).any()


def test_it_is_written_where_it_is_asked_for_and_goes_with_its_result(found: Segmentation, tmp_path: Path) -> None:
    export(found, tmp_path, also=("svg",))
    assert (tmp_path / "border.svg").exists()
    export(found, tmp_path)
    assert not (tmp_path / "border.svg").exists(), "it would be another result's"


def test_the_command_line_writes_it(model_path: Path, photo_path: Path, tmp_path: Path) -> None:
    fixed = ["--model", str(model_path), "--device", "cpu", "--timesteps", "100", "-o", str(tmp_path)]
    assert main(["segment", str(photo_path), *fixed]) == 0
    assert not (tmp_path / "nevus" / "border.svg").exists()
    assert main(["segment", str(photo_path), *fixed, "--resume", "--also", "svg"]) == 0
    assert (tmp_path / "nevus" / "border.svg").exists()
