"""From a clinic's photograph to files: a patient leaves by a deliberate choice alone, once, and in DICOM files only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from diffseg_gui.features.export.choice import FOLDER, FORMATS
from engine.records.writers import writers
from tests.engine.test_export import content
from tests.engine.test_privacy import NUMBERS, OF_STUDY, SECRET, entries_with, marked_dicom, unpacked
from tests.gui.conftest import PATIENCE, dialog, wait_until_current
from tests.gui.strokes import CTRL, SHIFT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from diffseg_gui.app.workbench import Workbench
    from engine.photograph.image import SkinImage


def naming(folder: Path) -> set[str]:
    """The files in a folder that tell who the patient is or which study theirs, in whatever bytes."""
    planted = [text.encode(encoding) for text in (SECRET, *NUMBERS) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return {name for name, data in content(folder).items() if any(text in unpacked(data) for text in planted)}


def test_a_patient_leaves_only_where_it_was_chosen_and_in_dicom_files_alone(
    bench: Workbench, photo: SkinImage, tmp_path: Path, caplog: pytest.LogCaptureFixture, qtbot: QtBot
) -> None:
    path = marked_dicom(photo, tmp_path / "arm.dcm")
    bench.preferences.set(FOLDER, str(tmp_path / "out"))
    bench.preferences.set(FORMATS, [name for name, writer in writers().items() if not writer.standard])
    bench.series.begin([path])
    wait_until_current(bench, qtbot)

    def export(*, own: bool | None) -> set[str]:
        """Export by keys, in the photograph's own study or by the dialog's default; None: without the dialog."""
        with qtbot.waitActive(bench.window):
            bench.window.activateWindow()  # where no window manager does it once the dialog is gone
        with qtbot.waitSignal(bench.analyst.exported, timeout=PATIENCE):
            qtbot.keyClick(bench.window, Qt.Key.Key_E, CTRL if own is None else CTRL | SHIFT)
            if own is not None:
                asked = dialog(qtbot)
                if own:
                    qtbot.keyClick(asked.patient.own, Qt.Key.Key_Space)
                qtbot.keyClick(asked, Qt.Key.Key_Return)
        assert len(content(tmp_path / "out")) > 20
        return naming(tmp_path / "out" / "arm")

    assert export(own=False) == set()
    assert "name no patient" in bench.export.done.filed.whole
    assert export(own=True) == {f"dicom/{name}.dcm" for name in ("segmentation", "report")}
    assert SECRET in bench.export.done.filed.whole
    for name in ("segmentation", "report"):
        data = (tmp_path / "out" / "arm" / "dicom" / f"{name}.dcm").read_bytes()
        assert entries_with(data, (SECRET, *NUMBERS)) == OF_STUDY
    assert export(own=None) == set(), "the next export names nobody, and nothing of the one before is left"
    assert export(own=False) == set()
    assert SECRET not in caplog.text
    kept = [bench.preferences.text(name) + str(bench.preferences.texts(name)) for name in (FOLDER, FORMATS)]
    assert SECRET not in str(kept)
