"""Export: under whom the DICOM files are filed. It is asked each time, shown before and after, and never remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt

from diffseg_gui.features.export import Export
from diffseg_gui.features.export.choice import FOLDER, FORMATS
from diffseg_gui.features.export.dialog import ExportDialog
from diffseg_gui.features.export.done import Done
from diffseg_gui.features.export.patient import NAMELESS, NO_ID, OF_ID, OF_NOBODY, OF_SOURCE
from engine.photograph.read import read_image
from engine.records.filing import NOBODY, Filing, filed_under
from tests.engine import dicoms
from tests.gui.conftest import dialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QRadioButton
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.results import Evidence
    from tests.gui.desk import Desk

CONTROL, SHIFT, LEFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
STUDY = {"StudyInstanceUID": "1.2.3.4711", "SeriesInstanceUID": "1.2.3.4712"}


@pytest.fixture
def chosen(opened: Desk, tmp_path: Path) -> list[tuple[tuple[str, ...], Filing]]:
    """What the window is asked to export; a folder is chosen already."""
    found: list[tuple[tuple[str, ...], Filing]] = []
    feature = opened.add(Export(opened.document, opened.preferences, opened.messages, opened.canvas))

    def export(folder: Path, formats: tuple[str, ...], filing: Filing) -> None:
        found.append((formats, filing))
        feature.show_exported(folder, filed_under(opened.document.photograph.about, filing))

    feature.requested.connect(export)
    opened.preferences.set(FOLDER, str(tmp_path))
    opened.preferences.set(FORMATS, ["dicom-seg"])
    return found


@pytest.fixture
def open_dicom(opened: Desk, photo: SkinImage, evidence: Evidence, tmp_path: Path) -> Callable[..., None]:
    """Open the photograph as a clinic's file with these entries, and have it analysed."""

    def open_one(**entries: Any) -> None:
        path = tmp_path / "arm.dcm"
        path.write_bytes(dicoms.native(photo.pixels, **entries))
        opened.open(read_image(path))
        opened.land(evidence)

    return open_one


def ask(desk: Desk, qtbot: QtBot) -> ExportDialog:
    """Press the key of the dialog."""
    qtbot.keyClick(desk, Qt.Key.Key_E, CONTROL | SHIFT)
    found = dialog(qtbot)
    assert isinstance(found, ExportDialog)
    return found


def click(button: QRadioButton, qtbot: QtBot) -> None:
    """Click on its text."""
    qtbot.mouseClick(button, LEFT, pos=QPoint(30, button.height() // 2))


Chosen = list[tuple[tuple[str, ...], Filing]]


def test_results_go_under_the_photographs_own_patient_only_when_that_is_chosen_and_only_once(
    opened: Desk, chosen: Chosen, open_dicom: Callable[..., None], qtbot: QtBot
) -> None:
    open_dicom(**STUDY)
    asked = ask(opened, qtbot)
    assert asked.patient.nobody.isChecked()
    assert asked.patient.said.text() == OF_NOBODY
    assert asked.patient.whose.text() == "PLANTED, PATIENT, ID ID-4711"
    qtbot.keyClick(asked.patient.own, Qt.Key.Key_Space)
    assert asked.patient.own.isChecked()
    assert asked.patient.said.text() == OF_SOURCE
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert chosen == [(("dicom-seg",), Filing(as_source=True))]
    (done,) = opened.canvas.findChildren(Done)
    assert done.filed.whole == "Its DICOM files are filed under PLANTED, PATIENT, ID ID-4711"
    assert done.filed.isVisible()

    qtbot.keyClick(opened, Qt.Key.Key_E, CONTROL)
    assert chosen[1:] == [(("dicom-seg",), NOBODY)], "the key that asks nothing names nobody"
    assert done.filed.whole == "Its DICOM files name no patient"
    again = ask(opened, qtbot)
    assert again.patient.nobody.isChecked()
    qtbot.keyClick(again, Qt.Key.Key_Return)
    assert chosen[2:] == [(("dicom-seg",), NOBODY)]
    assert not any("PLANTED" in str(opened.preferences.text(name)) for name in (FOLDER, FORMATS))


def test_it_is_asked_only_where_a_file_could_name_a_patient(
    opened: Desk, chosen: Chosen, open_dicom: Callable[..., None], qtbot: QtBot
) -> None:
    open_dicom(**STUDY)
    asked = ask(opened, qtbot)
    assert asked.patient.isVisible()
    qtbot.keyClick(asked.patient.own, Qt.Key.Key_Space)
    for name in ("dicom-seg", "svg"):
        qtbot.keyClick(asked.boxes[name], Qt.Key.Key_Space)
    assert not asked.patient.isVisible()
    assert "patient" not in asked.alone.text()
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert chosen == [(("svg",), NOBODY)]


@pytest.mark.parametrize("entries", [{}, {"StudyInstanceUID": "1.2.3.4"}, None], ids=["no study", "no series", "PNG"])
def test_without_a_study_to_file_it_in_only_an_id_is_offered(
    opened: Desk, chosen: Chosen, open_dicom: Callable[..., None], entries: dict[str, Any] | None, qtbot: QtBot
) -> None:
    if entries is not None:
        open_dicom(**entries)
    asked = ask(opened, qtbot)
    assert not asked.patient.own.isVisible()
    click(asked.patient.given, qtbot)
    assert asked.patient.said.text() == NO_ID
    assert not asked.export.isEnabled()
    qtbot.keyClicks(asked.focusWidget(), " A\\7 ")
    assert asked.patient.id.text() == " A7 ", "a backslash would begin another value"
    assert asked.patient.said.text() == OF_ID
    qtbot.keyClick(asked.patient.id, Qt.Key.Key_Return)
    assert chosen == [(("dicom-seg",), Filing(patient_id="A7"))]


def test_to_type_an_id_is_to_choose_it(
    opened: Desk, chosen: Chosen, open_dicom: Callable[..., None], qtbot: QtBot
) -> None:
    open_dicom(**STUDY)
    asked = ask(opened, qtbot)
    qtbot.mouseClick(asked.patient.id, LEFT)
    qtbot.keyClicks(asked.patient.id, "9" * 70)
    assert asked.patient.given.isChecked()
    assert asked.filing() == Filing(patient_id="9" * 64), "a DICOM file holds no more of one"
    click(asked.patient.nobody, qtbot)
    assert asked.filing() == NOBODY
    asked.reject()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"PatientName": "<img src>^Jane", "PatientID": "<b>1</b>"}, "<img src>, Jane, ID <b>1</b>"),
        ({"PatientName": "Doe^Jane&Joan", "PatientID": ""}, "Doe, Jane&Joan"),
        ({"PatientName": "", "PatientID": ""}, NAMELESS),
    ],
)
def test_whose_photograph_it_is_stands_as_the_file_says_it(
    opened: Desk,
    chosen: Chosen,
    open_dicom: Callable[..., None],
    entries: dict[str, str],
    said: str,
    qtbot: QtBot,
) -> None:
    open_dicom(**STUDY, **entries)
    asked = ask(opened, qtbot)
    assert asked.patient.whose.text() == asked.patient.own.accessibleDescription() == said
    assert asked.patient.whose.textFormat() == Qt.TextFormat.PlainText
    asked.reject()
