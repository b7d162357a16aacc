"""The only mutable truth of the window: what is open, how it is to be analysed, and the newest results.

Panels read it and listen to its signals; the worker's answers come in through the ``receive_*`` methods. Votes, mean,
variance and GED are made here and now on every change of delta (they are cheap); all else is a wish to the worker.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.method.consensus import vote
from engine.networks.description import default_recipe
from engine.progress import Progress
from engine.reading.reading import Reading
from engine.recipe import VoteSettings

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Consensus, Evidence, Segmentation

START = Progress("start", 0, 1)
PAUSE = 80  # ms without a change after which the worker is asked; a moving slider has the processor to itself


class State(QObject):
    """Image, recipe and results, with a signal for each kind of change."""

    imageChanged = Signal()
    recipeChanged = Signal()
    resultChanged = Signal()
    progressChanged = Signal()
    readingChanged = Signal()
    failed = Signal(str)
    wished = Signal(object, object)  # Path or SkinImage, Recipe
    withdrawn = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image: SkinImage | None = None
        self.recipe = default_recipe()
        self.evidence: Evidence | None = None
        self.consensus: Consensus | None = None
        self.segmentation: Segmentation | None = None
        self.reading: Reading | None = None  # what a person added to the open image; no analysis touches it
        self.progress: Progress | None = None
        self.opening: Path | None = None
        self.cancelled = False
        self._refused: Path | None = None  # the file of the newest failure, if it was one's
        self._evidence_for: tuple[object, ...] = ()
        self._settle = QTimer(self, singleShot=True, interval=0)  # many slider moves, one answer
        self._settle.timeout.connect(self._settled)
        self._ask = QTimer(self, singleShot=True, interval=PAUSE)
        self._ask.timeout.connect(self.run_again)

    # What holds at present

    @property
    def busy(self) -> bool:
        """Whether the worker owes an answer."""
        return self.progress is not None

    @property
    def votes_current(self) -> bool:
        """Whether the votes shown belong to this image and these noise settings, and are all there or still coming."""
        if self.evidence is None or self._evidence_for != (self.image, self.recipe.noise):
            return False
        noise, found = self.recipe.noise, self.segmentation
        complete = noise.draws == 1 and self.evidence.timesteps == noise.timesteps
        return self.busy or complete or (found is not None and found.evidence is self.evidence)

    @property
    def current(self) -> bool:
        """Whether the newest whole result belongs to this image and recipe, and so may be exported."""
        found = self.segmentation
        return found is not None and found.image is self.image and found.recipe == self.recipe

    # What the user wants

    def open(self, path: Path) -> None:
        """Read and analyse a file; what is open stays until the new image is there."""
        self.opening = path
        self._wish(path)

    def set_recipe(self, recipe: Recipe) -> None:
        """Change settings; results follow."""
        if recipe == self.recipe:
            return
        if self.busy and recipe.noise != self.recipe.noise:
            self.withdrawn.emit()  # evidence still on its way was made with other noise
        self.recipe = recipe
        self.recipeChanged.emit()
        self._settle.start()

    def set_delta(self, delta: float) -> None:
        """Change the threshold by hand."""
        self.set_recipe(replace(self.recipe, vote=VoteSettings(round(delta, 4))))

    def reset_recipe(self) -> None:
        """Back to the defaults."""
        self.set_recipe(default_recipe())

    def run_again(self) -> None:
        """Analyse the open image anew, after a cancel or a failure, or with another model or device."""
        if (source := self.opening or self.image) is not None:
            self._wish(source)

    def try_again(self) -> None:
        """After a failure: open the file that could not be opened once more, or analyse the open image anew."""
        if self._refused is not None:
            self.open(self._refused)
        else:
            self.run_again()

    def set_reading(self, reading: Reading | None) -> None:
        """Replace what a person added to the open image: corrections, decisions, calibration."""
        self.reading = reading
        self.readingChanged.emit()

    def cancel(self) -> None:
        """Stop the worker; what it has found so far stays in view."""
        if self.busy:
            self._ask.stop()
            self.opening = None
            self.cancelled = True
            self.withdrawn.emit()
            self._set_progress(None)
            self.resultChanged.emit()

    @Slot()
    def rest(self) -> None:
        """Ask for nothing more: the window is closing."""
        self._settle.stop()
        self._ask.stop()

    # What the worker answers

    @Slot(object)
    def receive_image(self, image: SkinImage) -> None:
        """A file that was asked for has been read."""
        self.image, self.opening = image, None
        self.evidence = self.consensus = self.segmentation = None
        self.reading = Reading()
        self.imageChanged.emit()
        self.readingChanged.emit()
        self.resultChanged.emit()

    @Slot(object)
    def receive_progress(self, progress: Progress) -> None:
        """The worker is a step further, perhaps with evidence to show."""
        self._set_progress(progress)
        if progress.evidence is not None and progress.evidence is not self.evidence:
            self._show_evidence(progress.evidence)
            self.resultChanged.emit()

    @Slot(object)
    def receive_result(self, found: Segmentation) -> None:
        """The worker is done."""
        self.segmentation = found
        self.evidence, self.consensus = found.evidence, found.consensus
        self._evidence_for = (found.image, found.recipe.noise)
        self._set_progress(None)
        self.resultChanged.emit()

    @Slot(str)
    def receive_failure(self, sentence: str) -> None:
        """The worker could not do it; the last good state stays."""
        interrupted = self.opening is not None and self.image is not None and not self.current
        self._refused, self.opening = self.opening, None
        self._set_progress(None)
        self.resultChanged.emit()
        self.failed.emit(sentence)
        if interrupted:  # a file that cannot be opened must not cost the open image its result
            self.run_again()

    # Within

    def _wish(self, source: Path | SkinImage) -> None:
        self._ask.stop()
        self.cancelled = False
        self._set_progress(START)
        self.wished.emit(source, self.recipe)

    def _settled(self) -> None:
        if self.votes_current and self.evidence is not None:
            self.consensus = vote(self.evidence, self.recipe.vote)
        self.resultChanged.emit()
        if self.opening is not None:
            self._wish(self.opening)
        elif self.image is not None:
            self.withdrawn.emit()  # what the worker is at is out of date; it rests while the slider moves
            self.cancelled = False
            self._set_progress(START)
            self._ask.start()

    def _show_evidence(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._evidence_for = (self.image, self.recipe.noise)
        self.consensus = vote(evidence, self.recipe.vote)

    def _set_progress(self, progress: Progress | None) -> None:
        if progress is not self.progress:
            self.progress = progress
            self.progressChanged.emit()
