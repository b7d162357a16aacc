"""The guide: which step is shown, how far each is, and one proposal of what to do next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from diffseg_gui.arrangement import CHECK, CLINICAL, NAMES, RESEARCH, STEPS
from diffseg_gui.document.derived import Derived
from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.guide.moves import State, beside, mark, proposed
from diffseg_gui.features.guide.steps import Foot, StepBar
from diffseg_gui.look import wording
from diffseg_gui.look.mirror import mirror
from engine.method.consensus import agree
from engine.reading.scale import mm_per_px

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QPushButton

    from diffseg_gui.arrangement import Arrangement
    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.features.guide.moves import Move
    from engine.reading.reading import Reading
    from engine.results import Segmentation

    Progress = tuple[int, int, bool]
    Exported = tuple[Segmentation | None, Reading]

KEYS = {"check": "F2", "correct": "F3", "measure": "F4", "export": "F6"}
PROPOSED = (
    *("open", "reveal", "run", "accept", "accept_rest", "next_region"),
    *("export", "export_as", "next_photograph", "undo", "ruler"),
)  # other features' commands, of which it may propose one
TIPS = {
    "check": "How far the model's readings agree, and where they do not",
    "correct": "Correct the border by hand, or how sensitive the model is",
    "measure": "Diameters, area and shape; the ruler gives them in mm",
    "export": "Write the mask, the maps and all that was done to a folder",
}
VIEWS = {
    CLINICAL: ("Clinical &view", "F7", "The photograph first, and one step after the other beside it"),
    RESEARCH: ("Researc&h view", "Shift+F7", "Every panel, setting and map at once"),
}


class Guide(Feature):
    """Its buttons are other features' commands; what these have come to it is told by ``review``.

    review: how many doubtful places are decided, how many there are, and whether an undecided one is looked at.
    """

    def __init__(
        self,
        document: Document,
        editing: Editing,
        arrangement: Arrangement,
        review: Callable[[], Progress],
    ) -> None:
        super().__init__()
        self._document, self._editing, self._arrangement, self._review = document, editing, arrangement, review
        self._actions: Mapping[str, QAction] = {}
        self._clear: Derived[bool] = Derived(
            lambda: (document.shown.consensus,), lambda consensus: consensus is not None and agree(consensus)
        )
        self._exported: Exported | None = None
        self.bar, self.footer = StepBar(), Foot()
        self.ends = (self.bar, self.footer)
        self.footer.chosen.connect(self._do)  # a move
        document.opened.connect(lambda: arrangement.go(CHECK))
        for signal in (
            document.opened, document.resultChanged, document.progressChanged, document.readingChanged,
            document.blindChanged, editing.maskChanged, arrangement.changed,
        ):  # fmt: skip
            signal.connect(self.follow)
        self.commands = self._commands()

    def _commands(self) -> tuple[Command, ...]:
        arrangement = self._arrangement
        return (
            *(
                Command(name, "View", *VIEWS[name], partial(arrangement.choose, name), one_of="arrangement",
                        checked=partial(self._is_chosen, name))
                for name in NAMES
            ),
            Command("column", "View", "&Guide beside the photograph", "F9", "Show or hide the clinical view's column",
                    arrangement.show_column, lambda: arrangement.is_clinical,
                    checked=lambda: arrangement.is_clinical and arrangement.column, icon="panels"),
            *(
                Command(f"step_{step}", "View/Guide &step", step.capitalize(), KEYS[step], TIPS[step],
                        partial(arrangement.go, step), lambda: arrangement.is_clinical,
                        checked=partial(self._is_shown, step), one_of="step")
                for step in STEPS
            ),
            Command("proceed", "View/Guide &step", "What the guide &proposes", "F8",
                    "Do what the prominent button below the guide says", self.proceed, lambda: arrangement.is_clinical,
                    line=True, icon="next"),
        )  # fmt: skip

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Have the steps stand for their commands, and follow what others can do."""
        self._actions = actions
        for step, button in self.bar.buttons.items():
            mirror(button, actions[f"step_{step}"])
        for name in PROPOSED:
            if name in actions:
                actions[name].changed.connect(self._show_moves)
        self.follow()

    # What holds

    @property
    def state(self) -> State:
        """What has been done of the open photograph; nothing while it is read blind."""
        document = self._document
        blind = document.blind is not None
        if blind or document.photograph is None:
            return State(open=document.photograph is not None, blind=blind, busy=document.is_busy)
        reviewed, places, looking = self._review()
        return State(
            True, False, document.shown.current, document.is_busy, reviewed, places, looking, self._clear.value,
            self._editing.is_corrected or bool(document.reading.scribbles),
            mm_per_px(document.photograph, document.reading) is not None,
            self._exported is not None and _same(self._exported, self._present),
            wording.has_lesion(document),
        )  # fmt: skip

    @property
    def _present(self) -> Exported:
        return self._document.shown.segmentation, self._document.reading

    def _is_chosen(self, name: str) -> bool:
        return self._arrangement.name == name

    def _is_shown(self, step: str) -> bool:
        return self._arrangement.step == step

    # What is done

    def proceed(self) -> None:
        """Do what is proposed."""
        self._do(proposed(self.state, self._arrangement.step))

    def note_exported(self, found: Segmentation, reading: Reading) -> None:
        """The files of this are there."""
        self._exported = found, reading
        self.follow()

    def follow(self) -> None:
        """Something may have changed."""
        state = self.state
        for step, button in self.bar.buttons.items():
            button.show_mark(mark(state, step))
        self._show_moves()
        self.changed.emit()

    # Within

    def _do(self, move: Move) -> None:
        action = self._actions.get(move.command)
        if action is not None and action.isEnabled():
            action.trigger()
            if move.then:
                self._arrangement.go(move.then)

    def _show_moves(self) -> None:
        state, step = self.state, self._arrangement.step
        self._show_move(self.footer.main, proposed(state, step))
        self._show_move(self.footer.other, beside(state, step))

    def _show_move(self, button: QPushButton, move: Move | None) -> None:
        action = self._actions.get(move.command) if move is not None else None
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if action is not None else ""
        enabled = action is not None and action.isEnabled()
        self.footer.show_move(button, move, key, enabled, action.toolTip() if action is not None else "")


def _same(one: Exported, other: Exported) -> bool:
    return one[0] is other[0] and one[1] is other[1]
