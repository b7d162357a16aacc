"""What documents and their autosave are tested with: readings, results, and ears for what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diffseg_gui.document.kept import Kept
from engine.reading.correction import Patch
from engine.reading.reading import Reading, Ruler
from tests.gui.desk import result

if TYPE_CHECKING:
    from diffseg_gui.document.autosave import Autosave
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.results import Evidence, Segmentation

RULER = Ruler((0.0, 0.0), (9.0, 0.0), 2.0)
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


def layer_of(photo: SkinImage, value: int = 1) -> np.ndarray:
    """A correction of a corner of the photograph."""
    layer = np.zeros((photo.height, photo.width), np.int8)
    layer[:5, :6] = value
    return layer


def land(document: Document, evidence: Evidence) -> Segmentation:
    """Answer the newest request."""
    assert document.photograph is not None
    found = result(document.photograph, evidence, document.recipe)
    document.receive_result(found)
    return found


class Taken:
    """What was kept, and whether somebody has gone on with it."""

    def __init__(self, reading: Reading | None, news: bool = True) -> None:
        self.count = 0
        self.kept = Kept(reading, news=news, taken=self._take)

    def _take(self) -> None:
        self.count += 1


def marked(photo: SkinImage, value: int = 1, edits: int = 1) -> Reading:
    """A reading with a corrected square."""
    layer = np.zeros((photo.height, photo.width), np.int8)
    layer[4:9, 3:9] = value
    return Reading(layer, edits=edits)


def open_(autosave: Autosave, photo: SkinImage) -> Kept:
    """Open the photograph, and go on with what is kept of it."""
    reading, _ = autosave.newest(photo.sha256, autosave.load(photo))
    if reading.reading is not None and not reading.reading.is_empty:
        reading.taken()
    return reading


def told(autosave: Autosave) -> list[str]:
    """What it says went wrong, or was set aside, from now on."""
    said: list[str] = []
    for signal in (autosave.failed, autosave.setAside):
        signal.connect(said.append)
    return said


def square(value: int = 1, x: int = 3, y: int = 4) -> Patch:
    """A patch of one value."""
    return Patch(x, y, np.full((5, 6), value, np.int8))


def model_mask(document: Document) -> Bools:
    """The newest result, without corrections."""
    found = document.results.segmentation
    assert found is not None
    return found.mask


def masks_told(editing: Editing) -> list[Bools | None]:
    """The masks that there were whenever another one was told of."""
    told: list[Bools | None] = []
    editing.maskChanged.connect(lambda: told.append(editing.mask))
    return told
