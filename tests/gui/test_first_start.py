"""The first start, and what is said when something fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from diffseg_gui.views import CONSISTENCY
from tests.gui.conftest import read_banner, wait_until_current
from tests.gui.test_layout import ENLARGED, LAPTOP, settle

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench

LEFT = Qt.MouseButton.LeftButton


def test_the_first_start_says_what_to_do(
    bench: Workbench, photo_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    welcome = bench.window.stage.welcome
    assert welcome.isVisible()
    assert all(panel.canvas.hint for panel in bench.window.maps.panels.values())
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo_path)], ""))
    qtbot.mouseClick(welcome.open, LEFT)
    assert not welcome.isVisible()
    wait_until_current(bench, qtbot)
    assert bench.state.image.path == photo_path


def test_a_sample_is_one_key_away(bench: Workbench, qtbot: QtBot) -> None:
    welcome = bench.window.stage.welcome
    path, button = next((path, button) for path, button in welcome.samples.items() if path.stem == "nevus")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    wait_until_current(bench, qtbot)
    assert bench.state.image.path == path


def test_the_welcome_is_reached_by_tab(bench: Workbench, qtbot: QtBot) -> None:
    bench.window.stage.canvas.setFocus()
    wanted = {bench.window.stage.welcome.open, *bench.window.stage.welcome.samples.values()}
    seen = set()
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    assert wanted <= seen


def test_what_failed_can_be_tried_again(bench: Workbench, photo_path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    late = tmp_path / "late.png"
    bench.window.open_image(late)
    banner = bench.window.stage.banner
    qtbot.waitUntil(banner.isVisible)
    assert str(late) in banner.sentence.text()
    assert bench.window.stage.welcome.isVisible()
    late.write_bytes(photo_path.read_bytes())
    qtbot.mouseClick(banner.again, LEFT)
    assert not banner.isVisible()
    wait_until_current(bench, qtbot)
    assert bench.state.image.path == late


def test_what_a_file_is_called_changes_no_window(bench: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    settle(bench, LAPTOP)
    sentence, width = bench.window.stage.banner.sentence, bench.window.width()
    for name in ("a_very_long_name_" * 14, "<b>x</b>", "<img src='x'>"):
        bench.window.open_image(tmp_path / name)
        qtbot.waitUntil(lambda name=name: name in sentence.text())
        QApplication.processEvents()
        assert bench.window.width() == width
        assert sentence.textFormat() == Qt.TextFormat.PlainText, "a name is no markup"
        bench.window.stage.banner.hide()


def test_the_first_start_has_room_on_a_laptop_enlarged(bench: Workbench) -> None:
    settle(bench, ENLARGED)
    settle(bench, ENLARGED)
    welcome = bench.window.stage.welcome
    assert bench.window.size().toTuple() == ENLARGED
    for part in welcome.findChildren(QWidget):
        assert welcome.rect().contains(part.geometry())
        assert part.height() >= part.minimumSizeHint().height(), part
    assert bench.window.stage.canvas.rect().contains(welcome.geometry())


def test_a_failure_stays_until_it_is_dismissed(analysed: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    analysed.window.open_image(tmp_path / "no.png")
    qtbot.waitUntil(analysed.window.stage.banner.isVisible)
    analysed.state.set_delta(0.2)
    wait_until_current(analysed, qtbot)
    assert "no.png" in read_banner(analysed, qtbot)


def test_keys_are_the_photographs_once_it_is_open(bench: Workbench, qtbot: QtBot) -> None:
    assert QApplication.focusWidget() is bench.window.stage.welcome.open
    for box in (bench.window.stage.welcome.open, bench.window.noise.range):
        box.setFocus()
        bench.window.open_image(next(path for path in bench.window.stage.welcome.samples if path.stem == "nevus"))
        qtbot.waitUntil(lambda: bench.window.stage.canvas.hasFocus())
        wait_until_current(bench, qtbot)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
    assert bench.window.view == CONSISTENCY
