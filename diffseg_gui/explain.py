"""What explains a result: the two masks that differ most, side by side, and the view of the calibrated probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel

from diffseg_gui.actions import Command
from diffseg_gui.panels.changes import REST
from diffseg_gui.panels.pair import PairView
from diffseg_gui.views import PHOTOGRAPH, PROBABILITY, VIEWS
from engine.reading.pair import farthest, pair

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow
    from engine.results import Consensus

COMMANDS = (
    Command("compare_pair", "View", "Compare the two most &different masks", "Ctrl+D",
            "The two timesteps whose masks lie farthest apart, side by side", "explain.compare", checkable=True),
)  # fmt: skip
NOT_YET = "Probability: known when the analysis is done"
UNCALIBRATED = "Probability: this model is not calibrated; “diffseg calibrate” does it, with annotated photographs"


class Explain(QObject):
    """Opens and closes the comparison of two masks, keeps it up to date, and says why a view is not there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state, self._stage = window, window.state, window.stage
        self.pair: tuple[int, int] | None = None  # the timesteps compared
        self._made_for: tuple[object, ...] = ()
        self._view = PHOTOGRAPH  # the window's when the comparison was opened
        self.view = PairView(window.viewport)
        self._stage.body.insertWidget(self._stage.body.indexOf(self._stage.canvas) + 1, self.view, 1)
        self._stage.banner.lie_over(self.view)
        self.caption = QLabel(VIEWS[PROBABILITY].tip + ".", objectName="muted", wordWrap=True)
        self._stage.body.addWidget(self.caption)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._make)
        self.view.closeClicked.connect(self.close)
        self._stage.canvas.toolTaken.connect(self.close)  # tools work on the large view
        window.readout.matrix.pairChosen.connect(self.open)
        window.readout.farthest.clicked.connect(lambda: self.compare(True))
        for tab in self._stage.tabs.values():
            tab.clicked.connect(self.close)
        window.docks.changes.visibilityChanged.connect(window.changes.look)
        window.closing.connect(self._rest.stop)
        window.refreshed.connect(self._follow)
        window.installEventFilter(self)

    # What actions call

    def compare(self, on: bool) -> None:
        """Show the two masks that lie farthest apart; with ``on`` False, one large view again."""
        found = farthest(*self._votes()) if on and self._comparable() else None
        if found is not None:
            self.open(*found)
        else:
            self.close()

    def open(self, t: int, u: int) -> None:
        """Compare the masks of two timesteps."""
        if not self._comparable() or t == u:
            return
        self._window.leave_tool()
        self.pair, self._view, self._made_for = (t, u), self._window.view, ()
        self._make()
        self._arrange()
        self.view.canvases[0].setFocus()

    def close(self) -> None:
        """One large view again."""
        if self.pair is not None:
            self.pair, self._made_for = None, ()
            self._rest.stop()
            self._arrange()
            self._window.refresh()
            self._stage.canvas.setFocus()
        self._check_action()

    # What follows

    def _votes(self) -> tuple[tuple[int, ...], Consensus]:
        evidence, consensus = self._state.evidence, self._state.consensus
        assert evidence is not None
        assert consensus is not None
        return evidence.timesteps, consensus

    def _comparable(self) -> bool:
        consensus = self._state.consensus
        return (
            consensus is not None
            and self._state.votes_current
            and not self._window.edit.blind
            and farthest(*self._votes()) is not None
        )

    def _follow(self) -> None:
        """The window shows the present state; so shall what is here."""
        self._show_probability()
        evidence = self._state.evidence
        if self.pair is not None:
            gone = evidence is None or not set(self.pair) <= set(evidence.timesteps)
            if gone or self._window.view != self._view or self._window.edit.blind:
                self.close()
                return
            stale = self._made_for != (evidence, self._state.consensus) or not self._state.votes_current
            self.view.set_stale(stale)
            if stale and self._state.votes_current:
                self._rest.start()
            self._arrange()
        self._window.actions_by_name["compare_pair"].setEnabled(self._comparable() or self.pair is not None)
        self._window.readout.farthest.setEnabled(self._comparable())

    def _make(self) -> None:
        """Draw the pair at the present delta."""
        photograph = self._window.scenes.scene(PHOTOGRAPH)
        if self.pair is None or photograph is None or not self._comparable_still():
            return
        evidence, consensus = self._state.evidence, self._state.consensus
        assert evidence is not None
        assert consensus is not None
        self._made_for = (evidence, consensus)
        self.view.show_pair(photograph, pair(evidence, consensus.delta, *self.pair), *self.pair)

    def _comparable_still(self) -> bool:
        evidence = self._state.evidence
        return evidence is not None and self._state.votes_current and set(self.pair or ()) <= set(evidence.timesteps)

    def _arrange(self) -> None:
        """The comparison takes the large view's place."""
        comparing = self.pair is not None
        self.view.setVisible(comparing)
        self._stage.canvas.setVisible(not comparing)
        if comparing:
            for below in (self._stage.legend, *self._stage.bars.values(), self.caption):
                below.hide()
        self._check_action()

    def _check_action(self) -> None:
        action = self._window.actions_by_name["compare_pair"]
        with QSignalBlocker(action):
            action.setChecked(self.pair is not None)

    def _show_probability(self) -> None:
        """Its tab and menu entry tell why it is not there."""
        found = self._state.segmentation
        there = found is not None and found.temperatures is not None
        reason = UNCALIBRATED if found is not None else NOT_YET
        tab, action = self._stage.tabs[PROBABILITY], self._window.actions_by_name[f"view_{PROBABILITY}"]
        for part in (tab, action):
            part.setEnabled(there)
            part.setToolTip(f"{VIEWS[PROBABILITY].tip} ({action.shortcut().toString()})" if there else reason)
        action.setStatusTip(VIEWS[PROBABILITY].tip if there else reason)
        self.caption.setVisible(self._window.view == PROBABILITY)
        if self._window.view == PROBABILITY and found is not None and not there:
            self._window.show_view(PHOTOGRAPH)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape that nothing else wanted closes the comparison."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if self.pair is not None and pressed and event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return super().eventFilter(watched, event)
