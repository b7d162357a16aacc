"""The one truth of what is open: photograph, settings, results, and what a person made of it.

All else reads it and listens to its signals; the worker's answers come in through the ``receive_*`` methods. What may
be seen is asked of :attr:`Document.shown`, which is nothing while the photograph is read blind. Votes, mean, variance
and GED are made here and now on every change of delta (they are cheap); all else is requested from the worker.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from diffseg_gui.document import blindness
from diffseg_gui.document.kept import NOTHING_KEPT, Kept
from diffseg_gui.document.results import NOTHING, Results
from engine.method.consensus import vote
from engine.progress import Progress
from engine.reading.reading import Reading
from engine.recipe import VoteSettings

if TYPE_CHECKING:
    from pathlib import Path

    from diffseg_gui.document.blindness import BlindSession
    from engine.photograph.image import SkinImage
    from engine.reading.reading import Blind
    from engine.recipe import Recipe
    from engine.results import Consensus, Evidence, Segmentation

WAITS = "Your blind outline waits until you open its photograph again"
START = Progress("start", 0, 1)
PAUSE = 80  # ms without a change after which the worker is asked; a moving slider has the processor to itself


class Document(QObject):
    """One photograph with its recipe, results and reading, and a signal for each kind of change."""

    opened = Signal()  # another photograph, with what was kept of it, blind or not
    recipeChanged = Signal()
    resultChanged = Signal()
    progressChanged = Signal()
    readingChanged = Signal()
    blindChanged = Signal()
    failed = Signal(str)
    noticed = Signal(str)
    requested = Signal(object, object)  # Path or SkinImage, Recipe
    withdrawn = Signal()
    edited = Signal(object, object)  # a photograph and its reading, which a person has changed
    outlined = Signal(object, object)  # a photograph and its blind outline that waits; an empty reading: none does

    def __init__(self, defaults: Recipe, parent: QObject | None = None) -> None:
        """defaults: the model's own settings."""
        super().__init__(parent)
        self.photograph: SkinImage | None = None
        self.defaults = self.recipe = defaults
        self.reading = Reading()
        self.blind: BlindSession | None = None
        self.blind_next = False  # the next photograph that is opened is to be read blind
        self.progress: Progress | None = None
        self.opening: Path | None = None
        self.cancelled = False
        self._evidence: Evidence | None = None
        self._consensus: Consensus | None = None
        self._segmentation: Segmentation | None = None
        self._evidence_for: tuple[object, ...] = ()
        self._refused: Path | None = None  # the file of the newest failure, if it was one's
        self._settle = QTimer(self, singleShot=True, interval=0)  # many slider moves, one answer
        self._settle.timeout.connect(self._settled)
        self._ask = QTimer(self, singleShot=True, interval=PAUSE)
        self._ask.timeout.connect(self.run_again)

    # What holds at present

    @property
    def is_busy(self) -> bool:
        """Whether the worker owes an answer."""
        return self.progress is not None

    @property
    def shown(self) -> Results:
        """The results that may be seen: none while the photograph is read blind."""
        return NOTHING if self.blind is not None else self.results

    @property
    def results(self) -> Results:
        """The results, also while they must not be seen: only for who decides what may be."""
        found = self._segmentation
        current = found is not None and found.image is self.photograph and found.recipe == self.recipe
        here, complete = self._is_of_these_settings(), self._votes_are_current()
        return Results(self._evidence, self._consensus, found, complete, here and not complete, current)

    def _is_of_these_settings(self) -> bool:
        return self._evidence is not None and self._evidence_for == (self.photograph, self.recipe.noise)

    def _votes_are_current(self) -> bool:
        noise, found = self.recipe.noise, self._segmentation
        if self._evidence is None or not self._is_of_these_settings():
            return False
        complete = noise.draws == 1 and self._evidence.timesteps == noise.timesteps
        return self.is_busy or complete or (found is not None and found.evidence is self._evidence)

    # What the person wants

    def open(self, path: Path) -> None:
        """Read and analyse a file; what is open stays until the new photograph is there."""
        self.opening = path
        self._request(path)

    def set_recipe(self, recipe: Recipe) -> None:
        """Change settings; results follow."""
        if recipe == self.recipe:
            return
        if self.is_busy and recipe.noise != self.recipe.noise:
            self.withdrawn.emit()  # evidence still on its way was made with other noise
        self.recipe = recipe
        self.recipeChanged.emit()
        self._settle.start()

    def set_delta(self, delta: float) -> None:
        """Change the threshold by hand."""
        self.set_recipe(replace(self.recipe, vote=VoteSettings(round(delta, 4))))

    def reset_recipe(self) -> None:
        """Back to the model's own settings."""
        self.set_recipe(self.defaults)

    def run_again(self) -> None:
        """Analyse the open photograph anew, after a cancel or a failure, or with another model or device."""
        if (source := self.opening or self.photograph) is not None:
            self._request(source)

    def try_again(self) -> None:
        """After a failure: open the file that could not be opened once more, or analyse the photograph anew."""
        if self._refused is not None:
            self.open(self._refused)
        else:
            self.run_again()

    def cancel(self) -> None:
        """Stop the worker; what it has found so far stays in view."""
        if self.is_busy:
            self._ask.stop()
            self.opening, self.cancelled = None, True
            self.withdrawn.emit()
            self._set_progress(None)
            self.resultChanged.emit()

    def set_reading(self, reading: Reading) -> None:
        """Replace what a person made of the photograph; :class:`Editing` does so, with each change undoable."""
        self.reading = reading
        self.readingChanged.emit()
        self.keep()

    def keep(self) -> None:
        """Have the reading kept as it is now, or the outline that waits while it is read blind."""
        if self.photograph is None:
            return
        if self.blind is None:
            self.edited.emit(self.photograph, self.reading)
        else:
            self.outlined.emit(self.photograph, self.blind.waiting(self.reading, time.monotonic()))

    def begin_blind(self) -> None:
        """Read the open photograph blind, which nobody has read before (:func:`blindness.may_be_blind`)."""
        self.blind_next = False
        self._set_blind(blindness.BlindSession(self.reading, time.monotonic()))

    def end_blind(self, record: Blind | None = None) -> None:
        """Show everything; the outline is taken away, and its record is kept where there is one."""
        session, photograph = self.blind, self.photograph
        if session is None or photograph is None:
            return
        self.reading = session.ended(self.reading, record)
        self._set_blind(None)
        self.readingChanged.emit()
        if record is not None or self.reading.ruler != session.before.ruler:
            self.keep()
        self.outlined.emit(photograph, Reading())  # nothing waits any more

    @Slot()
    def rest(self) -> None:
        """Ask for nothing more: the program is ending."""
        self._settle.stop()
        self._ask.stop()

    # What the worker answers

    def receive_photograph(
        self, photograph: SkinImage, kept: Kept = NOTHING_KEPT, outline: Kept = NOTHING_KEPT
    ) -> None:
        """A file that was asked for has been read. kept, outline: its reading, and its blind outline that waits."""
        again = self.photograph is not None and _same_picture(self.photograph, photograph)
        former, notices = self.blind, [] if again else self._leave()
        self.photograph, self.opening = photograph, None
        self._evidence = self._consensus = self._segmentation = None
        if self.blind is None:
            notices += self._resume(kept, outline, again)
        blind = () if self.blind is former else (self.blindChanged,)
        for signal in (self.opened, *blind, self.readingChanged, self.resultChanged):
            signal.emit()
        for notice in notices:
            self.noticed.emit(notice)

    def _leave(self) -> list[str]:
        """Another photograph comes: an outline under way waits for its own; returns what to say of it."""
        waits = self.blind is not None and self.reading.layer is not None
        if waits:
            self.keep()  # with the time that it took
        self.reading, self.blind = Reading(), None
        return [WAITS] if waits else []

    def _resume(self, kept: Kept, outline: Kept, again: bool) -> list[str]:
        """Go on with what was kept; returns what to say of it."""
        notices = []
        going_on = again and not self.reading.is_empty
        if kept.reading is not None and not kept.reading.is_empty and (kept.news or not going_on):
            kept.taken()
            self.reading = kept.reading
            notices.append(kept.greeting())
        if again and not self.blind_next:
            return notices
        begun = blindness.start(self.reading, outline.reading, self.blind_next, time.monotonic())
        if blindness.may_be_blind(self.reading) and outline.reading is not None:
            outline.taken()
        moved = begun.session is None and begun.reading is not self.reading
        self.reading, self.blind, self.blind_next = begun.reading, begun.session, False
        if moved and self.photograph is not None:  # a ruler that waited with no outline is the photograph's own now
            self.edited.emit(self.photograph, self.reading)
            self.outlined.emit(self.photograph, Reading())
        return [*notices, begun.sentence] if begun.sentence else notices

    @Slot(object)
    def receive_progress(self, progress: Progress) -> None:
        """The worker is a step further, perhaps with evidence to show."""
        self._set_progress(progress)
        if progress.evidence is not None and progress.evidence is not self._evidence:
            self._evidence = progress.evidence
            self._evidence_for = (self.photograph, self.recipe.noise)
            self._consensus = vote(progress.evidence, self.recipe.vote)
            self.resultChanged.emit()

    @Slot(object)
    def receive_result(self, found: Segmentation) -> None:
        """The worker is done."""
        self._segmentation = found
        self._evidence, self._consensus = found.evidence, found.consensus
        self._evidence_for = (found.image, found.recipe.noise)
        self._set_progress(None)
        self.resultChanged.emit()

    @Slot(str)
    def receive_failure(self, sentence: str) -> None:
        """The worker could not do it; the last good state stays."""
        interrupted = self.opening is not None and self.photograph is not None and not self.results.current
        self._refused, self.opening = self.opening, None
        self._set_progress(None)
        self.resultChanged.emit()
        self.failed.emit(sentence)
        if interrupted:  # a file that cannot be opened must not cost the open photograph its result
            self.run_again()

    # Within

    def _request(self, source: Path | SkinImage) -> None:
        starts = not self.is_busy and self.opening is None
        self._ask.stop()
        self.cancelled = False
        self._set_progress(START)
        self.requested.emit(source, self.recipe)
        if starts:
            self.resultChanged.emit()  # votes of which some are missing are current again, as those will come

    def _settled(self) -> None:
        if self.opening is not None:
            self._request(self.opening)
        elif self.photograph is not None:
            self.withdrawn.emit()  # what the worker is at is out of date; it rests while the slider moves
            self.cancelled = False
            self._set_progress(START)
            self._ask.start()
        if self._votes_are_current() and self._evidence is not None:
            self._consensus = vote(self._evidence, self.recipe.vote)
        self.resultChanged.emit()

    def _set_blind(self, session: BlindSession | None) -> None:
        self.blind = session
        self.blindChanged.emit()
        self.resultChanged.emit()  # what may be seen is another

    def _set_progress(self, progress: Progress | None) -> None:
        if progress is not self.progress:
            self.progress = progress
            self.progressChanged.emit()


def _same_picture(a: SkinImage, b: SkinImage) -> bool:
    return a.identity == b.identity and a.pixels.shape == b.pixels.shape
