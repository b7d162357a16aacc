"""What is remembered between two starts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings

from diffseg_gui.features.appearance import Appearance
from diffseg_gui.features.border import USUAL, Border
from diffseg_gui.features.measures import Measures
from diffseg_gui.features.measures.panel import LIMIT_MM
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.preferences import RECENT, Preferences

if TYPE_CHECKING:
    from tests.gui.desk import Desk

NONSENSE = ("x" * 5000, "\0", 7, QByteArray(b"x"), [3, None], "nan")


def test_the_newest_file_comes_first_and_no_disk_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A share that is gone blocks whoever looks for it; opening a file that is lost says so."""
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    files = [tmp_path / f"{number}.png" for number in range(RECENT + 3)]
    for file in files:
        file.touch()
        Preferences(store).remember(file)
    Preferences(store).remember(files[-2])
    files[-1].unlink()
    store.sync()
    again = Preferences(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    asked: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr("os.stat", lambda name, *_, **__: asked.append(name))
        recent = again.recent()
    assert asked == []
    assert recent == [files[-2], files[-1], *files[-3 : -RECENT - 1 : -1]]
    assert again.text("folder") == str(tmp_path)
    again.forget()
    assert again.recent() == []


def test_a_single_recent_file_survives(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    Preferences(store).remember(tmp_path)
    store.sync()
    assert Preferences(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)).recent() == [tmp_path]


def test_a_file_named_from_its_folder_is_found_from_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preferences = Preferences()
    (tmp_path / "here.png").touch()
    with monkeypatch.context() as patch:
        patch.chdir(tmp_path)
        preferences.remember(Path("here.png"))
    assert preferences.recent() == [tmp_path / "here.png"]
    assert preferences.text("folder") == str(tmp_path)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_settings_that_make_no_sense_are_passed_over(nonsense: object, desk: Desk) -> None:
    preferences = desk.preferences
    for key in ("theme", "recent", "folder", "folded", "limit_mm", "fill", "export"):
        preferences.set(key, nonsense)
    desk.add(Appearance(preferences))
    desk.add(Border(desk.document, desk.editing, desk.display, preferences))
    measures = desk.add(Measures(desk.document, desk.editing, desk.messages, preferences))
    settings = desk.add(Settings({"threshold": Threshold(desk.document)}, preferences))
    assert preferences.recent() == []
    assert desk.action("theme_system").isChecked()
    assert desk.action(f"fill_{USUAL}").isChecked()
    assert measures.card.limit.value() == (7.0 if nonsense == 7 else LIMIT_MM)
    assert not settings.sections["threshold"].fold.isChecked()


def test_without_a_store_nothing_outlives_the_program() -> None:
    first = Preferences()
    first.set("geometry", QByteArray(b"place"))
    first.set("export", "out")
    assert first.data("geometry") == QByteArray(b"place")
    assert first.text("export") == "out"
    assert Preferences().data("geometry") is None


def test_a_lock_that_a_crash_left_before_it_said_whose_it_is_goes(tmp_path: Path) -> None:
    """Qt would wait half a minute for its owner."""
    path, lock = tmp_path / "settings.ini", tmp_path / "settings.ini.lock"
    lock.touch()
    preferences = Preferences(QSettings(str(path), QSettings.Format.IniFormat))
    assert not lock.exists()
    preferences.set("theme", "dark")
    assert preferences.text("theme") == "dark"
