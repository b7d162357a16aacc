"""What is remembered between two starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from diffseg_gui.preferences import RECENT, Preferences

if TYPE_CHECKING:
    from pathlib import Path


def test_the_newest_file_comes_first_and_lost_ones_are_left_out(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    files = [tmp_path / f"{number}.png" for number in range(RECENT + 3)]
    for file in files:
        file.touch()
        Preferences(store).remember(file)
    Preferences(store).remember(files[-2])
    files[-1].unlink()
    store.sync()
    again = Preferences(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    assert again.recent() == [files[-2], *files[-3 : -RECENT - 1 : -1]]
    assert again.text("folder") == str(tmp_path)


def test_a_single_recent_file_survives(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    Preferences(store).remember(tmp_path)
    store.sync()
    assert Preferences(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)).recent() == [tmp_path]


def test_without_a_store_nothing_outlives_the_program() -> None:
    first = Preferences()
    first.set("geometry", QByteArray(b"place"))
    first.set("export", "out")
    assert first.data("geometry") == QByteArray(b"place")
    assert first.text("export") == "out"
    assert Preferences().data("geometry") is None
