"""Export: what may be written, in which formats, into which folder, and what is said of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.features.export import Export
from diffseg_gui.features.export.choice import FOLDER, FORMATS, offered
from diffseg_gui.features.export.dialog import ExportDialog
from engine.records.export import export
from engine.records.folders import folder_for
from engine.records.writers import writers
from tests.gui.conftest import dialog, let_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from engine.records.filing import Filing
    from engine.results import Evidence
    from tests.gui.desk import Desk

CONTROL, SHIFT, LEFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def feature(opened: Desk) -> Export:
    """The photograph is analysed, and what is to be exported is written at once."""
    made = opened.add(Export(opened.document, opened.preferences, opened.messages, opened.canvas))

    def write(folder: Path, formats: tuple[str, ...], filing: Filing) -> None:
        found = opened.document.shown.segmentation
        within = folder_for(found.image, folder)
        export(found, within, also=formats, filing=filing)
        made.show_exported(within, None)

    made.requested.connect(write)
    return made


class FileManager(QObject):
    """Stands where the system's would open."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Path] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        """Asked to show a folder."""
        self.shown.append(Path(url.toLocalFile()))


@pytest.fixture
def file_manager() -> Iterator[FileManager]:
    """The one that links to files lead to."""
    made = FileManager()
    QDesktopServices.setUrlHandler("file", made, "show")
    yield made
    QDesktopServices.unsetUrlHandler("file")


def ask(desk: Desk, qtbot: QtBot) -> ExportDialog:
    """Press the key of the dialog."""
    qtbot.keyClick(desk, Qt.Key.Key_E, CONTROL | SHIFT)
    found = dialog(qtbot)
    assert isinstance(found, ExportDialog)
    return found


def test_the_first_time_a_folder_and_formats_are_asked_for_and_then_one_key_exports(
    opened: Desk, feature: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    assert opened.action("export").text() == "&Export…"
    qtbot.keyClick(opened, Qt.Key.Key_E, CONTROL)
    asked = dialog(qtbot)
    qtbot.mouseClick(asked.change, LEFT)
    assert asked.path.whole == str(tmp_path / "…")
    qtbot.waitUntil(lambda: asked.path.whole == str(tmp_path / "nevus"))  # it is seen where the files will lie
    for name in ("svg", "csv"):
        qtbot.keyClick(asked.boxes[name], Qt.Key.Key_Space)
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    written = {path.name for path in (tmp_path / "nevus").iterdir()}
    assert {"result.json", "mask.png", "border.svg", "table.csv"} <= written
    assert "report.pdf" not in written
    assert opened.action("export").text() == "&Export"

    (tmp_path / "nevus" / "border.svg").unlink()
    opened.activateWindow()  # where no window manager does it once a dialog is gone
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.keyClick(opened, Qt.Key.Key_E, CONTROL)
    assert (tmp_path / "nevus" / "border.svg").is_file(), "as it was chosen"
    assert opened.notices[-1] == f"Exported to {tmp_path / 'nevus'}"
    again = ask(opened, qtbot)
    assert again.choice().formats == ("svg", "csv")
    again.reject()


def test_every_format_there_is_can_be_chosen_and_is_explained(opened: Desk, feature: Export, qtbot: QtBot) -> None:
    optional = {name for name, writer in writers().items() if not writer.standard}
    asked = ask(opened, qtbot)
    assert set(asked.boxes) == optional
    for writer in offered():
        assert asked.boxes[writer.name].text() == writer.title
        assert asked.boxes[writer.name].accessibleDescription() == writer.about
        assert writer.about.endswith(".")
    asked.reject()


def test_a_dialog_that_is_dismissed_writes_and_remembers_nothing(
    opened: Desk, feature: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    asked = ask(opened, qtbot)
    qtbot.mouseClick(asked.change, LEFT)
    qtbot.mouseClick(asked.boxes["svg"], LEFT)
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert list(tmp_path.glob("*/result.json")) == []
    assert opened.notices == []
    assert opened.preferences.text(FOLDER) == ""
    assert opened.preferences.texts(FORMATS) == []


def test_what_is_remembered_and_makes_no_sense_is_passed_over(
    opened: Desk, feature: Export, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.preferences.set(FOLDER, "somewhere")
    opened.preferences.set(FORMATS, ["svg", "wax tablet"])
    asked = ask(opened, qtbot)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    assert asked.choice().folder == Path(documents, "DiffSeg")
    assert asked.choice().formats == ("svg",)
    asked.reject()


def test_the_dialog_goes_with_its_photograph(opened: Desk, feature: Export, qtbot: QtBot) -> None:
    for leave in (opened.document.begin_blind, lambda: opened.open(replace(opened.document.photograph))):
        asked = ask(opened, qtbot)
        with qtbot.waitSignal(asked.rejected):
            leave()
        opened.document.end_blind()


def test_success_is_seen_with_what_may_come_next(
    opened: Desk, feature: Export, tmp_path: Path, file_manager: FileManager, qtbot: QtBot
) -> None:
    assert not opened.action("show_export").isEnabled()
    feature.into(tmp_path)
    assert feature.done.isVisible()
    assert feature.done.sentence.whole == f"nevus is exported, into {tmp_path}"
    qtbot.mouseClick(feature.done.folder, LEFT)
    qtbot.keyClick(opened, Qt.Key.Key_F, CONTROL | SHIFT)
    assert file_manager.shown == [tmp_path / "nevus"] * 2
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not feature.done.isVisible()
    feature.into(tmp_path)
    opened.document.set_delta(0.3)
    assert not feature.done.isVisible(), "the files are of other settings"


def test_the_dialog_shows_the_folder_that_gets_the_files(
    opened: Desk, feature: Export, evidence: Evidence, tmp_path: Path, qtbot: QtBot
) -> None:
    feature.into(tmp_path)
    opened.open(replace(opened.document.photograph, sha256="ab" * 32))
    opened.land(evidence)
    opened.preferences.set(FOLDER, str(tmp_path))
    asked = ask(opened, qtbot)
    qtbot.waitUntil(lambda: asked.path.whole == str(tmp_path / "nevus-abababab"))
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert opened.notices[-1] == f"Exported to {tmp_path / 'nevus-abababab'}"


def test_another_folder_is_looked_for_from_the_last_one_that_is_there(
    opened: Desk, feature: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda _, __, at: begun.append(at) or "")
    opened.preferences.set(FOLDER, str(tmp_path / "gone" / "too"))
    asked = ask(opened, qtbot)
    qtbot.waitUntil(lambda: asked.path.whole == str(tmp_path / "gone" / "too" / "nevus"))
    qtbot.mouseClick(asked.change, LEFT)
    assert begun == [str(tmp_path)]
    asked.reject()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for the drive")
def test_a_drive_that_does_not_answer_holds_up_neither_dialog_nor_window(
    opened: Desk, feature: Export, tmp_path: Path, qtbot: QtBot
) -> None:
    asked_for: list[Path] = []
    feature.requested.disconnect()
    feature.requested.connect(lambda folder, *_: asked_for.append(folder))
    stalled = tmp_path / "nevus" / "result.json"
    stalled.parent.mkdir()
    os.mkfifo(stalled)
    opened.preferences.set(FOLDER, str(tmp_path))
    asked = ask(opened, qtbot)
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    feature.into(tmp_path)
    assert asked_for == [tmp_path] * 2
    feature.close()
    let_answer(stalled)


def test_only_what_is_current_and_may_be_seen_is_exported(
    opened: Desk, feature: Export, evidence: Evidence, tmp_path: Path
) -> None:
    asked: list[Path] = []
    feature.requested.connect(lambda folder, *_: asked.append(folder))
    names = ("export", "export_as")
    assert all(opened.action(name).isEnabled() for name in names)
    opened.document.set_delta(0.3)
    feature.into(tmp_path)
    assert not any(opened.action(name).isEnabled() for name in names)
    opened.document._settled()
    opened.land(evidence)
    assert all(opened.action(name).isEnabled() for name in names)
    opened.document.begin_blind()
    feature.into(tmp_path)
    assert not any(opened.action(name).isEnabled() for name in names)
    assert asked == []
    opened.document.end_blind()
    feature.into(tmp_path)
    assert asked == [tmp_path]


def test_an_image_of_the_same_name_overwrites_nothing(
    opened: Desk, feature: Export, evidence: Evidence, tmp_path: Path
) -> None:
    feature.into(tmp_path)
    feature.into(tmp_path)
    twin = replace(opened.document.photograph, sha256="ab" * 32)
    opened.open(twin)
    opened.land(evidence)
    feature.into(tmp_path)
    names = sorted(path.parent.name for path in tmp_path.glob("*/result.json"))
    assert names == ["nevus", "nevus-abababab"], "the same image twice replaces its own results"
