"""Help: the sheet of shortcuts, and what this program is."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import platformdirs
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTabWidget, QTextBrowser, QWidget

from diffseg_gui import log
from diffseg_gui.feature import Command
from diffseg_gui.features.help import READING, Help, shortcut_sheet
from engine import __version__
from engine.host.resources import default_model
from engine.networks.description import read_description
from tests.gui.conftest import PATIENCE, dialog, let_answer, wait_for_drive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.gui.desk import Desk

COMMANDS = (
    Command("open", "File", "&Open…", "Ctrl+O", "Open a photograph", lambda: None),
    Command("clear", "File/Open &recent", "&Clear", "", "Forget the files opened", lambda: None),
    Command("dark", "View/&Theme", "&Dark", "F1; ?", "Dark colours", lambda: None),
)


@pytest.fixture
def helpful(opened: Desk) -> Desk:
    """A desk with help."""
    opened.add(Help(opened.document, opened.stage, opened.messages, lambda: COMMANDS))
    return opened


def texts(widget: QWidget) -> list[str]:
    """All labels' texts."""
    return [label.text() for label in widget.findChildren(QLabel)]


def test_the_sheet_lists_what_has_a_shortcut_by_menu(qtbot: QtBot) -> None:
    sheet = shortcut_sheet(COMMANDS)
    qtbot.addWidget(sheet)
    assert texts(sheet)[:3] == ["File", "Ctrl+O", "Open…"]
    assert {"View › Theme", "F1  or  ?", "Dark"} <= set(texts(sheet))
    assert "Clear" not in texts(sheet)
    assert {"Mouse and held keys", "Space held", "Pan, whatever the tool"} <= set(texts(sheet))


def test_a_key_opens_the_sheet_of_all_commands_and_a_click_closes_it(helpful: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(helpful, Qt.Key.Key_F1)
    sheet = dialog(qtbot)
    assert "Ctrl+O" in texts(sheet)
    close = sheet.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()


def test_about_has_tabs_and_opens_no_link(helpful: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(helpful, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    about = dialog(qtbot)
    tabs = about.findChild(QTabWidget)
    assert "Not a medical device" in tabs.widget(0).toPlainText(), "from the beginning"
    qtbot.waitUntil(lambda: tabs.widget(1).toPlainText() != READING, timeout=PATIENCE)
    pages = {tabs.tabText(n): tabs.widget(n).toPlainText() for n in range(tabs.count())}
    assert list(pages) == ["About", "Model", "Licence", "Libraries"]
    assert __version__ in pages["About"]
    assert "Not a medical device" in pages["About"]
    assert f"Model: {default_model().stem}" in pages["About"]
    assert f"Its licence: {read_description(default_model()).licence}" in pages["About"]
    assert "Known failures" in pages["Model"]
    assert "#" not in pages["Model"].splitlines()[0], "rendered, not the Markdown itself"
    assert "Permission is hereby granted" in pages["Licence"]
    assert all(name in pages["Libraries"] for name in ("numpy", "torch", "PySide6", "sympy"))
    assert "BSD" in pages["Libraries"]
    assert not any(page.openLinks() or page.openExternalLinks() for page in about.findChildren(QTextBrowser))
    about.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name stands for the drive")
def test_a_model_on_a_drive_that_does_not_answer_does_not_hold_up_what_is_known(
    opened: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    os.mkfifo(tmp_path / "away.json")
    model = tmp_path / "away.safetensors"
    helpful = opened.add(Help(opened.document, opened.stage, opened.messages, lambda: COMMANDS, lambda: model))
    opened.action("about").trigger()
    about = dialog(qtbot)
    wait_for_drive(qtbot)
    assert about.findChild(QTabWidget).widget(1).toPlainText() == READING
    about.close()
    helpful.close()
    let_answer(tmp_path / "away.json")


class Receiver(QObject):
    """Stands where the system's file manager would open."""

    def __init__(self, shown: list[str]) -> None:
        super().__init__()
        self._shown = shown

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        """Asked to show a folder."""
        self._shown.append(url.toLocalFile())


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program's log in a folder of this test's, as it is when the program runs."""
    root = logging.getLogger()
    monkeypatch.setattr(platformdirs, "user_log_dir", lambda *_, **__: str(tmp_path / "logs"))
    monkeypatch.setattr(root, "handlers", [])
    log.start()
    yield tmp_path / "logs" / "diffseg.log"
    for handler in root.handlers:
        handler.close()


def test_diagnostics_hold_versions_model_and_errors_and_no_patient(helpful: Desk, log_file: Path) -> None:
    assert log.file() == log_file
    logging.getLogger("diffseg_gui").error("no picture of %s", "/home/PLANTED/PLANTED Patient.jpg")
    helpful.action("copy_diagnostics").trigger()
    text = QGuiApplication.clipboard().text()
    for part in (f"DiffSeg {__version__}", "Python 3.", "Qt 6.", "torch 2", "System: ", "Locale: ", "Device: cpu, test",
                 f"Model: made up, SHA-256 {'0' * 64}", "no picture of ….jpg"):  # fmt: skip
        assert part in text
    assert "PLANTED" not in text
    assert helpful.document.photograph.path.stem not in text
    assert "clipboard" in helpful.notices[-1]


def test_without_errors_and_while_reading_blind_they_say_so(helpful: Desk, log_file: Path) -> None:
    helpful.document.begin_blind()
    helpful.action("copy_diagnostics").trigger()
    text = QGuiApplication.clipboard().text()
    assert "Model: none used yet" in text
    assert text.endswith("Last errors:\nnone\n")


def test_the_end_of_a_long_log_is_enough(helpful: Desk, log_file: Path) -> None:
    for number in range(500):
        logging.getLogger("diffseg_gui").error("the error with the number %s", number)
    helpful.action("copy_diagnostics").trigger()
    text = QGuiApplication.clipboard().text()
    assert len(text) < 10_000
    assert "number 499" in text
    assert text.partition("Last errors:\n")[2].startswith("20"), "a whole line"


def test_the_log_folder_is_shown_where_there_is_one(log_file: Path, helpful: Desk) -> None:
    shown: list[str] = []
    receiver = Receiver(shown)
    QDesktopServices.setUrlHandler("file", receiver, "show")
    try:
        helpful.action("open_log").trigger()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert shown == [str(log_file.parent)]


def test_only_an_unforeseen_error_offers_them(helpful: Desk, qtbot: QtBot) -> None:
    banner, asked = helpful.stage.banner, []
    banner.logClicked.connect(lambda: asked.append("log"))
    banner.diagnosticsClicked.connect(lambda: asked.append("diagnostics"))
    helpful.messages.failure("out could not be written.")
    assert not banner.log.isVisible()
    assert not banner.diagnostics.isVisible()
    helpful.messages.failure(log.unforeseen("The work stopped", ValueError("x")))
    for button in (banner.log, banner.diagnostics):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["log", "diagnostics"]
    assert banner.isVisible(), "the sentence may be needed still"


def test_there_is_no_folder_where_the_terminal_is_the_log(helpful: Desk) -> None:
    assert not helpful.action("open_log").isEnabled()
    helpful.action("copy_diagnostics").trigger()
    assert "terminal" in QGuiApplication.clipboard().text()
