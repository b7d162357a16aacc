"""The left column: every setting of the recipe, one foldable section for each of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffseg_gui.panels.card import Card
from diffseg_gui.panels.crf import CrfPanel
from diffseg_gui.panels.noise import NoisePanel
from diffseg_gui.panels.threshold import ThresholdPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.state import State


class SettingsPanel(Card):
    """Timesteps, threshold and refinement, one below the other."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__("Settings", parent)
        self.noise, self.threshold, self.crf = NoisePanel(state), ThresholdPanel(state), CrfPanel(state)
        self.sections: dict[str, Card] = {"noise": self.noise, "threshold": self.threshold, "crf": self.crf}
        self.outer.setContentsMargins(0, 2, 0, 0)
        self.body.setSpacing(0)
        for section in self.sections.values():
            self.body.addWidget(section)
        self.body.addStretch()

    def folded(self) -> list[str]:
        """Names of the sections that are folded."""
        return [name for name, section in self.sections.items() if section.fold and section.fold.isChecked()]

    def set_folded(self, names: list[str]) -> None:
        """Fold these sections and unfold the others."""
        for name, section in self.sections.items():
            if section.fold is not None:
                section.fold.setChecked(name in names)
