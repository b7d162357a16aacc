"""What the engine's tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.training.data import Pairs, from_folders, load_pairs
from tests.conftest import TINY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def pairs(dataset: Path) -> Pairs:
    """The six lesions with their counterparts, at 40 pixels. Not to be changed."""
    return load_pairs(from_folders(dataset / "images", dataset / "masks"), TINY.size, seed=0)
