"""The one place that wires the parts: document, worker, autosave, features, window.

To add a feature, write its file or folder under ``features`` and give it a line in :meth:`Workbench._features`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Slot

from diffseg_gui.app.hide_overlay import HideOverlay
from diffseg_gui.app.keys import LatinShortcuts
from diffseg_gui.app.window import MainWindow
from diffseg_gui.arrangement import Arrangement
from diffseg_gui.document.autosave import Autosave
from diffseg_gui.document.document import Document
from diffseg_gui.document.editing import Editing
from diffseg_gui.features.adjust import Adjust
from diffseg_gui.features.analysis import Analysis
from diffseg_gui.features.annotation import AnnotationFeature
from diffseg_gui.features.appearance import Appearance
from diffseg_gui.features.blind import BlindReading
from diffseg_gui.features.border import Border
from diffseg_gui.features.changes import Changes
from diffseg_gui.features.copying import Copying
from diffseg_gui.features.correction import Correction
from diffseg_gui.features.disagreement import Disagreement
from diffseg_gui.features.export import EXPORT, Export
from diffseg_gui.features.files import Files
from diffseg_gui.features.filmstrip import Filmstrip
from diffseg_gui.features.guide import Detail, Guide, Hand, Readings, Sensitivity, Summary
from diffseg_gui.features.help import Help
from diffseg_gui.features.maps import Maps
from diffseg_gui.features.measures import Measures, Ruling
from diffseg_gui.features.model import ModelChoice
from diffseg_gui.features.navigation import Navigation
from diffseg_gui.features.pair import PairFeature
from diffseg_gui.features.photograph import Photograph
from diffseg_gui.features.probe import Probe
from diffseg_gui.features.refinement import Refinement
from diffseg_gui.features.report import ReportFeature
from diffseg_gui.features.review import Review
from diffseg_gui.features.scribble import Scribbling
from diffseg_gui.features.series import Series
from diffseg_gui.features.settings import Settings
from diffseg_gui.features.snapshots import Snapshots
from diffseg_gui.features.swipe import Swipe
from diffseg_gui.features.threshold import Threshold
from diffseg_gui.features.timesteps import Timesteps
from diffseg_gui.features.verdict import Verdict
from diffseg_gui.look.confirm import confirm
from diffseg_gui.look.system_style import system_style
from diffseg_gui.messages import ANALYSIS, LONG, OPENING, Messages
from diffseg_gui.view.scenes import Scenes
from diffseg_gui.view.stage import Stage
from diffseg_gui.view.viewport import Viewport
from diffseg_gui.view.views import Display
from diffseg_gui.worker.analyst import Analyst

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from diffseg_gui.document.kept import Kept
    from diffseg_gui.feature import Feature
    from diffseg_gui.preferences import Preferences
    from diffseg_gui.worker.worker import Setup
    from engine.photograph.image import SkinImage
    from engine.reading.reading import Reading
    from engine.recipe import Recipe
    from engine.records.filing import Filing

F = TypeVar("F", bound="Feature")
CHANGE = (
    "You have corrected this photograph. Other settings change the model's border below your corrections, which stay"
    " where they are."
)
GIVE_UP = "The export is not written yet; its drive may not respond.\n\nClosing the window now loses the export."
LOSE = "\n\nIf you close the window now, your corrections since then are lost."


class Workbench(QObject):
    """Everything of one window, wired. Closing the window ends the worker's thread."""

    def __init__(self, setup: Setup, defaults: Recipe, preferences: Preferences, readings: Path | None = None) -> None:
        """defaults: the model's own settings. readings: where readings are kept; None: nowhere."""
        super().__init__()
        self.messages, self.preferences = Messages(self), preferences
        self.arrangement = Arrangement(preferences, self)
        self.document = Document(defaults, self)
        self.editing = Editing(self.document, self)
        self.display, self.viewport = Display(self), Viewport(self)
        self.scenes = Scenes(self.document, self.display, self)
        self.stage = Stage(self.document, self.scenes, self.display, self.viewport)
        self.autosave = Autosave(readings, self)
        self.analyst = Analyst(setup, self.autosave.load, self)
        self.features = self._features()
        for feature in self.features:
            self.scenes.add(feature.layers)
        self.window = MainWindow(
            self.document, self.scenes, self.stage, self.features, self.messages, preferences, self.arrangement
        )
        self.window.may_close = self._may_close
        windows = (self.window, *self.window.docks.all.values())
        HideOverlay(self.viewport, windows, self)
        LatinShortcuts(self.window.actions_by_name.values(), windows, self)
        self._closes_after_export = False
        self._worked, self._worked_defaults = setup, defaults  # the last ones with which there was a result
        self._connect()
        self._connect_setup()

    def _features(self) -> tuple[Feature, ...]:
        """All features, in the order of their commands within each menu, and of their panels."""
        document, editing, scenes, display = self.document, self.editing, self.scenes, self.display
        messages, preferences, stage, canvas = self.messages, self.preferences, self.stage, self.stage.canvas
        self._make_wired()
        sections = {"noise": Timesteps(document), "threshold": Threshold(document), "crf": Refinement(document)}
        return (
            self.files,
            self.series,
            Photograph(document, self.analyst.frames, self.series.open),
            self.export,
            ReportFeature(document, preferences, messages, canvas),
            self.correction,
            self.scribbling,
            Snapshots(document, editing, canvas, messages),
            Copying(document, canvas, messages),
            *self._guiding(),
            Navigation(document, display, canvas, messages),
            Border(document, editing, display, preferences),
            Appearance(preferences),
            self.pair,
            Probe(document, editing, scenes, canvas, preferences),
            Swipe(document, editing, canvas),
            Adjust(document, scenes, canvas, messages),
            Settings(sections, preferences),
            self.analysis,
            self.model,
            Maps(document, scenes, display, self.viewport),
            self.review,
            Ruling(document, editing, scenes, canvas, messages),
            Measures(document, editing, messages, preferences),
            self.disagreement,
            Changes(document, scenes, display, canvas, messages),
            AnnotationFeature(document, editing, scenes, messages, preferences, stage),
            Filmstrip(document, scenes, display, self.viewport),
            BlindReading(document, editing, messages, stage),
            Verdict(document, editing, canvas, messages),
            Help(document, stage, messages, lambda: self.window.commands.commands, lambda: self.model.path),
        )

    def _make_wired(self) -> None:
        """Those features that others are wired with."""
        document, editing, scenes, display = self.document, self.editing, self.scenes, self.display
        messages, preferences, stage, canvas = self.messages, self.preferences, self.stage, self.stage.canvas
        self.series = Series(document, messages, preferences, self.autosave.glance)
        self.files = Files(document, preferences, stage, self.series.open, self.series.begin)
        self.export = Export(document, preferences, messages, canvas)
        self.analysis = Analysis(document, messages, self.analyst.setup.device)
        self.model = ModelChoice(document, messages, preferences, stage, self.analyst.setup.model)
        self.pair = PairFeature(document, scenes, display, canvas, messages)
        self.disagreement = Disagreement(document, editing, messages)
        self.review = Review(document, editing, scenes, canvas, messages)
        self.correction = Correction(document, editing, canvas, messages)
        self.scribbling = Scribbling(document, editing, canvas, messages)
        self.correction.also = tuple(self.scribbling.tools.values())  # one size for all brushes
        self.correction.changed.connect(self.scribbling.show_tool)

    def _guiding(self) -> tuple[Feature, ...]:
        """The clinical view's guide, and its own cards."""
        document = self.document
        self.guide = Guide(document, self.editing, self.arrangement, lambda: self.review.progress)
        self.review.changed.connect(self.guide.follow)
        self.summary = Summary(lambda: self.guide.state, self.guide.changed)
        return self.guide, Readings(document), Hand(), Sensitivity(document), Detail(document), self.summary

    def feature(self, kind: type[F]) -> F:
        """The feature of that class, which must be there."""
        return next(feature for feature in self.features if isinstance(feature, kind))

    def _connect(self) -> None:
        document, analyst, autosave, messages = self.document, self.analyst, self.autosave, self.messages
        document.settings.may_change = lambda: confirm(self.window, CHANGE, "Change the settings", "Keep the settings")
        document.requested.connect(autosave.flush)  # first: what is opened again is to be found
        document.requested.connect(analyst.request)
        document.withdrawn.connect(analyst.withdraw)
        document.failed.connect(messages.failed_analysis)
        document.noticed.connect(lambda sentence: messages.notice(sentence, LONG))
        document.edited.connect(self._keep)
        document.outlined.connect(self._keep_outline)
        autosave.setAside.connect(messages.failure)
        messages.watch("keeping", autosave.failed, autosave.recovered)
        document.opened.connect(lambda: messages.worked(OPENING))
        analyst.opened.connect(self._open)
        analyst.progressed.connect(document.receive_progress)
        analyst.finished.connect(document.receive_result)
        analyst.finished.connect(lambda _: messages.worked(ANALYSIS))
        analyst.failed.connect(document.receive_failure)
        for noting in (self.series, self.guide):
            analyst.written.connect(noting.note_exported)
        for feature in (self.export, self.summary):
            analyst.exported.connect(feature.show_exported)
        analyst.exported.connect(self._close_after_export)
        analyst.exportFailed.connect(self._stay_open)
        messages.watch(EXPORT, analyst.exportFailed, analyst.exported)
        self.export.requested.connect(self._export)
        self.disagreement.pairChosen.connect(self.pair.open)
        self.disagreement.farthestChosen.connect(self.pair.compare)
        self.files.recentFound.connect(self.stage.welcome.recent.show_files)
        self.files.look()
        self.stage.welcome.fileClicked.connect(self.series.open)
        self.stage.welcome.recent.cleared.connect(self.files.clear)
        self.model.changed.connect(lambda: self.stage.welcome.show_model(self.model.said))
        self.stage.welcome.show_model(self.model.said)
        helping = self.feature(Help)
        self.stage.banner.logClicked.connect(helping.open_log)
        self.stage.banner.diagnosticsClicked.connect(helping.copy_diagnostics)
        self.window.closing.connect(self._close)

    # Keeping what a person made

    def _open(self, photograph: SkinImage, kept: tuple[Kept, Kept]) -> None:
        reading, outline = self.autosave.newest(photograph.identity, kept)
        if trouble := reading.trouble or outline.trouble:
            self.messages.failure(trouble)
        self.document.receive_photograph(photograph, reading, outline)

    def _keep(self, photograph: SkinImage, reading: Reading) -> None:
        self.autosave.keep(photograph.identity, self.document.settings.kept_with(reading))

    def _keep_outline(self, photograph: SkinImage, outline: Reading) -> None:
        self.autosave.keep_outline(photograph.identity, outline)

    # The device and the model

    def _connect_setup(self) -> None:
        self.analyst.devices.connect(self.analysis.offer)
        self.analyst.finished.connect(self._note_setup)
        self.analyst.refused.connect(self._go_back)
        self.analysis.deviceRequested.connect(self._set_device)
        self.model.requested.connect(self._set_model)

    def _set_device(self, kind: str) -> None:
        self.analyst.setup = replace(self.analyst.setup, device=kind)

    def _set_model(self, path: Path) -> None:
        self.analyst.withdraw()  # what is under way is another model's, as is what fails of it
        self.analyst.setup = replace(self.analyst.setup, model=path)

    def _note_setup(self, _: object) -> None:
        self._worked, self._worked_defaults = self.analyst.setup, self.document.defaults

    def _go_back(self, why: str) -> None:
        """A device that was chosen is not there, or a model cannot be used: go on with those before."""
        refused, self.analyst.setup = self.analyst.setup, self._worked
        self.analysis.device = self._worked.device
        if refused.model != self._worked.model:
            self.model.go_back(self._worked.model, self._worked_defaults)
            self.messages.failure(why)  # it stands, although the photograph is analysed with the one before

    # Export and closing

    def _export(self, folder: Path, formats: Sequence[str], filing: Filing) -> None:
        found = self.document.shown.segmentation
        if found is not None:
            self.document.finish()
            self.series.expect_export(found, self.document.reading)
            self.analyst.export(found, folder, self.document.reading, formats, system_style(), filing)

    def _may_close(self) -> bool:
        """All that a person did is on disk, or they have been asked; an export is waited for, unless they ask twice."""
        asked_before = self._closes_after_export and self.analyst.is_exporting
        gives_up = asked_before and confirm(self.window, GIVE_UP, "Close and give it up", "Wait for it")
        self._closes_after_export = self.analyst.is_exporting and not gives_up
        if self._closes_after_export:
            self.messages.notice("The window closes once the export is written…", 0)
            return False
        trouble = self.autosave.close()
        closes = not trouble or confirm(self.window, trouble + LOSE, "Close and lose them", "Keep the window open")
        if closes and gives_up:  # in a window that stays, it is waited for
            self.analyst.give_up_exports()
        return closes

    @Slot()
    def _close_after_export(self) -> None:
        if self._closes_after_export and not self.analyst.is_exporting:
            self.window.close()

    @Slot()
    def _stay_open(self) -> None:
        self._closes_after_export = False

    def _close(self) -> None:
        self.document.rest()
        self.editing.close()
        self.analyst.close()
