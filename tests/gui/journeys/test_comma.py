"""The whole window on a system whose decimal sign is a comma: numbers are read with it, and written with a point."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLabel, QProgressBar

from diffseg_gui.features.settings import Settings
from diffseg_gui.look.number_box import NumberBox
from diffseg_gui.tools.length_box import LengthBox
from tests.gui.conftest import PATIENCE, wait_until_current
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench

WITH_COMMA = re.compile(r"\d,\d")


@pytest.fixture
def german() -> Iterator[None]:
    """Windows made from now on are those of a German system."""
    former = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    assert QLocale().toString(2.5) == "2,5"
    yield
    QLocale.setDefault(former)


def type_with_comma(box: NumberBox, qtbot: QtBot) -> float:
    """Type a number one step away into a box, and press Enter; returns that number."""
    step = box.singleStep() if box.value() + box.singleStep() <= box.maximum() else -box.singleStep()
    wanted = round(box.value() + step, box.decimals())
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, f"{wanted:.{box.decimals()}f}".replace(".", ","))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    return wanted


def texts(bench: Workbench) -> list[str]:
    """All that stands anywhere in the window."""
    labels, buttons, boxes, bars = (
        bench.window.findChildren(kind) for kind in (QLabel, QAbstractButton, QAbstractSpinBox, QProgressBar)
    )
    return [widget.text() for widget in (*labels, *buttons, *boxes, *bars)]


@pytest.mark.slow
@pytest.mark.usefixtures("german")
def test_a_comma_is_taken_everywhere_and_written_nowhere(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    window, document = analysed.window, analysed.document
    qtbot.mouseClick(analysed.feature(Settings).sections["crf"].more.fold, LEFT)
    boxes = [box for box in window.findChildren(NumberBox) if not isinstance(box.parent(), LengthBox)]
    fractional = [box for box in boxes if box.decimals() > 0]
    assert len(fractional) == 10, "delta, eight of refinement, and the limit"
    for box in fractional:
        wanted = type_with_comma(box, qtbot)
        assert box.value() == pytest.approx(wanted), box.accessibleName()
        assert f"{wanted:.{box.decimals()}f}" in box.text()
    wait_until_current(analysed, qtbot)
    assert not [text for text in texts(analysed) if WITH_COMMA.search(text)]

    with qtbot.waitSignal(analysed.analyst.exported, timeout=PATIENCE):
        analysed.export.into(tmp_path)
    crf = json.loads((tmp_path / "nevus" / "result.json").read_text(encoding="utf-8"))["recipe"]["crf"]
    assert (crf["cut"], crf["w1"]) == (document.recipe.crf.cut, document.recipe.crf.w1)
