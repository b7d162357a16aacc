"""The window starts whatever it finds in its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMenu

from engine.host.resources import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from diffseg_gui.app.workbench import Workbench
    from diffseg_gui.preferences import Preferences


def test_settings_that_make_no_sense_are_passed_over(
    preferences: Preferences, make_bench: Callable[[Path], Workbench], model_path: Path
) -> None:
    for key in (
        "theme",
        "recent",
        "folder",
        "folded",
        "limit_mm",
        "fill",
        "geometry",
        "layout",
        "probe",
        "export",
        "remember",
        "strip",
    ):
        preferences.set(key, QByteArray(b"x"))
    window = make_bench(model_path).window
    assert window.actions_by_name["theme_system"].isChecked()
    assert not any(dock.isHidden() or dock.isFloating() for dock in window.docks.all.values())
    (recent,) = [menu for menu in window.findChildren(QMenu) if menu.title() == "Open &recent"]
    recent.aboutToShow.emit()
    assert [one.text() for one in recent.actions() if not one.isSeparator()] == [
        *(f"Sample: {path.stem}" for path in samples()),
        "&Clear the list",
        "&Remember opened files",
    ]
