"""The settings panel: every setting of the recipe, one foldable section for each of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffseg_gui.feature import Feature, Panel, Place
from diffseg_gui.look.card import Card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diffseg_gui.preferences import Preferences

FOLDED = "folded"  # the preference's name


class Settings(Feature):
    """Sections one below the other; which are folded is remembered."""

    def __init__(self, sections: Mapping[str, Card], preferences: Preferences) -> None:
        """sections: cards that can be folded, by the names under which that is remembered."""
        super().__init__()
        self.sections, self._preferences = dict(sections), preferences
        card = Card("Settings")
        card.outer.setContentsMargins(0, 2, 0, 0)
        card.body.setSpacing(0)
        for section in self.sections.values():
            card.body.addWidget(section)
        card.body.addStretch(1)  # all the height that is left
        self.panel = Panel("settings", "Settings", "Timesteps, threshold and refinement", card, Place.LEFT)
        for name, section in self.sections.items():
            if section.fold is not None:
                section.fold.setChecked(name in preferences.texts(FOLDED))

    def close(self) -> None:
        """Remember what is folded."""
        folded = [name for name, section in self.sections.items() if section.fold and section.fold.isChecked()]
        self._preferences.set(FOLDED, folded)
