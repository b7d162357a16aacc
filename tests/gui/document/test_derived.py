"""Values made from others are made once for the same inputs, and anew for other ones."""

from __future__ import annotations

import numpy as np
import pytest

from diffseg_gui.document.derived import Derived, same
from engine.recipe import VoteSettings


class Counted:
    """A value that is made from inputs that change, and how often it was made."""

    def __init__(self, *inputs: object) -> None:
        self.inputs = inputs
        self.made = 0
        self.derived: Derived[tuple[object, ...]] = Derived(lambda: self.inputs, self._make)

    def _make(self, *inputs: object) -> tuple[object, ...]:
        self.made += 1
        return inputs


def test_before_it_is_asked_for_nothing_is_made() -> None:
    counted = Counted(1)
    assert counted.derived.last is None
    assert not counted.derived.is_current
    assert counted.made == 0


def test_it_is_made_once_until_an_input_is_another() -> None:
    counted = Counted("a", 1)
    assert counted.derived.value is counted.derived.value
    assert counted.made == 1
    counted.inputs = ("a", 2)
    assert not counted.derived.is_current
    assert counted.derived.last == ("a", 1), "what was made last is still known"
    assert counted.made == 1, "neither question makes it"
    assert counted.derived.value == ("a", 2)
    assert counted.derived.is_current
    counted.inputs = ("a", 1)
    assert counted.derived.value == ("a", 1)
    assert counted.made == 3, "only the newest is remembered"


def test_a_value_can_be_none() -> None:
    derived = Derived(lambda: (0,), lambda _: None)
    assert derived.value is None
    assert derived.is_current


@pytest.mark.parametrize(
    ("former", "present", "equal"),
    [
        ((VoteSettings(0.1),), (VoteSettings(0.1),), True),
        ((VoteSettings(0.1),), (VoteSettings(0.2),), False),
        ((1,), (1, 2), False),
        ((), (), True),
        ((None,), (np.zeros(2),), False),
    ],
)
def test_settings_are_compared_by_value(former: tuple[object, ...], present: tuple[object, ...], equal: bool) -> None:
    assert same(former, present) is equal
    assert same(present, former) is equal


def test_arrays_are_compared_by_identity() -> None:
    array = np.zeros((2, 2))
    assert same((array, 1), (array, 1))
    assert not same((array, 1), (array.copy(), 1))


def test_a_failure_is_not_remembered_and_costs_no_earlier_value() -> None:
    made_from = [2]
    derived = Derived(lambda: tuple(made_from), lambda divisor: 6 // divisor)
    assert derived.value == 3
    made_from[0] = 0
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            _ = derived.value
        assert not derived.is_current
    assert derived.last == 3


def test_a_value_made_elsewhere_is_accepted_and_forgotten() -> None:
    counted = Counted(1, 2)
    value = (3, 4)
    counted.derived.take((1, 2), value)
    assert counted.derived.value is value
    assert counted.derived.was_made_from(1, 2)
    assert not counted.derived.was_made_from(1)
    assert counted.made == 0
    counted.derived.forget()
    assert counted.derived.last is None
    assert counted.derived.value == (1, 2)
    assert counted.made == 1
