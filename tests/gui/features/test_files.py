"""Opening photographs: chosen in a dialog, dropped, opened lately, or samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu

from diffseg_gui.features.files import Files

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk

COMMANDS = ["&Clear the list", "&Remember opened files"]
SAMPLES = ["Sample: keratosis", "Sample: melanoma", "Sample: nevus"]


class Counter:
    """The feature on a desk, with what it has had opened, and its menu of recent files."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.opened: list[Path | list[Path]] = []
        self.files = desk.add(
            Files(desk.document, desk.preferences, desk.stage, self.opened.append, self.opened.append)
        )
        self.menu = QMenu(desk)
        self.menu.addAction(desk.action("clear_recent"))
        self.menu.addAction(desk.action("remember_files"))

    def entries(self) -> list[str]:
        """The menu as it comes up, with lines as "|"."""
        self.files.fill(self.menu)
        return ["|" if action.isSeparator() else action.text() for action in self.menu.actions()]


@pytest.fixture
def counter(desk: Desk) -> Counter:
    """Nothing was opened yet."""
    return Counter(desk)


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system's dialog is answered with; last, the folder that it began in, and the kinds that it offers."""
    names: list[str] = []

    def choose(_: object, __: str, folder: str, kinds: str) -> tuple[list[str], str]:
        answered = list(names)
        names.extend((folder, kinds))
        return answered, ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    return names


def test_files_that_are_chosen_are_opened_together(counter: Counter, chosen: list[str], qtbot: QtBot) -> None:
    counter.desk.preferences.set("folder", "/photographs")
    chosen += ["/a.jpg", "/b.png"]
    qtbot.keyClick(counter.desk, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert counter.opened == [[Path("/a.jpg"), Path("/b.png")]]
    assert chosen[2] == "/photographs", "where the last one was opened"
    assert "*.jpg" in chosen[3]


def test_a_dialog_that_is_dismissed_opens_nothing(counter: Counter, chosen: list[str]) -> None:
    counter.desk.action("open").trigger()
    assert chosen
    assert counter.opened == []


def test_what_is_dropped_is_opened(counter: Counter) -> None:
    assert counter.files.accepts([Path("/a.jpg"), Path("/series")])
    assert counter.opened == [[Path("/a.jpg"), Path("/series")]]


def test_files_opened_lately_stand_above_the_samples(counter: Counter, photo: SkinImage) -> None:
    assert counter.entries() == [*SAMPLES, "|", *COMMANDS]
    assert not counter.desk.action("clear_recent").isEnabled()
    for name in ("/photographs/A&B.png", "/photographs/other.png"):
        counter.desk.open(replace(photo, path=Path(name)))
    assert counter.entries() == ["other.png", "A&&B.png", "|", *SAMPLES, "|", *COMMANDS], "& is no letter"
    recent = counter.menu.actions()[1]
    assert recent.toolTip() == "/photographs/A&B.png"
    recent.trigger()
    counter.menu.actions()[3].trigger()
    assert counter.opened[0] == Path("/photographs/A&B.png")
    assert counter.opened[1].stem == "keratosis"
    assert counter.desk.preferences.text("folder") == "/photographs"
    counter.desk.action("clear_recent").trigger()
    assert not counter.desk.action("clear_recent").isEnabled()
    assert counter.entries() == [*SAMPLES, "|", *COMMANDS]


def test_a_menu_that_comes_up_often_does_not_grow(counter: Counter, photo: SkinImage) -> None:
    counter.desk.open(photo)
    for _ in range(3):
        counter.entries()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(counter.menu.findChildren(QAction)) <= len(counter.menu.actions()) + 1, "its own action among them"


def test_files_that_are_gone_are_passed_over(counter: Counter, tmp_path: Path, qtbot: QtBot) -> None:
    for name in ("there.png", "gone.png", "last.png"):
        (tmp_path / name).touch()
        counter.desk.preferences.remember(tmp_path / name)
    (tmp_path / "gone.png").unlink()
    with qtbot.waitSignal(counter.files.recentFound) as found:
        counter.files.look()
    assert found.args == [[tmp_path / "last.png", tmp_path / "there.png"]]
    assert counter.entries()[:2] == ["last.png", "gone.png"], "a menu that comes up must not wait for a disk"
    with qtbot.waitSignal(counter.files.recentFound) as found:
        counter.desk.action("clear_recent").trigger()
    assert found.args == [[]]
    assert counter.desk.preferences.text("folder") == "", "its name may tell as much"


def test_who_wants_no_files_remembered_says_so_once(counter: Counter, photo: SkinImage, qtbot: QtBot) -> None:
    counter.desk.open(photo)
    remember = counter.desk.action("remember_files")
    assert remember.isChecked()
    with qtbot.waitSignal(counter.files.recentFound) as found:
        remember.trigger()
    assert found.args == [[]]
    counter.desk.open(replace(photo, path=Path("/photographs/other.png")))
    assert counter.entries() == [*SAMPLES, "|", *COMMANDS]
    assert counter.desk.preferences.text("folder") == ""
    remember.trigger()
    counter.desk.open(photo)
    assert counter.entries()[0] == "nevus.png"
