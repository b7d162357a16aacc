"""Which model analyses: the bundled ones, each with its licence, or a file that is chosen or dropped on the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.feature import Command, Feature
from diffseg_gui.messages import LONG
from diffseg_gui.worker.background import Background
from engine.errors import ModelError
from engine.host.resources import default_model, models
from engine.networks.description import read_description

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages
    from diffseg_gui.preferences import Preferences
    from engine.networks.description import Description
    from engine.recipe import Recipe

MENU = "Analysis/Mod&el"
SUFFIX = ".safetensors"


class ModelChoice(Feature):
    """Offers the models. Settings that one model came with mean little to another, so its own come with it."""

    requested = Signal(object)  # Path of the weights: analyse with these from now on, as the document is about to ask

    def __init__(
        self, document: Document, messages: Messages, preferences: Preferences, parent: QWidget, path: Path | None
    ) -> None:
        """parent: in whose window dialogs stand. path: the weights that are used; None: the default model's."""
        super().__init__()
        self._document, self._messages, self._preferences = document, messages, preferences
        self._parent_widget = parent
        self.path = path or default_model()
        self._licences: dict[Path, str] = {}  # of the models whose descriptions have been read
        self._bundled: dict[Path, Description] = {}  # those that can be read
        self._reading = Background(self, may_stall=True)  # a model of one's own may lie on a network drive
        self._reading.answered.connect(lambda read: self._use(*read))
        self._reading.failed.connect(self._say_why_not)
        bundled = models()
        self.commands = (
            *(self._offer(path) for path in bundled),
            Command("model_other", MENU, "Another model", "", "Analyse with the model that was opened", self._use_again,
                    checked=lambda: self.path not in bundled, one_of="model",
                    label=lambda: self.path.name.replace("&", "&&"), offered=lambda: self.path not in bundled),
            Command("open_model", MENU, "&Open a model file…", "",
                    f"Analyse with a model of your own: a {SUFFIX} file with its .json beside it; or drop it here",
                    self.ask, line=True),
        )  # fmt: skip

    @property
    def said(self) -> str:
        """The model that is used and its licence, in short."""
        return in_short(self.path.stem, self._licences.get(self.path, ""))

    def _offer(self, path: Path) -> Command:
        try:
            self._bundled[path] = read_description(path)
            licence = self._licences[path] = self._bundled[path].licence
        except ModelError:  # which is said once it is chosen
            licence = ""
        return Command(
            f"model_{path.stem}", MENU, in_short(path.stem, licence).replace("&", "&&"), "",
            f"Analyse with {path.stem}. Licence: {licence}", partial(self.choose, path),
            checked=lambda: self.path == path, one_of="model",
        )  # fmt: skip

    def accepts(self, paths: Sequence[Path]) -> bool:
        """Take a model that was dropped, its description beside it or not."""
        weights = [path for path in paths if path.suffix.lower() == SUFFIX]
        for path in weights[:1]:
            self.choose(path)
        return bool(weights)

    def ask(self) -> None:
        """Ask for a model's file."""
        name, _ = QFileDialog.getOpenFileName(self._parent_widget, "Open a model", "", f"Models (*{SUFFIX})")
        if name:
            self.choose(Path(name))

    def choose(self, path: Path) -> None:
        """Analyse with these weights, and with their own settings, the open photograph at once."""
        self._reading.forget()
        if path == self.path:
            return
        if path in self._bundled:
            self._use(path, self._bundled[path])
        else:
            self._messages.notice(f"Reading the description of {path.name} …", LONG)
            self._reading.ask(lambda: (path, read_description(path)))

    def go_back(self, path: Path | None, defaults: Recipe) -> None:
        """The chosen model cannot be used: the one before is used again. defaults: its own settings."""
        self._take(path or default_model(), defaults, back=True)

    def close(self) -> None:
        """Read no more."""
        self._reading.close()

    def _use(self, path: Path, described: Description) -> None:
        """What stands beside the weights is known."""
        self._licences[path] = described.licence
        if not self._take(path, described.recipe):
            return
        self._messages.forget_failure()
        self._messages.notice(f"Model: {in_short(described.name, described.licence)}")
        self.requested.emit(path)

    def _say_why_not(self, sentence: str) -> None:
        self._messages.failure(sentence)
        self.changed.emit()  # the switch goes back

    def _take(self, path: Path, recipe: Recipe, back: bool = False) -> bool:
        """Whether the person, who may have corrected the photograph, agreed. back: to the model before."""
        taken = self._document.set_recipe(recipe, of_model=True, back=back)
        if taken:
            self.path = path
            # A file of one's own is chosen anew at each start: on a drive that does not answer it would hold that up.
            self._preferences.set("model", path.stem if path in models() else "")
        self.changed.emit()
        return taken

    def _use_again(self) -> None:
        """It is used already."""
        self.changed.emit()


def in_short(name: str, licence: str) -> str:
    """A model's name and the first clause of its licence's line: all that matters of it comes first there."""
    said = licence.split(";")[0].strip()
    return f"{name} – {said}" if said else name
