"""Comparison with an annotation: figures, the overlay, and what goes wrong. Through real events."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from diffseg_gui.panels.annotation import COLUMNS, ROWS
from engine.reading.agreement import agreement
from engine.reading.correction import LESION, stroke
from tests.gui.conftest import PATIENCE, read_banner, wait_until_current

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from diffseg_gui.app import Workbench
    from engine.arrays import Bools

OVERLAY = {"annotation", "missed", "extra"}


@pytest.fixture
def expert(photo_path: Path) -> Bools:
    """A disc off the photograph's centre."""
    width, height = Image.open(photo_path).size
    rows, columns = np.mgrid[:height, :width]
    return np.hypot(rows - 30, columns - 40) < 22


@pytest.fixture
def annotation_path(expert: Bools, tmp_path: Path) -> Path:
    """The disc as a file."""
    path = tmp_path / "nevus_segmentation.png"
    Image.fromarray(expert).save(path)  # 1 bit
    return path


@pytest.fixture
def compared(analysed: Workbench, annotation_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A workbench with the annotation open, as the menu opens it."""
    choose(analysed, annotation_path, qtbot, monkeypatch)
    wait_for_figures(analysed, qtbot)
    return analysed


def choose(bench: Workbench, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press the command's keys and choose that file."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    qtbot.keyClick(bench.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def wait_for_figures(bench: Workbench, qtbot: QtBot) -> None:
    """Wait for the comparison of what is shown."""
    table = bench.window.annotation.table
    qtbot.waitUntil(lambda: table.isVisible() and table.isEnabled(), timeout=PATIENCE)


def legend(bench: Workbench) -> set[str]:
    """What of the overlay is drawn on the photograph."""
    return OVERLAY & set(bench.window.stage.legend.names())


def figures(bench: Workbench, row: str) -> list[str]:
    """A row of the table."""
    return [bench.window.annotation.cells[row, field].text() for field in COLUMNS]


def figures_of(mask: Bools, expert: Bools) -> list[str]:
    """What that row ought to be."""
    return [f"{value:.3f}" for value in astuple(agreement(mask, expert))]


def test_the_table_is_the_engines_agreement(compared: Workbench, expert: Bools) -> None:
    found = compared.state.segmentation
    assert figures(compared, "consensus") == figures_of(found.consensus_mask, expert)
    assert figures(compared, "refined") == figures_of(found.refined.mask, expert)
    assert figures(compared, "corrected") == ["–"] * len(COLUMNS)
    missed, extra = np.count_nonzero(expert & ~found.mask), np.count_nonzero(found.mask & ~expert)
    assert f"Missed {missed:,} px, extra {extra:,} px" in compared.window.annotation.counts.text()


def test_a_correction_has_its_own_row(compared: Workbench, expert: Bools, qtbot: QtBot) -> None:
    edit = compared.window.edit
    edit.put("brush", stroke(edit.layer, [(30.0, 30.0), (50.0, 30.0)], 8.0, LESION))
    assert not compared.window.annotation.table.isEnabled(), "dimmed until compared anew"
    wait_for_figures(compared, qtbot)
    assert figures(compared, "corrected") == figures_of(edit.mask, expert)
    assert figures(compared, "refined") == figures_of(compared.state.segmentation.refined.mask, expert)
    assert set(ROWS) == {row for row, _ in compared.window.annotation.cells}


def test_missed_and_extra_are_drawn_apart_and_can_be_hidden(compared: Workbench, qtbot: QtBot) -> None:
    window = compared.window
    assert legend(compared) == OVERLAY
    curves = {curve.name: curve for curve in window.stage.canvas.scene.curves}
    missed, extra = curves["missed"], curves["extra"]
    assert missed.colour != extra.colour
    assert (missed.hatch, missed.fill) != (extra.hatch, extra.fill)
    assert curves["annotation"].dashed
    found, expert = compared.state.segmentation.mask, window.comparing.annotation.mask
    for curve, mask in ((missed, expert & ~found), (extra, found & ~expert)):
        row, column = np.argwhere(mask)[mask.sum() // 2]
        assert curve.path.boundingRect().contains(QPointF(column + 0.5, row + 0.5))
    qtbot.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert legend(compared) == set()
    qtbot.mouseClick(window.annotation.difference, Qt.MouseButton.LeftButton)
    assert legend(compared) == OVERLAY


def test_the_difference_of_another_delta_is_not_drawn(compared: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(compared.window.threshold.delta.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not compared.window.annotation.table.isEnabled(), timeout=PATIENCE)
    assert legend(compared) == {"annotation"}
    wait_until_current(compared, qtbot)
    wait_for_figures(compared, qtbot)
    assert legend(compared) == OVERLAY


def test_an_annotation_of_another_size_is_refused_in_one_sentence(
    compared: Workbench, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, path = compared.window.comparing.annotation, tmp_path / "wrong.png"
    Image.new("L", (100, 80)).save(path)
    choose(compared, path, qtbot, monkeypatch)
    sentence = read_banner(compared, qtbot)
    image = compared.state.image
    assert "100 x 80" in sentence
    assert f"{image.width} x {image.height}" in sentence
    assert compared.window.comparing.annotation is before, "what was there stays"


def test_it_is_removed_on_wish_and_with_the_image(
    compared: Workbench, annotation_path: Path, other_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = compared.window
    window.docks.annotation.show_or_hide(True)
    qtbot.mouseClick(window.annotation.remove, Qt.MouseButton.LeftButton)
    assert legend(compared) == set()
    assert not window.annotation.table.isVisible()
    assert not window.actions_by_name["remove_annotation"].isEnabled()
    choose(compared, annotation_path, qtbot, monkeypatch)
    wait_for_figures(compared, qtbot)
    window.open_image(other_path)
    wait_until_current(compared, qtbot)
    assert window.comparing.annotation is None
    assert window.annotation.choose.isVisible()


def test_an_empty_annotation_says_so(compared: Workbench, tmp_path: Path, qtbot: QtBot,
                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    path, image = tmp_path / "empty.png", compared.state.image
    Image.new("L", (image.width, image.height)).save(path)
    choose(compared, path, qtbot, monkeypatch)
    qtbot.waitUntil(lambda: "empty" in compared.window.annotation.counts.text(), timeout=PATIENCE)


def test_a_dropped_segmentation_is_an_annotation_once_an_image_is_open(
    analysed: Workbench, annotation_path: Path, qtbot: QtBot
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(annotation_path))])
    drop = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(analysed.window, QDragEnterEvent(QPoint(50, 50), *drop))
    QApplication.sendEvent(analysed.window, QDropEvent(QPointF(50, 50), *drop))
    wait_for_figures(analysed, qtbot)
    assert analysed.window.comparing.annotation.path == annotation_path
    assert analysed.state.image.path != annotation_path


def test_a_blind_reader_sees_no_figures(compared: Workbench, qtbot: QtBot) -> None:
    compared.window.edit.blind = True
    assert not compared.window.annotation.table.isVisible()
    assert legend(compared) == set(), "the expert's border would be a hint, too"
    compared.window.edit.blind = False
    wait_for_figures(compared, qtbot)
