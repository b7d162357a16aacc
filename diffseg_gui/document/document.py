"""The one truth of what is open: photograph, settings, results, and what a person made of it.

All else reads it and listens to its signals; the worker's answers come in through the ``receive_*`` methods. What may
be seen is asked of :attr:`Document.shown`, which is nothing while the photograph is read blind. Votes, mean, variance
and GED are made here and now on every change of delta (they are cheap); all else is requested from the worker.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot

from diffseg_gui.document import blindness
from diffseg_gui.document.answers import Answers
from diffseg_gui.document.kept import NOTHING_KEPT, Kept
from diffseg_gui.document.opening import Beginning, begin
from diffseg_gui.document.results import NOTHING, Findings, Results
from diffseg_gui.document.settings import Settings
from diffseg_gui.document.signals import DocumentSignals, as_one
from engine.progress import Progress
from engine.reading.reading import Blind, Reading
from engine.recipe import VoteSettings

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QObject

    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Segmentation
    from engine.scribbles import Scribbles

WAITS = "Your blind outline waits until you open its photograph again"
OPEN, START = Progress("open", 0, 1), Progress("start", 0, 1)
PAUSE = 80  # ms without a change after which the worker is asked; a moving slider has the processor to itself


class Document(DocumentSignals):
    """One photograph with its recipe, results and reading, which tells of each change."""

    def __init__(self, defaults: Recipe, parent: QObject | None = None) -> None:
        """defaults: the model's own settings."""
        super().__init__(parent)
        self.photograph: SkinImage | None = None
        self.settings = Settings(defaults)
        self.reading = Reading()
        self.blind: blindness.BlindSession | None = None
        self.blind_series = False  # photographs that are opened are to be read blind, until the person says otherwise
        self.progress: Progress | None = None
        self.opening: Path | None = None
        self.cancelled = False
        self._findings = Findings()
        self.answers = Answers(lambda: self.shown)
        self._exposure = blindness.Exposure()
        self._requested: tuple[Recipe, Scribbles] = (defaults, ())  # what the newest request asked for
        self._refused: Path | None = None  # the file of the newest failure, if it was one's
        self._settle = QTimer(self, singleShot=True, interval=0)  # many slider moves, one answer
        self._settle.timeout.connect(self._settled)
        self._ask = QTimer(self, singleShot=True, interval=PAUSE)
        self._ask.timeout.connect(self.run_again)
        self.resultChanged.connect(self._note_exposure)

    # What holds at present

    @property
    def recipe(self) -> Recipe:
        """The photograph's settings."""
        return self.settings.recipe

    @property
    def defaults(self) -> Recipe:
        """The model's own settings."""
        return self.settings.defaults

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
        return self._findings.results(self.photograph, self.recipe, self.reading.scribbles, self.is_busy)

    # What the person wants

    def open(self, path: Path) -> None:
        """Read and analyse a file; what is open stays until the new photograph is there."""
        self.opening = path
        self._request(path)

    def set_recipe(self, recipe: Recipe, of_model: bool = False, back: bool = False) -> bool:
        """Change settings, as :meth:`Settings.choose` does; results follow. False: the person objects."""
        if recipe == self.recipe and not of_model:
            return True
        former, corrected = self.recipe, self.blind is None and self.reading.layer is not None
        if not self.settings.choose(recipe, corrected, of_model, back):
            self.recipeChanged.emit()  # what shows the settings goes back to those that hold
            return False
        self._follow_recipe(former)
        return True

    @as_one
    def _follow_recipe(self, former: Recipe) -> None:
        if self.is_busy and self.recipe.noise != former.noise:
            self.withdrawn.emit()  # evidence still on its way was made with other noise
        self.recipeChanged.emit()
        if self.blind is None:
            self.keep()
        self._settle.start()

    def finish(self) -> None:
        """The photograph was exported as it is; its settings come back with it."""
        self.settings.hold()
        self.keep()

    def set_delta(self, delta: float) -> None:
        """Change the threshold by hand."""
        self.set_recipe(replace(self.recipe, vote=VoteSettings(round(delta, 4))))

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

    @as_one
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
        """Read the open photograph blind, if :func:`blindness.may_be_blind`, and those that follow."""
        if (photograph := self.photograph) is None:
            return
        self.blind_series, now = True, time.monotonic()
        self._set_blind(blindness.BlindSession(self.reading, now, seen=self._exposure.seconds(photograph, now)))

    def end_blind(self, record: Blind | None = None) -> None:
        """Show everything; the outline is taken away, and its record is kept where there is one."""
        session, photograph = self.blind, self.photograph
        if session is None or photograph is None:
            return
        self.reading = session.ended(self.reading, record)
        self._set_blind(None)
        self.readingChanged.emit()
        if record is not None or self.reading.ruler != session.before.ruler or not self.settings.are_kept:
            self.keep()
        self.outlined.emit(photograph, Reading())  # nothing waits any more

    @Slot()
    def rest(self) -> None:
        """Ask for nothing more: the program is ending."""
        self._settle.stop()
        self._ask.stop()

    # What the worker answers

    @as_one
    def receive_photograph(
        self, photograph: SkinImage, kept: Kept = NOTHING_KEPT, outline: Kept = NOTHING_KEPT
    ) -> None:
        """A file that was asked for has been read. kept, outline: its reading, and its blind outline that waits."""
        again = self.photograph is not None and self.photograph.is_same_as(photograph)
        former, settings = self.blind, self.recipe
        notices = [] if again else self._leave()
        self.photograph, self.opening = photograph, None
        self._findings.forget()
        if self.blind is None:
            seen = self._exposure.seconds(photograph, now := time.monotonic())
            self._begin(begun := begin(self.reading, kept, outline, again, self.blind_series, now, seen))
            notices += begun.sentences
        blind = () if self.blind is former else (self.blindChanged,)
        recipe = () if self.recipe == settings else (self.recipeChanged,)
        for signal in (self.opened, *recipe, *blind, self.readingChanged, self.resultChanged):
            signal.emit()
        if (self.recipe, self.reading.scribbles) != self._requested:  # they were not known before its file was read
            self._request(photograph)
        for notice in notices:
            self.noticed.emit(notice)

    def _leave(self) -> list[str]:
        """Another photograph comes: an outline under way waits for its own; returns what to say of it."""
        waits = self.blind is not None and self.reading.layer is not None
        if waits:
            self.keep()  # with the time that it took
        self.reading, self.blind = Reading(), None
        self.settings.begin()
        return [WAITS] if waits else []

    def _begin(self, begun: Beginning) -> None:
        """Go on with what was kept."""
        self.reading, self.blind = begun.reading, begun.session
        self.settings.resume(begun.chosen)
        if begun.gained and self.photograph is not None:
            self.keep()
            self.outlined.emit(self.photograph, Reading())

    @Slot(object)
    @as_one
    def receive_progress(self, progress: Progress) -> None:
        """The worker is a step further, perhaps with evidence to show."""
        self._set_progress(progress)
        if progress.evidence is not None and progress.evidence is not self._findings.evidence:
            self._findings.add_evidence(progress.evidence, self.photograph, self.recipe)
            self.resultChanged.emit()

    @Slot(object)
    @as_one
    def receive_result(self, found: Segmentation) -> None:
        """The worker is done."""
        self._findings.add(found)
        self._set_progress(None)
        self.resultChanged.emit()

    @Slot(str)
    def receive_failure(self, sentence: str) -> None:
        """The worker could not do it; the last good state stays."""
        interrupted = self.opening is not None and self.photograph is not None and not self.results.current
        self._refused, self.opening = self.opening, None
        self._set_progress(None)
        self.resultChanged.emit()
        self.failed.emit(sentence, self._refused is not None)
        if interrupted:  # a file that cannot be opened must not cost the open photograph its result
            self.run_again()

    # Within

    def _request(self, source: Path | SkinImage) -> None:
        starts = not self.is_busy and self.opening is None
        self._ask.stop()
        self.cancelled = False
        self._set_progress(OPEN if source is self.opening else START)
        own = source is self.photograph
        self._requested = (self.recipe, self.reading.scribbles) if own else (self.settings.first, ())
        self.requested.emit(source, *self._requested)
        if starts:
            self.resultChanged.emit()  # votes of which some are missing are current again, as those will come

    @as_one
    def _settled(self) -> None:
        if self.opening is not None:
            self._request(self.opening)
        elif self.photograph is not None:
            self.withdrawn.emit()  # what the worker is at is out of date; it rests while the slider moves
            self.cancelled = False
            self._set_progress(START)
            self._ask.start()
        self._findings.vote_again(self.photograph, self.recipe, self.is_busy)
        self.resultChanged.emit()

    @Slot()
    def _note_exposure(self) -> None:
        self._exposure.show(self.photograph if self.shown.evidence is not None else None, time.monotonic())

    @as_one
    def _set_blind(self, session: blindness.BlindSession | None) -> None:
        self.blind = session
        self.blindChanged.emit()
        self.resultChanged.emit()  # what may be seen is another

    def _set_progress(self, progress: Progress | None) -> None:
        if progress is not self.progress:
            self.progress = progress
            self.progressChanged.emit()
