"""Reading blind: the person outlines the lesion first and sees the result afterwards, so that neither sways the other.

The outline is drawn with the correction's tools, over an empty mask. At the reveal it is kept with the photograph, with
its agreement with the result, and the time and edits it took, and stays in view as a dashed curve. The correction
begins empty: a blind outline corrects nothing, unless the person makes it the correction. An outline that is not
revealed waits for its photograph to be opened again, through a crash, too. To stop without a reveal drops it, after a
question.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from diffseg_gui.document.blindness import may_be_blind
from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.blind.strip import Strip
from diffseg_gui.look import overlay
from diffseg_gui.look.confirm import confirm
from diffseg_gui.view.layers import Depth, Layer
from diffseg_gui.view.scene import Curve, to_path
from diffseg_gui.view.views import PHOTOGRAPH
from engine.reading import reading as readings
from engine.reading.correction import changed
from engine.reading.outline import outline

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from engine.arrays import Bools
    from engine.reading.correction import Layer as Correction
    from engine.reading.reading import Blind

UNDRAWN, UNREADY = "Outline the lesion first", "The result is not there yet"
DROP = "Stop reading blind and drop your outline?"
SAID = 8000  # ms a message stays


class BlindReading(Feature):
    """Begins, ends and records blind readings. What may be seen meanwhile the document decides."""

    def __init__(self, document: Document, editing: Editing, messages: Messages, parent: QWidget) -> None:
        """parent: in whose window its question stands."""
        super().__init__()
        self._document, self._editing, self._messages = document, editing, messages
        self._parent_widget = parent
        self._told: Blind | None = None  # the record that the strip showed last
        self._drawn: Derived[tuple[Curve, ...]] = Derived(lambda: (editing.mask,), _drawn)
        self._revealed: Derived[tuple[Curve, ...]] = Derived(lambda: (document.reading.blind,), _revealed)
        self.layers = (
            Layer(Depth.OUTLINE, self._drawn_layer, while_blind=True),
            Layer(Depth.OUTLINE, self._revealed_layer),
        )
        self.strip = self.head = Strip()
        self.strip.stop.clicked.connect(lambda: self.switch(False))
        self.buttons = {"reveal": self.strip.reveal, "adopt_blind": self.strip.adopt}
        for signal in (document.opened, document.readingChanged, document.resultChanged, document.progressChanged):
            signal.connect(self._follow)
        self.commands = self._commands()

    def _commands(self) -> tuple[Command, ...]:
        document = self._document
        return (
            Command("blind", "Review", "Read &blind", "Ctrl+B",
                    "Outline the lesion before you see what the model found", self.switch,
                    checked=lambda: document.blind is not None or document.blind_series, line=True),
            Command("reveal", "Review", "Re&veal", "Ctrl+Return",
                    "End the blind reading: show the result beside your outline", self.reveal, self._may_reveal,
                    self._why_not_reveal),
            Command("adopt_blind", "Review", "Use my &outline as the correction", "Ctrl+Shift+O",
                    "The final mask becomes your blind outline; Undo brings back what it was", self.adopt,
                    lambda: self._outline() is not None, icon="blind"),
            Command("discard_blind", "Review", "&Discard blind outline", "Ctrl+Shift+B",
                    "Forget the blind outline of this photograph; Undo brings it back", self.discard,
                    lambda: document.blind is None and document.reading.blind is not None, icon="cancel"),
        )  # fmt: skip

    # What commands do

    def switch(self, on: bool) -> None:
        """Read this photograph and those that follow blind, until it is switched off."""
        document = self._document
        if on and document.photograph is not None and may_be_blind(document.reading):
            document.begin_blind()
        elif on:
            document.blind_series = True
            self._messages.notice("The next photographs you open are read blind", SAID)
        elif not self._has_outline() or confirm(self._parent_widget, DROP, "Drop it", "Go on drawing"):
            document.blind_series = False
            document.end_blind()
        self.changed.emit()

    def reveal(self) -> None:
        """Record the outline against the result, and show everything."""
        session, found, mask = self._document.blind, self._document.results.segmentation, self._editing.mask
        if session is None or found is None or mask is None or not self._may_reveal():
            return
        spent, edits = session.seconds(time.monotonic()), session.edits_of(self._document.reading)
        self._document.end_blind(readings.blind(mask, found.mask, spent, edits, session.seen))

    def adopt(self) -> None:
        """Make the blind outline the correction, in place of the present one; can be undone."""
        if self._editing.layer is not None and (drawn := self._outline()) is not None:
            self._editing.put("use of your outline", changed(self._editing.layer, 0, 0, drawn))

    def discard(self) -> None:
        """Forget this photograph's blind outline; can be undone."""
        if self._document.blind is None:
            self._editing.change("discard blind outline", replace(self._document.reading, blind=None))

    # Within

    def _has_outline(self) -> bool:
        """Whether one is under way."""
        return self._document.blind is not None and self._editing.is_corrected

    def _outline(self) -> Correction | None:
        """The one that was revealed, where it was kept."""
        record = self._document.reading.blind
        return None if self._document.blind is not None or record is None else record.layer

    def _may_reveal(self) -> bool:
        return self._has_outline() and self._document.results.current

    def _why_not_reveal(self) -> str:
        if self._document.blind is None:
            return "Only while you read blind"
        return UNREADY if self._has_outline() else UNDRAWN

    def _follow(self) -> None:
        """The strip tells how to go on; afterwards what came of it, which hidden stays so until there is another."""
        record = self._document.reading.blind
        if self._document.blind is not None:
            self.strip.show_reading(self._document.results.current, self._document.is_busy)
        elif record is None:
            self.strip.hide()
        elif record != self._told:
            self.strip.show_result(record)
        self._told = record if self._document.blind is None else None
        self.changed.emit()

    # What is drawn

    def _drawn_layer(self, key: str) -> tuple[Curve, ...]:
        """While reading blind: the outline so far."""
        return self._drawn.value if key == PHOTOGRAPH and self._document.blind is not None else ()

    def _revealed_layer(self, key: str) -> tuple[Curve, ...]:
        """After the reveal, in later sittings, too."""
        return self._revealed.value if key == PHOTOGRAPH else ()


def _drawn(mask: Bools | None) -> tuple[Curve, ...]:
    path = to_path([] if mask is None else outline(mask))
    return (Curve(path, overlay.OUTLINE, 2.2, name="" if path.isEmpty() else "your outline"),)


def _revealed(record: Blind | None) -> tuple[Curve, ...]:
    if record is None or record.layer is None:
        return ()
    return (Curve(to_path(outline(record.layer > 0)), overlay.OUTLINE, 1.8, dashed=True, name="your blind outline"),)
