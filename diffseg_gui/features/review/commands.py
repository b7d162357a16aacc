"""What the review can do, as entries of its menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from diffseg_gui.feature import Command
from diffseg_gui.features.review.words import DECISIONS, REST

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.features.review.discs import Discs


class Reviewing(Protocol):
    """What the commands call: the review itself."""

    discs: Discs

    def next(self) -> None: ...
    def previous(self) -> None: ...
    def decide(self, choice: str) -> None: ...
    def take_back(self) -> None: ...
    def accept_rest(self) -> None: ...
    def can_decide(self) -> bool: ...
    def can_take_back(self) -> bool: ...
    def has_rest(self) -> bool: ...
    def rest(self) -> str: ...


def commands_of(review: Reviewing, is_open: Callable[[], bool]) -> tuple[Command, ...]:
    """Next and previous, the four decisions, taking back, accepting the rest, discs. is_open: something to review."""
    return (
        Command("next_region", "Review", "&Next region", "N",
                "Go to the next place where the timesteps disagree", review.next, is_open, icon="next"),
        Command("previous_region", "Review", "&Previous region", "P", "Go back to the region before", review.previous,
                is_open, icon="previous"),
        *(
            Command(name, "Review", text, shortcut, tip, partial(review.decide, name), review.can_decide,
                    line=name == "accept")
            for name, (text, shortcut, tip) in DECISIONS.items()
        ),
        Command("take_back", "Review", "&Take the decision back", "Del; Backspace",
                "Open the region again, with the border that the model drew", review.take_back, review.can_take_back,
                icon="undo"),
        Command("accept_rest", "Review", REST, "Shift+Y",
                "Accept every region that is still open, in one step that Undo takes back", review.accept_rest,
                review.has_rest, label=review.rest, icon="accept"),
        Command("discs", "Review", "Nu&mbers over the photograph", "Shift+N", "A disc beside each doubtful place",
                review.discs.switch, is_open, checked=lambda: review.discs.on, line=True),
    )  # fmt: skip
