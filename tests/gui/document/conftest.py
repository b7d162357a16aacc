"""Documents and autosaves without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from diffseg_gui.document.autosave import Autosave
from diffseg_gui.document.document import Document
from diffseg_gui.document.editing import Editing
from engine.photograph.image import SkinImage
from tests.gui.document.making import Heard, land

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from engine.recipe import Recipe
    from engine.results import Evidence


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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where readings are kept; it need not be there."""
    return tmp_path / "readings"


@pytest.fixture
def sit_down(qapp: QApplication, folder: Path) -> Iterator[Callable[[], Autosave]]:
    """Begin a sitting that keeps readings in ``folder``; earlier ones go on, as other windows do."""
    made: list[Autosave] = []

    def make() -> Autosave:
        made.append(Autosave(folder))
        return made[-1]

    yield make
    for autosave in made:
        autosave.close()


@pytest.fixture
def autosave(sit_down: Callable[[], Autosave]) -> Autosave:
    """One sitting."""
    return sit_down()


@pytest.fixture
def editing(document: Document, photo: SkinImage, evidence: Evidence) -> Iterator[Editing]:
    """Over the photograph, which is open and analysed."""
    made = Editing(document)
    document.receive_photograph(photo)
    land(document, evidence)
    yield made
    made.close()
