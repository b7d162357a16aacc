"""From the start screen through a series: opened again, judged, exported, and found as it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diffseg_gui.features.verdict import Verdict
from engine.records.sidecar import read_sidecar
from tests.gui.conftest import PATIENCE, wait_until_current
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.preferences import Preferences


def states(bench: Workbench) -> list[str]:
    """The words below the photographs of the strip."""
    series = bench.series
    return [series.states.of(path).word for path in series.strip.cells.files]


def test_a_series_is_found_as_it_was_left(
    make_bench: Callable[..., Workbench], preferences: Preferences, model_path: Path, photo_path: Path,
    other_path: Path, tmp_path: Path, qtbot: QtBot,
) -> None:  # fmt: skip
    folder, readings, out = tmp_path / "series", tmp_path / "readings", tmp_path / "out"
    folder.mkdir()
    for name, path in (("a.png", photo_path), ("b.png", other_path)):
        Image.open(path).save(folder / name)
    for name in ("a.png", "gone.png"):
        preferences.remember(folder / name)

    first = make_bench(model_path, readings)
    recent = first.stage.welcome.recent
    qtbot.waitUntil(lambda: list(recent.files) == [folder / "a.png"], timeout=PATIENCE)
    qtbot.mouseClick(recent.files[folder / "a.png"], LEFT)
    wait_until_current(first, qtbot)
    qtbot.waitUntil(first.series.strip.isVisible, timeout=PATIENCE)
    assert first.series.strip.position.text() == "1 of 2"
    qtbot.keyClick(first.window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "hair")
    qtbot.keyClick(first.window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert states(first)[0] == "reviewed"
    first.export.into(out)
    qtbot.waitUntil(lambda: states(first)[0] == "exported", timeout=PATIENCE)
    said = read_sidecar(out / "a")
    assert said is not None
    assert (said["reading"]["verdict"], said["reading"]["note"]) == ("usable", "hair")
    first.window.close()

    second = make_bench(model_path, readings)
    second.series.begin([folder / "b.png"])
    qtbot.waitUntil(lambda: states(second)[:1] == ["reviewed"], timeout=PATIENCE)
    wait_until_current(second, qtbot)
    row = second.series.strip.row
    qtbot.mouseClick(row.viewport(), LEFT, pos=row.visualRect(second.series.strip.cells.index(0)).center())
    box = second.feature(Verdict).card.note_box
    qtbot.waitUntil(lambda: box.toPlainText() == "hair", timeout=PATIENCE)
    wait_until_current(second, qtbot)
