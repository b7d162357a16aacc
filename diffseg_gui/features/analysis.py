"""The analysis: running it again, stopping it, and the device that computes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from diffseg_gui.feature import Command, Feature

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages

DEVICES = {"auto": "&Fastest", "cpu": "&CPU", "cuda": "&NVIDIA GPU", "mps": "&Apple GPU"}


class Analysis(Feature):
    """Offers what can be done about the analysis. device: the one that is asked for, which the workbench sets."""

    deviceRequested = Signal(str)

    def __init__(self, document: Document, messages: Messages, device: str) -> None:
        super().__init__()
        self._document, self._messages, self._device = document, messages, device
        self._there: tuple[str, ...] = ("cpu",)  # until torch, which takes seconds to load, has told
        self.commands = (
            Command("run", "Analysis", "&Run again", "F5", "Analyse the open photograph; what is known is kept",
                    self.run_again, lambda: document.photograph is not None, bar=20, named=True),
            Command("cancel", "Analysis", "&Cancel", "Esc", "Stop the analysis; what is found so far stays",
                    document.cancel, lambda: document.is_busy),
            Command("reset_settings", "Analysis", "Reset &all settings", "Ctrl+R", "Back to the defaults",
                    self.reset, icon="reset"),
            *(
                Command(f"device_{kind}", "Analysis/&Device", text, "", f"Analyse on: {text.replace('&', '')}",
                        partial(self.set_device, kind), checked=partial(self._is_chosen, kind), one_of="device",
                        offered=partial(self._is_offered, kind))
                for kind, text in DEVICES.items()
            ),
        )  # fmt: skip

    @property
    def device(self) -> str:
        """The kind that is asked for, one of DEVICES."""
        return self._device

    @device.setter
    def device(self, kind: str) -> None:
        self._device = kind
        self.changed.emit()

    def offer(self, kinds: tuple[str, ...]) -> None:
        """Offer the kinds of device that this machine has."""
        self._there = kinds
        self.changed.emit()

    def run_again(self) -> None:
        """Analyse the open photograph."""
        self._messages.forget_failure()
        self._document.run_again()

    def reset(self) -> None:
        """Back to the model's own settings."""
        self._document.set_recipe(self._document.defaults)

    def set_device(self, kind: str) -> None:
        """Analyse on another device, the open photograph at once."""
        self.device = kind
        self.deviceRequested.emit(kind)
        self.run_again()

    def _is_offered(self, kind: str) -> bool:
        """What is there, and what was asked for, which may not be."""
        return kind in ("auto", self._device, *self._there)

    def _is_chosen(self, kind: str) -> bool:
        return self._device == kind
