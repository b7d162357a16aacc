"""Documents without a window, and what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.document import Document
from engine.photograph.image import SkinImage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from engine.recipe import Recipe

TELLS = (
    *("opened", "recipeChanged", "resultChanged", "progressChanged", "readingChanged", "blindChanged"),
    *("failed", "noticed", "requested", "withdrawn", "edited", "outlined"),
)


class Heard:
    """What a document has told, in order: the signals' names, and with what."""

    def __init__(self, document: Document) -> None:
        self.all: list[tuple[str, tuple[object, ...]]] = []
        for name in TELLS:
            getattr(document, name).connect(lambda *said, name=name: self.all.append((name, said)))

    @property
    def names(self) -> list[str]:
        """Which signals."""
        return [name for name, _ in self.all]

    def of(self, name: str) -> list[tuple[object, ...]]:
        """With what one of them came, each time."""
        return [said for told, said in self.all if told == name]

    def forget(self) -> None:
        """Hear from now on."""
        self.all.clear()


@pytest.fixture
def document(qapp: QApplication, recipe: Recipe) -> Iterator[Document]:
    """An empty document, of which nobody asks anything."""
    made = Document(recipe)
    yield made
    made.rest()


@pytest.fixture
def heard(document: Document) -> Heard:
    """What that document tells from the beginning."""
    return Heard(document)


@pytest.fixture
def other(tmp_path: Path) -> SkinImage:
    """Another photograph, of another size."""
    return SkinImage(tmp_path / "other.png", "f" * 64, np.full((40, 60, 3), 120, np.uint8))
