"""Reading blind: the person outlines the lesion first and sees the result afterwards, so that neither sways the other.

The outline is drawn with the correction's tools, over an empty mask. At the reveal it is kept with the image, with its
agreement with the result, and the time and edits it took, and stays in view as a dashed curve. The correction begins
empty: a blind outline corrects nothing, unless the person makes it the correction. An outline that is not revealed is
kept as a reading of its own, which tells nothing of the model, and waits for its image to be opened again, through a
crash, too, as does a calibration. To stop without a reveal drops the outline, after a question.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QMenu

from diffseg_gui.actions import Command
from diffseg_gui.outlined import Outlined
from diffseg_gui.panels.veil import Strip, Veil
from diffseg_gui.question import agreed
from diffseg_gui.views import PHOTOGRAPH, VIEWS
from engine.reading import reading as readings
from engine.reading.agreement import Agreement
from engine.reading.correction import Patch, changed, reset
from engine.reading.reading import Reading

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from diffseg_gui.keeper import Kept
    from diffseg_gui.window import MainWindow
    from engine.reading.correction import Layer

OWN = ("blind", "reveal", "adopt_blind", "discard_blind")
MODEL_VIEWS = tuple(f"view_{key}" for key in VIEWS if key != PHOTOGRAPH)
HELD = (*MODEL_VIEWS, "band", "export", "compare_pair", "show_changes", "next_override")  # and the Review menu's others
UNDRAWN, UNREADY = "Outline the lesion first", "The result is not there yet"
DROP = "Stop reading blind and drop your outline?"
WITH_ITSELF = Agreement(1.0, 1.0, 1.0, 1.0)  # what stands in an outline's record before there is a result to see
SAID = 8000  # ms a message stays

COMMANDS = (
    Command("blind", "Review", "Read &blind", "Ctrl+B", "Outline the lesion before you see what the model found",
            "blind.switch", checkable=True, line=True),
    Command("reveal", "Review", "Re&veal", "Ctrl+Return", "End the blind reading: show the result beside your outline",
            "blind.reveal"),
    Command("adopt_blind", "Review", "Use my &outline as the correction", "Ctrl+Shift+O",
            "The final mask becomes your blind outline; Undo brings back what it was", "blind.adopt", icon="blind"),
    Command("discard_blind", "Review", "&Discard blind outline", "Ctrl+Shift+B",
            "Forget the blind outline of this photograph; Undo brings it back", "blind.discard", icon="cancel"),
)  # fmt: skip


class BlindReading(QObject):
    """Begins, ends and records the blind reading of one image at a time."""

    edited = Signal(str, object)  # an image's identity and its outline that was not revealed: something to keep

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state, self._edit = window, window.state, window.edit
        self.armed = False  # the next image that is opened is read blind
        self._identity: str | None = None  # of the image that is read blind
        self._opening = False  # the image has just come; what is kept of it comes next
        self._drawn: Layer | None = None
        self._known_ruler: readings.Ruler | None = None  # made while reading blind, and kept with the outline
        self._edits = 0  # spent on the outline
        self._before = Reading()  # with the reading's own edits and calibration
        self._since, self._spent = 0.0, 0.0  # seconds: when it began, and what was spent before
        self._spent_edits = 0
        self._outlined = Outlined(window)
        self._told: readings.Blind | None = None  # the record that the strip showed last
        self._veil: Veil | None = None
        self.strip = Strip()
        window.stage.body.insertWidget(window.stage.body.indexOf(window.stage.canvas), self.strip)
        self.strip.reveal.clicked.connect(self.reveal)
        self.strip.adopt.clicked.connect(self.adopt)
        self.strip.stop.clicked.connect(lambda: self._action("blind").setChecked(False))
        self._state.imageChanged.connect(self._image_changed)
        self._state.readingChanged.connect(self._reading_changed)
        window.refreshed.connect(self._follow)

    @property
    def on(self) -> bool:
        """Whether the open image is read blind."""
        return self._identity is not None

    # What actions call

    def switch(self, on: bool) -> None:
        """Read the open image blind, or the next one where this one's result has been worked with; or stop."""
        reading = self._state.reading
        if on and reading is not None and reading.layer is None and reading.blind is None:
            self._begin()
        elif on:
            self.armed = True
            self._window.statusBar().showMessage("The next photograph you open is read blind", SAID)
        elif self._drawn is not None and not agreed(self._window, DROP, "Drop it", "Go on drawing"):
            self._check(True)
        else:
            self.armed = False
            self._stop()

    def reveal(self) -> None:
        """Record the outline against the result, and show everything."""
        found, mask, reading = self._state.segmentation, self._edit.mask, self._state.reading
        if not self._may_reveal() or found is None or mask is None or reading is None:
            return
        self._stop(readings.blind(mask, found.mask, self._seconds(), self._edits))

    def adopt(self) -> None:
        """Make the blind outline the correction, in place of the present one; can be undone."""
        if self._edit.layer is not None and (outline := self._outline()) is not None:
            self._edit.put("use of your outline", changed(self._edit.layer, 0, 0, outline))

    def discard(self) -> None:
        """Forget this image's blind outline; can be undone."""
        if self._state.reading is not None and not self.on:
            self._edit.change("discard blind outline", replace(self._state.reading, blind=None))

    # Beginning and ending

    def _begin(self) -> None:
        window, image, reading = self._window, self._state.image, self._state.reading
        assert image is not None
        assert reading is not None
        self.armed, self._identity = False, image.identity
        self._drawn, self._edits, self._spent_edits = None, 0, 0
        self._before, self._known_ruler = reading, reading.ruler
        self._since, self._spent = time.monotonic(), 0.0
        self._edit.stack.clear()  # what was undone must not come back into the outline
        window.scenes.veil = self._outlined.drawn
        if self._veil is None:
            self._veil = Veil(window, self._held())
        if window.view != PHOTOGRAPH:
            window.show_view(PHOTOGRAPH)
        self._check(True)
        self._edit.blind = True
        window.refresh()

    def _stop(self, record: readings.Blind | None = None) -> None:
        """Take the outline away, keep its record if there is one, and show everything."""
        if self._identity is not None and self._edit.layer is not None:
            identity, before = self._identity, self._before
            self._edit.put("blind outline", reset(self._edit.layer))
            self._lift()
            reading = self._state.reading
            assert reading is not None
            self._edit.change("blind outline", replace(reading, edits=before.edits, blind=record or reading.blind))
            self._edit.stack.clear()  # what is undone must not become a correction
            if reading.ruler != before.ruler:
                self._edit.keep()
            self.edited.emit(identity, Reading())  # nothing waits any more
            self._window.refresh()
        self._check(self.armed)

    def _lift(self) -> None:
        """Show everything again."""
        self._identity, self._drawn = None, None
        self._edit.blind = False
        self._window.scenes.veil = None
        if self._veil is not None:
            self._veil.lift()
        self._veil = None
        self.strip.hide()
        self._window.refresh()

    # What follows

    def _image_changed(self) -> None:
        """Another image: an outline under way waits for its own."""
        image = self._state.image
        assert image is not None
        if image.identity == self._identity:
            return
        if self.on:
            self._put_aside()
        if self.armed:
            self._begin()
        elif self.on:
            self._lift()
            self._check(False)
        self._opening = True

    def _put_aside(self) -> None:
        if self._drawn is not None:
            self._keep()  # with the time that it took
            said = "Your blind outline waits until you open its photograph again"
            self._window.statusBar().showMessage(said, SAID)

    def restore(self, kept: Kept) -> None:
        """What is kept of the image has been brought back: go on with its outline, or see that the image is not new."""
        reading, waited = self._state.reading, kept.reading
        if not self._opening or reading is None:  # the same image again
            return
        new = reading.layer is None and reading.blind is None
        if new and waited is not None:
            kept.taken()
            if waited.layer is not None and not self.on:
                self._begin()
        self._opening = False
        if not self.on:
            self._tell_record()
        elif not new:
            self._lift()
            self._check(False)
            self._tell_record()
            self._window.statusBar().showMessage("You have read this photograph before, so it is not read blind", SAID)
        else:
            self._before, self._known_ruler = reading, reading.ruler
        if new and waited is not None:
            self._resume(waited, reading)

    def _resume(self, waited: Reading, reading: Reading) -> None:
        """Bring back an outline that waited for this image, and the calibration that was made meanwhile."""
        if waited.layer is not None and waited.blind is not None:
            self._spent, self._spent_edits = waited.blind.seconds, waited.blind.edits - 1  # laying it down is no edit
            calibrated = replace(reading, ruler=waited.ruler)
            self._edit.put_and_change("blind outline", Patch(0, 0, waited.layer), calibrated)
            self._window.statusBar().showMessage("Your blind outline is back; go on, or reveal the result", SAID)
        elif waited.ruler is not None:
            self._edit.change("ruler", replace(reading, ruler=waited.ruler))
            if not self.on and self._state.image is not None:  # it is kept as the image's own now
                self.edited.emit(self._state.image.identity, Reading())
        self._edit.stack.clear()

    def _keep(self) -> None:
        """Have the outline kept as it is now, what it took so far, and the calibration."""
        kept = Reading(ruler=self._known_ruler)
        if self._drawn is not None:
            record = readings.Blind(0, "", WITH_ITSELF, self._seconds(), self._edits)
            kept = replace(kept, layer=self._drawn, blind=record)
        self.edited.emit(self._identity, kept)

    def _reading_changed(self) -> None:
        reading, image = self._state.reading, self._state.image
        if reading is None or image is None or self._opening:
            return
        if not self.on:
            self._tell_record()
        elif image.identity == self._identity:  # another's: the outline of the one before is still to be put aside
            anything = self._drawn is not None or reading.layer is not None or reading.ruler != self._known_ruler
            self._drawn, self._known_ruler = reading.layer, reading.ruler
            self._edits = max(reading.edits - self._before.edits, 0) + self._spent_edits
            if anything:
                self._keep()

    def _tell_record(self) -> None:
        """The strip shows the image's record; hidden by the person, it stays so until there is another."""
        record = self._state.reading.blind if self._state.reading is not None else None
        told, self._told = self._told, record
        if record is None:
            self.strip.hide()
        elif record != told:
            self.strip.show_result(record)
        if record != told:
            self._window.refresh()  # its curve, and what can be done with it

    def _follow(self) -> None:
        if self.on:
            self.strip.show_reading(self._state.current, self._state.busy)
        may, reveal = self._may_reveal(), self._action("reveal")
        reason = "" if may or not self.on else UNDRAWN if self._drawn is None else UNREADY
        for part in (reveal, self.strip.reveal):
            part.setEnabled(may)
            part.setToolTip(reason or "Show the result beside your outline (Ctrl+Return)")
        reading = self._state.reading
        self._action("discard_blind").setEnabled(not self.on and reading is not None and reading.blind is not None)
        self._action("adopt_blind").setEnabled(self._outline() is not None)

    def _outline(self) -> Layer | None:
        """The one that was revealed, where it was kept."""
        reading = self._state.reading
        return None if self.on or reading is None or reading.blind is None else reading.blind.layer

    def _may_reveal(self) -> bool:
        return self.on and self._state.current and self._drawn is not None

    def _seconds(self) -> float:
        return self._spent + time.monotonic() - self._since

    # Within

    def _action(self, name: str) -> QAction:
        return self._window.actions_by_name[name]

    def _held(self) -> list[QAction]:
        own = [self._action(name) for name in OWN]
        menus = [menu for menu in self._window.findChildren(QMenu) if menu.title() == "&Review"]
        others = [action for menu in menus for action in menu.actions() if action not in own]
        return [*(self._action(name) for name in HELD), *others]

    def _check(self, on: bool) -> None:
        with QSignalBlocker(self._action("blind")):
            self._action("blind").setChecked(on)
