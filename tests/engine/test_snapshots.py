"""Snapshots of a correction: names, how many, and what comes back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.errors import ReadingError
from engine.reading.layer_png import layer_to_png
from engine.reading.snapshots import LONGEST, MOST, Snapshot, added, without

LAYER = np.array([[0, 1, -1], [1, 1, 0]], np.int8)


@given(hnp.arrays(np.int8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([-1, 0, 1])))
def test_a_layer_comes_back_as_it_was(layer: np.ndarray) -> None:
    (snapshot,) = added((), "before", layer)
    assert np.array_equal(snapshot.layer(), layer)
    assert snapshot.size == layer.shape


def test_they_are_in_the_order_in_which_they_were_taken_and_each_can_go() -> None:
    taken = added(added(added((), "a", LAYER), "b", -LAYER), "c", LAYER)
    assert [snapshot.name for snapshot in taken] == ["a", "b", "c"]
    assert [snapshot.name for snapshot in without(taken, "b")] == ["a", "c"]
    assert without(taken, "d") == taken


@pytest.mark.parametrize(
    ("name", "sentence"), [("  ", "Give the snapshot a name"), ("x" * (LONGEST + 1), "the most"), ("a", "already")]
)
def test_a_name_that_cannot_be_is_said(name: str, sentence: str) -> None:
    with pytest.raises(ReadingError, match=sentence):
        added(added((), "a", LAYER), name, LAYER)


def test_there_is_a_most() -> None:
    taken: tuple[Snapshot, ...] = ()
    for number in range(MOST):
        taken = added(taken, str(number), LAYER)
    with pytest.raises(ReadingError, match=f"There are {MOST} snapshots .* delete one first"):
        added(taken, "one more", LAYER)


def test_a_picture_that_is_damaged_is_told_when_it_is_asked_for() -> None:
    with pytest.raises(ReadingError, match="no picture"):
        Snapshot("a", b"hello")
    with pytest.raises(ReadingError, match="can be read"):
        Snapshot("a", layer_to_png(LAYER)[:50]).layer()
