"""A reading belongs to its photograph, whatever is analysed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.reading.correction import Patch

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk


def test_a_reading_belongs_to_one_photograph(opened: Desk, photo: SkinImage, evidence: Evidence) -> None:
    document, heard = opened.document, []
    document.readingChanged.connect(lambda: heard.append(document.reading))
    opened.editing.put("corner", Patch(0, 0, np.ones((8, 8), np.int8)))
    reading = document.reading
    assert heard == [reading]
    document.set_delta(0.2)
    document._settled()
    opened.land(evidence)
    assert document.reading is reading, "no analysis touches it"
    opened.open(replace(photo, sha256="1" * 64))
    assert document.reading.is_empty
    assert heard == [reading, document.reading]
