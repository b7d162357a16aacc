"""The theme: dark, light, or as the system has it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from diffseg_gui.feature import Command, Feature
from diffseg_gui.look.theme import THEMES, Dresser

if TYPE_CHECKING:
    from diffseg_gui.preferences import Preferences


class Appearance(Feature):
    """Offers the themes."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.dresser = Dresser(preferences, self)
        self.commands = tuple(
            Command(f"theme_{name}", "View/&Theme", "&As the system" if name == "system" else f"&{name.capitalize()}",
                    "", f"Colours: {name}", partial(self.dresser.choose, name),
                    checked=partial(self._is_chosen, name), one_of="theme", line=not number)
            for number, name in enumerate(THEMES)
        )  # fmt: skip

    def close(self) -> None:
        """Another window may follow the system from now on."""
        self.dresser.close()

    def _is_chosen(self, name: str) -> bool:
        return self.dresser.name == name
