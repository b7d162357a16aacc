"""Help: the sheet of shortcuts, and what this program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTabWidget, QTextBrowser, QWidget

from diffseg_gui.feature import Command
from diffseg_gui.features.help import Help, shortcut_sheet
from engine import __version__
from tests.gui.conftest import dialog

if TYPE_CHECKING:
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
    opened.add(Help(opened.document, opened.stage, lambda: COMMANDS))
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
    pages = {tabs.tabText(n): tabs.widget(n).toPlainText() for n in range(tabs.count())}
    assert list(pages) == ["About", "Model", "Licence", "Libraries"]
    assert __version__ in pages["About"]
    assert "Not a medical device" in pages["About"]
    assert "Model: made up" in pages["About"], "the one that was used"
    assert "Known failures" in pages["Model"]
    assert "#" not in pages["Model"].splitlines()[0], "rendered, not the Markdown itself"
    assert "Permission is hereby granted" in pages["Licence"]
    assert all(name in pages["Libraries"] for name in ("numpy", "torch", "PySide6", "sympy"))
    assert "BSD" in pages["Libraries"]
    assert not any(page.openLinks() or page.openExternalLinks() for page in about.findChildren(QTextBrowser))
    about.close()


def test_while_reading_blind_the_model_that_was_used_is_not_told(helpful: Desk, qtbot: QtBot) -> None:
    helpful.document.begin_blind()
    helpful.action("about").trigger()
    about = dialog(qtbot)
    assert "made up" not in about.findChild(QTabWidget).widget(0).toPlainText()
    about.close()
