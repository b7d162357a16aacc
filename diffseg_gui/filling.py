"""How strongly the style Fill tints the lesion: one of a few opacities, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from diffseg_gui.actions import Command

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow

OPACITIES = (15, 30, 50)  # percent
USUAL = 30

COMMANDS = tuple(
    Command(f"fill_{percent}", "View/Fill op&acity", f"&{percent} %", "", f"Tint the lesion, {percent} % opaque",
            "filling.choose", argument=percent, group="opacity")
    for percent in OPACITIES
)  # fmt: skip


class Filling(QObject):
    """Keeps the opacity that was chosen, and has it drawn."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.scenes.opacity = self.percent / 100
        window.refreshed.connect(self._check)

    @property
    def percent(self) -> int:
        """One of OPACITIES: the one that was chosen, or the usual one where no such is known."""
        kept = self._window.preferences.text("fill")
        return next((percent for percent in OPACITIES if kept == str(percent)), USUAL)

    def choose(self, percent: int) -> None:
        """Tint the lesion so from now on; who chooses how wants to see it."""
        self._window.preferences.set("fill", str(percent))
        self._window.scenes.opacity = percent / 100
        self._window.set_overlay("fill")

    def _check(self) -> None:
        self._window.actions_by_name[f"fill_{self.percent}"].setChecked(True)
