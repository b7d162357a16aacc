"""The settings of the open photograph: whose they are, and when a person is asked before they change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.reading.reading import Chosen

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.reading.reading import Reading
    from engine.recipe import Recipe


class Settings:
    """Settings belong to a photograph once a person has chosen them for it, corrected it with them or exported it.

    They are kept with its reading and come back with it. They do not go over to another photograph, which begins with
    the model's own: what suits one lesion would change the others without a word.
    """

    def __init__(self, defaults: Recipe) -> None:
        """defaults: the model's own."""
        self.defaults = self.recipe = defaults
        self.may_change: Callable[[], bool] = lambda: True  # asked before a correction comes to lie over another result
        self.are_kept = True  # what was chosen last was given away to be kept, if anything was chosen
        self._own = False  # they are this photograph's
        self._empty = True  # no photograph has been open: what is chosen is for the first
        self._agreed = False  # the person has agreed to change what lies below the correction
        self._with: dict[Recipe, Recipe] = {}  # by a model's own settings: this photograph's with it, before another

    @property
    def first(self) -> Recipe:
        """Those with which another photograph begins."""
        return self.recipe if self._empty else self.defaults

    def begin(self) -> None:
        """Another photograph is opened."""
        self.recipe, self._own, self._agreed, self._empty = self.first, False, False, False
        self.are_kept = True
        self._with.clear()

    def resume(self, chosen: Chosen | None) -> None:
        """Its settings were kept; they come back unless they were chosen for another model."""
        if chosen is not None and chosen.defaults == self.defaults:
            self.recipe, self._own = chosen.recipe, chosen.recipe != self.defaults
        elif chosen is not None:
            self._with[chosen.defaults] = chosen.recipe

    def choose(self, recipe: Recipe, corrected: bool, of_model: bool = False, back: bool = False) -> bool:
        """Take what a person has chosen; asks once a corrected photograph, and returns whether they were taken.

        of_model: they are the own settings of another model, which is used from now on. back: it was used before the
        present one, which cannot be: nobody is asked, and the photograph has the settings again that it had with it.
        """
        if corrected and not self._agreed and not back:
            if not self.may_change():
                return False
            self._agreed = True
        if not of_model:
            self._with.pop(self.defaults, None)
        elif self.recipe != self.defaults:  # two models may have the same of their own
            self._with[self.defaults] = self.recipe
        self.recipe = self._with.get(recipe, recipe) if back else recipe
        self.defaults = recipe if of_model else self.defaults
        self._own, self.are_kept = True, False
        return True

    def hold(self) -> None:
        """The photograph is finished with these settings."""
        self._own = True

    def kept_with(self, reading: Reading) -> Reading:
        """The reading as it is kept: with its settings, unless there is nothing to keep."""
        self.are_kept = True
        if reading.is_empty and not self._own:
            return reading
        return replace(reading, chosen=Chosen(self.recipe, self.defaults))
