"""Several signals of one change are told as one."""

from __future__ import annotations

import pytest

from diffseg_gui.document.signals import DocumentSignals, as_one


class Teller(DocumentSignals):
    """Tells of changes in several ways."""

    @as_one
    def change(self) -> str:
        """Two signals, and what a further change brings about."""
        self.recipeChanged.emit()
        self.further()
        self.readingChanged.emit()
        return "done"

    @as_one
    def further(self) -> None:
        """One signal of its own."""
        self.resultChanged.emit()

    @as_one
    def stumble(self) -> None:
        """End half-way."""
        self.recipeChanged.emit()
        raise ValueError("half-way")


@pytest.fixture
def heard() -> list[tuple[str, bool]]:
    """What was told, and whether more was to come."""
    return []


@pytest.fixture
def teller(heard: list[tuple[str, bool]]) -> Teller:
    """One that is listened to."""
    made = Teller()
    for name in ("recipeChanged", "resultChanged", "readingChanged", "changed"):
        getattr(made, name).connect(lambda name=name: heard.append((name, made.is_changing)))
    return made


def test_after_the_last_signal_of_the_outermost_call_all_is_told(teller: Teller, heard: list[tuple[str, bool]]) -> None:
    assert teller.change() == "done"
    within = [("recipeChanged", True), ("resultChanged", True), ("readingChanged", True)]
    assert heard == [*within, ("changed", False)]
    teller.further()
    assert heard[4:] == [("resultChanged", True), ("changed", False)]


def test_a_failure_is_told_to_the_end_too(teller: Teller, heard: list[tuple[str, bool]]) -> None:
    with pytest.raises(ValueError, match="half-way"):
        teller.stumble()
    assert heard == [("recipeChanged", True), ("changed", False)]
