"""What is remembered between two starts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings

from diffseg_gui.filling import USUAL
from diffseg_gui.panels.measures import LIMIT_MM
from diffseg_gui.preferences import RECENT, Preferences

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.app import Workbench


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


@pytest.mark.parametrize("nonsense", ["x" * 5000, "\0", 7, QByteArray(b"x"), [3, None], "nan"])
def test_settings_that_make_no_sense_are_passed_over(
    nonsense: object, preferences: Preferences, make_bench: Callable[[Path], Workbench], model_path: Path
) -> None:
    for key in ("theme", "recent", "folder", "folded", "limit_mm", "fill", "geometry", "layout", "probe", "export"):
        preferences.set(key, nonsense)
    window = make_bench(model_path).window
    window.recent_menu.aboutToShow.emit()
    assert preferences.recent() == []
    assert window.actions_by_name["theme_system"].isChecked()
    assert window.actions_by_name[f"fill_{USUAL}"].isChecked()
    assert window.measures.limit.value() == (7.0 if nonsense == 7 else LIMIT_MM)
    assert all(not section.fold.isChecked() for section in window.settings.sections.values())


def test_without_a_store_nothing_outlives_the_program() -> None:
    first = Preferences()
    first.set("geometry", QByteArray(b"place"))
    first.set("export", "out")
    assert first.data("geometry") == QByteArray(b"place")
    assert first.text("export") == "out"
    assert Preferences().data("geometry") is None
