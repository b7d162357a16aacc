"""What has been done of a photograph, and what the guide proposes to do next. No widget."""

from __future__ import annotations

from dataclasses import dataclass

from diffseg_gui.arrangement import CHECK, CORRECT, EXPORT, MEASURE


@dataclass(frozen=True)
class State:
    """What may be seen of the work on the open photograph.

    open: there is one. blind: it is read blind. current: its result is there. busy: it is on its way. reviewed, places:
    of the doubtful places, those decided, and all. looking: an undecided one is looked at. clear: the readings agree,
    so that the places may be accepted together. corrected, calibrated, exported: whether that holds of what is shown.
    lesion: neither the model nor a person's outline leaves the photograph without one.
    """

    open: bool = False
    blind: bool = False
    current: bool = False
    busy: bool = False
    reviewed: int = 0
    places: int = 0
    looking: bool = False
    clear: bool = False
    corrected: bool = False
    calibrated: bool = False
    exported: bool = False
    lesion: bool = True

    @property
    def left(self) -> int:
        """How many doubtful places are undecided."""
        return self.places - self.reviewed


@dataclass(frozen=True)
class Move:
    """A button of the guide: its text, the name of the command that it stands for, and the step that comes then."""

    text: str
    command: str
    then: str = ""


@dataclass(frozen=True)
class Mark:
    """What stands below a step's name, and whether the step is done."""

    text: str = ""
    done: bool = False


def mark(state: State, step: str) -> Mark:
    """How far a step is; while read blind it tells nothing."""
    if state.blind or not state.open:
        return Mark()
    if step == CHECK and state.current:
        if not state.lesion:
            return Mark("no lesion")
        return Mark(f"{state.reviewed} of {state.places}" if state.places else "all agree", not state.left)
    word, done = {
        CORRECT: ("corrected", state.corrected),
        MEASURE: ("calibrated", state.calibrated),
        EXPORT: ("exported", state.exported),
    }.get(step, ("", False))
    return Mark(word if done else "", done)


def proposed(state: State, step: str) -> Move:
    """The one thing to do next."""
    if not state.open:
        return Move("Open a photograph…", "open")
    if state.blind:
        return Move("Reveal the result", "reveal")
    if not state.current:
        return Move("Analysing…", "") if state.busy else Move("Run the analysis", "run")
    if step == CHECK and not state.lesion:
        return Move("Go on to Correct", "step_correct")
    if step == CHECK and state.left:
        if state.looking:
            return Move("Accept", "accept")
        if state.clear:
            return Move("Accept all and go on" if state.left > 1 else "Accept and go on", "accept_rest", MEASURE)
        return Move("Next doubtful place", "next_region")
    if step in (CHECK, CORRECT):
        return Move("Go on to Measure", "step_measure")
    if step == MEASURE:
        return Move("Go on to Export", "step_export")
    return Move("Next photograph", "next_photograph") if state.exported else Move("Export", "export")


def beside(state: State, step: str) -> Move | None:
    """What else is near at hand."""
    if not state.open or state.blind or not state.current:
        return None
    if step == CHECK and state.left and state.clear and not state.looking:
        return Move("Next", "next_region")
    if step == EXPORT:
        return Move("Again…" if state.exported else "Export as…", "export_as")
    return {
        CHECK: Move("Correct", "step_correct"),
        CORRECT: Move("Undo", "undo"),
        MEASURE: Move("Ruler", "ruler"),
    }[step]
