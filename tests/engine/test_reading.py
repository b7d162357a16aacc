"""Readings: that they survive JSON, keep to their regions when delta moves, and never change by the way."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from engine.errors import ReadingError
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading import correction
from engine.reading.agreement import Agreement
from engine.reading.layer_png import layer_from_png, layer_to_png
from engine.reading.reading import (
    CHOICES,
    VERDICTS,
    Blind,
    Decision,
    Reading,
    Ruler,
    attach,
    blind,
    corrected,
    decide,
)
from engine.recipe import NoiseSettings
from engine.scribbles import LESION, SKIN, Scribble
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage

SHA = "ab" * 32
numbers = st.floats(-1e6, 1e6)
shares = st.floats(0, 1)
counts = st.integers(0, 10**9)
spots = st.tuples(numbers, numbers)
layers = hnp.arrays(np.int8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([-1, 0, 1]))
decisions = st.builds(Decision, st.sampled_from(CHOICES), spots, st.tuples(numbers, numbers, numbers, numbers))
rulers = st.builds(Ruler, spots, st.tuples(st.floats(2e6, 3e6), numbers), st.floats(0.1, 100))
outlines = st.builds(
    Blind,
    counts,
    st.just(SHA),
    st.builds(Agreement, shares, shares, shares, shares),
    st.floats(0, 1e4),
    counts,
    st.none() | st.floats(0, 1e4),
    st.none() | layers,
)
scribbles = st.builds(
    Scribble,
    st.sampled_from([LESION, SKIN]),
    st.lists(spots, min_size=1, max_size=4).map(tuple),
    st.floats(0.1, 1e4),
    st.booleans(),
)
readings = st.builds(
    Reading,
    st.none() | layers,
    st.lists(decisions).map(tuple),
    st.none() | rulers,
    st.none() | outlines,
    counts,
    verdict=st.sampled_from([None, *VERDICTS]),
    note=st.text(max_size=9),
    scribbles=st.lists(scribbles, max_size=3).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Region:
    """A region of a run, as far as a reading looks at it."""

    number: int
    centre: tuple[float, float]
    box: tuple[float, float, float, float]


def region(number: int, x0: float, y0: float, x1: float, y1: float) -> Region:
    """A region with its centre in the middle of its box."""
    return Region(number, ((x0 + x1) / 2, (y0 + y1) / 2), (x0, y0, x1, y1))


def same(a: Reading, b: Reading) -> bool:
    """Whether two readings say the same."""
    layers = [reading.blind.layer if reading.blind else None for reading in (a, b)]
    pairs = ((a.layer, b.layer), layers)
    alike = all((one is None and other is None) or np.array_equal(one, other) for one, other in pairs)
    return alike and replace(a, layer=None).to_json() == replace(b, layer=None).to_json()


LAYER = np.array([[0, 1, -1], [0, 0, 1]], np.int8)
FULL = Reading(
    LAYER.copy(),
    (Decision("extend", (5.0, 6.0), (1.0, 2.0, 9.0, 10.0)),),
    Ruler((0.0, 0.0), (30.0, 40.0), 5.0),
    Blind(7, SHA, Agreement(0.9, 0.8, 0.7, 0.6), 12.5, 3, 4.0, np.array([[1, -1, -1], [1, 1, -1]], np.int8)),
    4,
    verdict="usable",
    note="hair at the left border\n2nd look: ü",
)


@given(readings)
def test_a_reading_survives_json(reading: Reading) -> None:
    text = json.dumps(reading.to_json(), allow_nan=False)
    outline = reading.blind.layer if reading.blind else None
    again = [None if layer is None else layer_from_png(layer_to_png(layer)) for layer in (reading.layer, outline)]
    assert same(Reading.from_json(json.loads(text), *again), reading)


@given(json_values, st.sampled_from([None, *FULL.to_json()]))
def test_anything_else_is_refused_or_makes_sense(value: Any, name: str | None) -> None:
    with suppress(ReadingError):
        reading = Reading.from_json(value if name is None else {**FULL.to_json(), name: value})
        json.dumps(reading.to_json(), allow_nan=False)
        assert reading.edits >= 0
        assert all(decision.choice in CHOICES for decision in reading.decisions)
        assert reading.mm_per_px is None or 0 < reading.mm_per_px < np.inf


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("edits", -1),
        ("edits", 1.5),
        ("decisions", None),
        ("decisions", [{"choice": "perhaps", "centre": [1, 2], "box": [1, 2, 3, 4]}]),
        ("decisions", [{"choice": "accept", "centre": [1], "box": [1, 2, 3, 4]}]),
        ("decisions", [{"choice": "accept", "centre": [1, float("nan")], "box": [1, 2, 3, 4]}]),
        ("ruler", {"start": [1, 2], "end": [1, 2], "length_mm": 3}),
        ("ruler", {"start": [1, 2], "end": [3, 4], "length_mm": 0}),
        ("ruler", {"start": [1, 2], "end": [3, 4]}),
        ("blind", {"area_px": 3}),
        ("verdict", "perhaps"),
        ("verdict", 1),
        ("note", None),
    ],
)
def test_values_that_cannot_be_are_refused(name: str, damage: Any) -> None:
    with pytest.raises(ReadingError):
        Reading.from_json({**FULL.to_json(), name: damage})


def test_a_layer_is_a_grey_picture_and_nothing_else_is_a_layer() -> None:
    data = layer_to_png(LAYER)
    with Image.open(BytesIO(data)) as picture:
        assert np.asarray(picture).tolist() == [[128, 255, 0], [128, 128, 255]]
    assert not layer_from_png(data).flags.writeable
    for wrong in (np.full((2, 2), 127, np.uint8), np.zeros((2, 2, 3), np.uint8)):
        buffer = BytesIO()
        Image.fromarray(wrong).save(buffer, "PNG")
        with pytest.raises(ReadingError, match="other values"):
            layer_from_png(buffer.getvalue())
    for cut in (b"", data[: len(data) // 2]):
        with pytest.raises(ReadingError, match="no picture"):
            layer_from_png(cut)


def test_a_reading_keeps_its_own_layer() -> None:
    layer = LAYER.copy()
    reading = Reading(layer)
    layer[:] = 0
    assert np.array_equal(reading.layer, LAYER)
    assert not reading.layer.flags.writeable
    assert replace(reading, edits=1).layer is reading.layer  # nothing is copied once it cannot change


def test_a_layer_of_zeros_is_none_and_edits_alone_are_nothing_to_keep() -> None:
    reading = Reading(correction.blank(3, 4), edits=2)
    assert reading.layer is None
    assert reading.is_empty
    for part in ("layer", "decisions", "ruler", "blind", "verdict", "note"):
        assert not Reading(**{part: getattr(FULL, part)}).is_empty


def test_a_ruler_gives_the_size_of_a_pixel() -> None:
    assert FULL.mm_per_px == pytest.approx(0.1)  # 5 mm over a 3-4-5 triangle of 50 px
    assert Reading().mm_per_px is None
    with pytest.raises(ReadingError, match="same point"):
        Ruler((1, 1), (1, 1), 5)
    with pytest.raises(ReadingError, match="above 0 mm"):
        Ruler((1, 1), (2, 1), -5)
    for end, length in (((1e300, 1), 1e-100), ((1 + 1e-15, 1), 1e300), ((2, 1), 1e200)):  # no size of a pixel
        with pytest.raises(ReadingError, match="measures nothing"):
            Ruler((1, 1), end, length)


def test_a_blind_outline_is_judged_and_known_again() -> None:
    outline, result = np.zeros((4, 5), bool), np.zeros((4, 5), bool)
    outline[1:3, 1:5], result[1:3, 1:3] = True, True
    record = blind(outline, result, 30.0, 6)
    assert (record.area_px, record.seconds, record.edits) == (8, 30.0, 6)
    for mask in (outline, result):
        assert np.array_equal(correction.apply(record.layer, mask), outline), "whatever the result is"
    assert not record.layer.flags.writeable
    assert Reading(blind=record).sizes == {record.layer.shape}
    assert asdict(record.agreement) == pytest.approx({"dice": 2 / 3, "jaccard": 0.5, "precision": 1.0, "recall": 0.5})
    assert blind(outline, outline, 1.0, 1).sha256 == record.sha256
    assert len({blind(o, result.reshape(o.shape), 1, 1).sha256 for o in (outline, result, outline.reshape(5, 4))}) == 3


FOUR = (region(1, 0, 0, 20, 20), region(2, 20, 0, 40, 20), region(3, 0, 20, 20, 40), region(4, 60, 60, 66, 66))


def test_decisions_stay_with_their_regions_when_these_move_and_change_places() -> None:
    reading = Reading()
    for number, choice in ((1, "accept"), (2, "extend"), (4, "undecidable")):
        reading = decide(reading, FOUR, number, choice)
    assert attach(reading.decisions, FOUR) == (1, 2, 4)
    moved = (region(1, 22, 1, 43, 21), region(2, 61, 60, 67, 65), region(3, 1, 22, 21, 42), region(4, 2, 1, 22, 21))
    assert attach(reading.decisions, moved) == (4, 1, 2)
    assert attach(reading.decisions, moved[2:]) == (4, None, None)
    assert attach(reading.decisions, ()) == (None, None, None)


def test_a_satellite_within_another_regions_box_is_not_that_region() -> None:
    reading = decide(Reading(), FOUR, 4, "accept")
    assert attach(reading.decisions, (region(1, 40, 40, 90, 90),)) == (None,)


def test_a_region_has_one_decision_and_can_be_open_again() -> None:
    reading = decide(decide(Reading(), FOUR, 2, "accept"), FOUR, 2, "retract")
    assert [decision.choice for decision in reading.decisions] == ["retract"]
    gone = (region(1, 500, 500, 520, 520),)
    both = decide(reading, gone, 1, "accept")  # a decision without a region stays
    assert [decision.choice for decision in both.decisions] == ["retract", "accept"]
    assert decide(reading, FOUR, 2, None).is_empty
    with pytest.raises(ReadingError, match="no decision 'perhaps'"):
        decide(reading, FOUR, 2, "perhaps")
    with pytest.raises(KeyError):
        decide(reading, FOUR, 9, "accept")


boxes = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20), st.integers(1, 20))
regions = st.lists(boxes, max_size=6).map(
    lambda all_: tuple(region(n, x, y, x + w, y + h) for n, (x, y, w, h) in enumerate(all_, 1))
)


@given(regions, regions)
def test_no_region_gets_two_decisions_and_unmoved_ones_keep_theirs(
    before: tuple[Region, ...], now: tuple[Region, ...]
) -> None:
    made = tuple(Decision("accept", r.centre, r.box) for r in before)
    attached = [number for number in attach(made, now) if number is not None]
    assert len(attached) == len(set(attached))
    again = attach(made, before)
    assert None not in again
    assert [before[number - 1].box for number in again] == [r.box for r in before]


def test_corrections_lie_over_the_models_result(model: Model, photo: SkinImage) -> None:
    recipe = replace(RECIPE, noise=NoiseSettings(timesteps=(60, 150)), refine=False)
    found = drain(Pipeline(model, "cpu").run(photo, recipe))
    for reading in (None, Reading(), replace(FULL, layer=None)):
        assert corrected(found, reading) is found.mask
    layer = correction.blank(photo.height, photo.width)
    layer[:20], layer[20:40] = correction.LESION, correction.SKIN
    mask = corrected(found, Reading(layer))
    assert mask[:20].all()
    assert not mask[20:40].any()
    assert np.array_equal(mask[40:], found.mask[40:])
    with pytest.raises(ReadingError, match=r"made at 3 x 2 pixels, but it is 96 x 72"):
        corrected(found, FULL)
