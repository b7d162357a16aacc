"""Comparison with an annotation: figures, the overlay, and what goes wrong."""

from __future__ import annotations

from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from diffseg_gui.features.annotation import AnnotationFeature
from diffseg_gui.features.annotation.annotation import HIDDEN
from diffseg_gui.features.annotation.panel import COLUMNS, EMPTY, NAME, NONE, WAITING
from diffseg_gui.features.border import Border
from diffseg_gui.look.wording import OUT_OF_DATE
from diffseg_gui.view.views import CONSISTENCY, PHOTOGRAPH
from engine.photograph.read import read_image
from engine.reading.agreement import agreement
from engine.reading.correction import LESION, stroke
from tests.gui.conftest import PATIENCE
from tests.gui.strokes import LEFT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.arrays import Bools
    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

OVERLAY = {"annotation", "missed", "extra"}
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def expert(photo: SkinImage) -> Bools:
    """A disc off the photograph's centre."""
    rows, columns = np.mgrid[: photo.height, : photo.width]
    return np.hypot(rows - 30, columns - 40) < 22


@pytest.fixture
def annotation_path(expert: Bools, tmp_path: Path) -> Path:
    """The disc as a file."""
    path = tmp_path / "nevus_segmentation.png"
    Image.fromarray(expert).save(path)  # 1 bit
    return path


@pytest.fixture
def comparing(opened: Desk) -> AnnotationFeature:
    """The feature, before there is an annotation."""
    return add_annotation(opened)


@pytest.fixture
def compared(comparing: AnnotationFeature, annotation_path: Path, qtbot: QtBot) -> AnnotationFeature:
    """The same, with the annotation compared."""
    comparing.open(annotation_path)
    wait_for_figures(comparing, qtbot)
    return comparing


def add_annotation(desk: Desk) -> AnnotationFeature:
    """The feature, with its keys."""
    given = (desk.document, desk.editing, desk.scenes, desk.messages, desk.preferences, desk)
    return desk.add(AnnotationFeature(*given))


def wait_for_figures(comparing: AnnotationFeature, qtbot: QtBot) -> None:
    """Wait for the comparison of what is shown."""
    table = comparing.card.table
    qtbot.waitUntil(lambda: table.isVisible() and table.isEnabled(), timeout=PATIENCE)


def overlay(desk: Desk) -> set[str]:
    """What of it is explained below the photograph."""
    return OVERLAY & set(desk.legend())


def figures(comparing: AnnotationFeature, row: str) -> list[str]:
    """A row of the table."""
    return [comparing.card.cells[row, field].text() for field in COLUMNS]


def figures_of(mask: Bools, expert: Bools) -> list[str]:
    """What that row ought to be."""
    return [f"{value:.3f}" for value in astuple(agreement(mask, expert))]


def test_the_table_is_the_engines_agreement(opened: Desk, compared: AnnotationFeature, expert: Bools) -> None:
    found = opened.document.shown.segmentation
    assert figures(compared, "consensus") == figures_of(found.consensus_mask, expert)
    assert figures(compared, "refined") == figures_of(found.refined.mask, expert)
    assert figures(compared, "consensus") != figures(compared, "refined")
    assert figures(compared, "corrected") == ["–"] * len(COLUMNS)
    assert compared.card.cells["corrected", "dice"].toolTip() == NONE["corrected"]
    missed, extra = np.count_nonzero(expert & ~found.mask), np.count_nonzero(found.mask & ~expert)
    assert compared.card.counts.text() == f"Missed {missed:,} px, extra {extra:,} px"


def test_a_correction_has_its_own_row(opened: Desk, compared: AnnotationFeature, expert: Bools, qtbot: QtBot) -> None:
    before, editing = figures(compared, "refined"), opened.editing
    editing.put("brush", stroke(editing.layer, [(30.0, 30.0), (50.0, 30.0)], 8.0, LESION))
    assert not compared.card.table.isEnabled(), "dimmed until compared anew"
    wait_for_figures(compared, qtbot)
    assert figures(compared, "corrected") == figures_of(editing.mask, expert)
    assert figures(compared, "refined") == before
    editing.stack.undo()
    wait_for_figures(compared, qtbot)
    assert figures(compared, "corrected") == ["–"] * len(COLUMNS)


def test_without_refinement_its_row_is_empty_and_says_why(
    opened: Desk, compared: AnnotationFeature, expert: Bools, evidence: Evidence, qtbot: QtBot
) -> None:
    opened.document.set_recipe(replace(opened.document.recipe, refine=False))
    found = opened.land(evidence)
    wait_for_figures(compared, qtbot)
    assert figures(compared, "consensus") == figures_of(found.consensus_mask, expert)
    assert figures(compared, "refined") == ["–"] * len(COLUMNS)
    assert compared.card.cells["refined", "recall"].toolTip() == NONE["refined"]


def test_missed_and_extra_are_drawn_apart_below_all_borders(
    opened: Desk, compared: AnnotationFeature, expert: Bools
) -> None:
    opened.add(Border(opened.document, opened.editing, opened.display, opened.preferences))
    curves = {curve.name: curve for curve in opened.scenes.scene(PHOTOGRAPH).curves}
    assert list(curves) == ["missed", "extra", "10 to 90 % of timesteps call it lesion", "refined border", "annotation"]
    missed, extra = curves["missed"], curves["extra"]
    assert missed.colour != extra.colour
    assert (missed.hatch, missed.fill) != (extra.hatch, extra.fill)
    assert curves["annotation"].dashed
    found = opened.document.shown.segmentation.mask
    for curve, mask in ((missed, expert & ~found), (extra, found & ~expert)):
        for row, column in np.argwhere(mask)[:: mask.sum() // 5]:
            assert curve.path.boundingRect().contains(QPointF(column + 0.5, row + 0.5))
    again = opened.scenes.scene(PHOTOGRAPH).curves
    assert all(a is b for a, b in zip(curves.values(), again, strict=True)), "the same while nothing changes"
    assert OVERLAY.isdisjoint(curve.name for curve in opened.scenes.scene(CONSISTENCY).curves)


def test_what_is_drawn_can_be_hidden(opened: Desk, compared: AnnotationFeature, qtbot: QtBot) -> None:
    assert overlay(opened) == OVERLAY
    qtbot.keyClick(opened, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert overlay(opened) == set()
    assert not compared.card.difference.isChecked()
    qtbot.mouseClick(compared.card.difference, LEFT)
    assert overlay(opened) == OVERLAY
    assert opened.action("difference").isChecked()


def test_the_difference_of_another_delta_is_neither_drawn_nor_told_as_current(
    opened: Desk, compared: AnnotationFeature, evidence: Evidence, qtbot: QtBot
) -> None:
    card = compared.card
    opened.document.set_delta(0.2)
    opened.document._settled()
    assert not card.table.isEnabled()
    assert card.note.text().endswith(f".png, {OUT_OF_DATE}")
    assert overlay(opened) == {"annotation"}
    opened.land(evidence)
    wait_for_figures(compared, qtbot)
    assert card.note.text() == "nevus_segmentation.png"
    assert overlay(opened) == OVERLAY


def test_before_the_result_is_there_the_annotation_is_drawn_and_waits(
    desk: Desk, photo: SkinImage, evidence: Evidence, annotation_path: Path, qtbot: QtBot
) -> None:
    desk.open(photo)
    comparing = add_annotation(desk)
    comparing.open(annotation_path)
    qtbot.waitUntil(lambda: overlay(desk) == {"annotation"}, timeout=PATIENCE)
    assert (comparing.card.words.text(), comparing.card.table.isVisible()) == (WAITING, False)
    desk.land(evidence)
    wait_for_figures(comparing, qtbot)
    assert overlay(desk) == OVERLAY


def test_an_annotation_of_another_size_is_refused_in_one_sentence(
    opened: Desk, compared: AnnotationFeature, photo: SkinImage, tmp_path: Path, qtbot: QtBot
) -> None:
    before, path = compared.annotation, tmp_path / "wrong.png"
    Image.new("L", (100, 80)).save(path)
    compared.open(path)
    qtbot.waitUntil(lambda: len(opened.failures) == 1, timeout=PATIENCE)
    assert "100 x 80" in opened.failures[0]
    assert f"{photo.width} x {photo.height}" in opened.failures[0]
    assert compared.annotation is before, "what was there stays"
    assert compared.card.table.isEnabled()


def test_a_photograph_is_refused_as_an_annotation(
    opened: Desk, compared: AnnotationFeature, photo: SkinImage, qtbot: QtBot
) -> None:
    before = compared.annotation
    compared.open(photo.path)
    qtbot.waitUntil(lambda: len(opened.failures) == 1, timeout=PATIENCE)
    assert opened.failures[0].startswith(f"{photo.path} has too many shades to be a mask")
    assert compared.annotation is before


def test_a_refusal_is_over_once_an_annotation_was_read(
    opened: Desk, compared: AnnotationFeature, photo: SkinImage, annotation_path: Path, qtbot: QtBot
) -> None:
    compared.open(photo.path)
    qtbot.waitUntil(opened.stage.banner.isVisible, timeout=PATIENCE)
    opened.document.set_delta(0.2)
    opened.document.cancel()
    assert opened.stage.banner.isVisible(), "that has nothing to do with it"
    compared.open(annotation_path)
    qtbot.waitUntil(lambda: not opened.stage.banner.isVisible(), timeout=PATIENCE)


def test_a_file_is_chosen_where_the_photograph_lies_and_then_where_the_last_one_lay(
    opened: Desk, comparing: AnnotationFeature, photo: SkinImage, annotation_path: Path, qtbot: QtBot
) -> None:
    folders: list[Path] = []

    def choose() -> None:
        (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()]
        folders.append(Path(dialog.directory().absolutePath()))
        dialog.findChild(QLineEdit).setText(str(annotation_path))
        dialog.accept()

    QTimer.singleShot(50, choose)
    with qtbot.waitSignal(comparing.panel.wanted, timeout=PATIENCE):
        qtbot.keyClick(opened, Qt.Key.Key_A, CTRL_SHIFT)
    assert comparing.annotation.path == annotation_path
    wait_for_figures(comparing, qtbot)
    QTimer.singleShot(50, choose)
    with qtbot.waitSignal(comparing.panel.wanted, timeout=PATIENCE):
        opened.action("compare").trigger()
    assert folders == [photo.path.parent, annotation_path.parent]


def test_it_is_removed_on_request_and_with_the_photograph(
    opened: Desk, compared: AnnotationFeature, annotation_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    card = compared.card
    qtbot.mouseClick(card.remove, LEFT)
    assert overlay(opened) == set()
    assert (card.words.text(), card.table.isVisible(), card.choose.isVisible()) == (EMPTY, False, True)
    assert not opened.action("remove_annotation").isEnabled()
    assert not opened.action("difference").isEnabled()
    compared.open(annotation_path)
    wait_for_figures(compared, qtbot)
    opened.open(read_image(other_path))
    assert compared.annotation is None
    assert overlay(opened) == set()
    assert card.choose.isVisible()


def test_one_that_is_being_read_when_it_or_its_photograph_goes_never_comes(
    opened: Desk, compared: AnnotationFeature, annotation_path: Path, other_path: Path, qtbot: QtBot
) -> None:
    for end in (opened.action("remove_annotation").trigger, lambda: opened.open(read_image(other_path))):
        compared.open(annotation_path)
        end()
        compared._reader._pool.waitForDone()
        qtbot.wait(50)
        assert compared.annotation is None
    assert opened.failures == []


def test_an_empty_annotation_says_so(
    opened: Desk, comparing: AnnotationFeature, photo: SkinImage, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "empty.png"
    Image.new("L", (photo.width, photo.height)).save(path)
    comparing.open(path)
    wait_for_figures(comparing, qtbot)
    extra = int(opened.document.shown.segmentation.mask.sum())
    said = f"The annotation is empty: it shows no lesion. Missed 0 px, extra {extra:,} px"
    assert comparing.card.counts.text() == said


def test_a_long_name_is_shortened_with_room_for_out_of_date(
    opened: Desk, comparing: AnnotationFeature, expert: Bools, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / f"{'very_' * 20}long_segmentation.png"
    Image.fromarray(expert).save(path)
    comparing.open(path)
    wait_for_figures(comparing, qtbot)
    note = comparing.card.note
    for stale in (False, True):
        assert note.text().endswith(OUT_OF_DATE) == stale
        assert "…" in note.text()
        assert note.fontMetrics().horizontalAdvance(note.text()) <= NAME
        opened.document.set_delta(0.2)
        opened.document._settled()
    assert str(path) in comparing.card.toolTip()


def test_a_file_that_is_named_as_an_annotation_is_one_once_a_photograph_is_open(
    desk: Desk, photo: SkinImage, evidence: Evidence, annotation_path: Path, photo_path: Path, qtbot: QtBot
) -> None:
    comparing = add_annotation(desk)
    assert not comparing.accepts([annotation_path])
    assert not desk.action("compare").isEnabled()
    desk.open(photo)
    desk.land(evidence)
    assert not comparing.accepts([photo_path])
    assert not comparing.accepts([annotation_path, photo_path])
    assert comparing.accepts([annotation_path])
    wait_for_figures(comparing, qtbot)
    assert comparing.annotation.path == annotation_path


def test_a_blind_reader_sees_no_figures(opened: Desk, compared: AnnotationFeature, qtbot: QtBot) -> None:
    opened.document.begin_blind()
    assert (compared.card.words.text(), compared.card.table.isVisible()) == (HIDDEN, False)
    assert overlay(opened) == set(), "the expert's border would be a hint, too"
    opened.document.end_blind()
    wait_for_figures(compared, qtbot)
    assert overlay(opened) == OVERLAY
