"""What the review says."""

from __future__ import annotations

EMPTY = "The places where the timesteps disagree will be listed here, for you to go through one by one."
WAITING = "The regions will be listed as soon as the result is ready."
HIDDEN = "Hidden until you reveal the result"
ALONE = "There is only one timestep, so there is nothing to compare."
AGREED = "The timesteps agree everywhere, so there is nothing to review."
ON = ", and go on to the next open region"
DECISIONS = {  # name: text, shortcut, explanation
    "accept": ("&Accept", "A", f"Keep the border as it is here{ON}"),
    "extend": ("&Extend", "E", f"Move the border out to where 10 % of the timesteps see lesion{ON}"),
    "retract": ("&Retract", "R", f"Move the border in to where 90 % of the timesteps see lesion{ON}"),
    "undecidable": ("&Undecidable", "U", f"Say that nobody can tell the border here{ON}"),
}
REST = "Accept all that are &left"


def in_words(regions: int) -> str:
    """How many regions there are."""
    return "1 region" if regions == 1 else f"{regions} regions"
