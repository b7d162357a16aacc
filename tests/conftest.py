"""What all tests share: a tiny network with random weights, a small synthetic photograph, and evidence to vote on.

``tests`` and its folders are packages so that ``tests/engine`` is never taken for the package ``engine``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import settings
from PIL import Image

from engine.host import resources
from engine.networks.unet import UNet, UNetConfig
from engine.networks.weights import Model, load_model, save_model
from engine.photograph.read import read_image
from engine.photograph.resize import resize_rgb
from engine.results import DeviceUse, Evidence
from tests.engine.pictures import lesion_photo
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage

torch.set_num_threads(1)  # sums in one order, so that "equal" can mean equal to the bit
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("steady")

TINY = UNetConfig(size=32, base=8, multipliers=(1, 2))


def random_network(seed: int = 0) -> UNet:
    """A network whose layers all matter (a new one starts with zeros) and whose two labels differ visibly."""
    torch.manual_seed(seed)
    network = UNet(TINY).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            if not parameter.any():
                parameter.normal_(0, 0.1)
    return network


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model: weights, with their description beside them. Not to be changed."""
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    save_model(path, random_network(), RECIPE, {"note": "random weights"})
    return path


@pytest.fixture
def model(model_path: Path) -> Model:
    """The tiny model, freshly loaded."""
    return load_model(model_path)


@pytest.fixture(scope="session")
def photo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic photograph of 96 x 72 pixels, in a PNG file. Not to be changed."""
    path = tmp_path_factory.mktemp("photo") / "nevus.png"
    Image.fromarray(resize_rgb(read_image(resources.samples()[-1]).pixels, 96, 72)).save(path)
    return path


@pytest.fixture(scope="session")
def photo(photo_path: Path) -> SkinImage:
    """The photograph of ``photo_path``."""
    return read_image(photo_path)


@pytest.fixture
def evidence(photo: SkinImage) -> Evidence:
    """Ten discs of growing radius on the photograph's grid: 0.3 inside, 0 outside, soft at the border."""
    timesteps = tuple(range(60, 151, 10))
    rows, columns = np.mgrid[: photo.height, : photo.width]
    distance = np.hypot(rows - photo.height / 2, columns - photo.width / 2)
    discs = [0.3 / (1 + np.exp(distance - radius)) for radius in np.linspace(12, 24, len(timesteps))]
    counterfactual = np.full((photo.height, photo.width, 3), 200, np.uint8)
    return Evidence(timesteps, np.float32(discs), counterfactual, DeviceUse("cpu", "test", "float32"))


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six lesions in ``images``, their masks in ``masks`` and an ``index.csv``. Not to be changed."""
    folder = tmp_path_factory.mktemp("dataset")
    rows = ["id,split,image,mask"]
    for name in ("images", "masks"):
        (folder / name).mkdir()
    for number in range(6):
        pixels, mask = lesion_photo(number)
        image, annotation = f"images/L{number}.png", f"masks/L{number}_segmentation.png"
        Image.fromarray(pixels).save(folder / image)
        Image.fromarray(mask).save(folder / annotation)
        rows.append(f"L{number},{'train' if number < 4 else 'val'},{image},{annotation}")
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder
