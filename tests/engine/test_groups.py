"""Who is in which group."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import lab2rgb, rgb2lab

from engine.evaluation.groups import DIAGNOSES, GROUPS, groups_of, skin_tone
from engine.evaluation.table import WORDS
from tests.engine.pictures import disc

NAN = float("nan")


@pytest.mark.parametrize(
    ("area", "size"), [(0.0, "small"), (0.0299, "small"), (0.03, "medium"), (0.4, "medium"), (0.401, "large")]
)
def test_size_is_the_annotations_share_of_the_image(area: float, size: str) -> None:
    assert groups_of(area, NAN, {}) == (size,)


@pytest.mark.parametrize(
    ("melanoma", "keratosis", "diagnosis"),
    [
        ("1", "0", ("melanoma",)),
        ("0", "1.0", ("keratosis",)),
        ("0", "0", ("nevus",)),
        ("0.0", "", ()),
        ("", "", ()),
        ("yes", "0", ()),
    ],
)
def test_a_diagnosis_is_read_and_never_guessed(melanoma: str, keratosis: str, diagnosis: tuple[str, ...]) -> None:
    facts = {"melanoma": melanoma, "seborrheic_keratosis": keratosis, "patient_id": "1"}
    assert groups_of(0.1, NAN, facts) == ("medium", *diagnosis)
    assert groups_of(0.1, NAN, {"melanoma": "0"}) == ("medium",)
    assert set(diagnosis) <= set(GROUPS)


@pytest.mark.parametrize(
    ("said", "diagnosis"), [("mel", "melanoma"), ("nv", "nevus"), (" VASC ", "vascular"), ("df", "dermatofibroma")]
)
def test_ham10000s_diagnoses_are_groups(said: str, diagnosis: str) -> None:
    assert groups_of(0.1, NAN, {"diagnosis": said}) == ("medium", diagnosis)
    assert groups_of(0.1, NAN, {"diagnosis": said, "melanoma": "1"})[1] == "melanoma"


@pytest.mark.parametrize("said", ["", "unknown", "melanoma?"])
def test_other_diagnoses_are_no_group(said: str) -> None:
    assert groups_of(0.1, NAN, {"diagnosis": said}) == ("medium",)


def test_every_group_has_words() -> None:
    assert set(DIAGNOSES.values()) <= set(GROUPS) <= set(WORDS)
    assert len(set(GROUPS)) == len(GROUPS)


@pytest.mark.parametrize(("tone", "group"), [(55.0, "light_skin"), (28.0, "dark_skin"), (-40.0, "dark_skin")])
def test_skin_tones_split_at_28_degrees(tone: float, group: str) -> None:
    assert groups_of(0.1, tone, {}) == ("medium", group)


@pytest.mark.parametrize(("lightness", "yellow"), [(70.0, 20.0), (60.0, 25.0), (45.0, 18.0)])
def test_ita_is_that_of_the_skins_colour(lightness: float, yellow: float) -> None:
    mask = disc(80, 100, (40, 50), 20)
    colours = np.where(mask[..., None], (30.0, 10.0, 5.0), (lightness, 12.0, yellow))
    pixels = np.uint8(np.round(lab2rgb(colours) * 255))
    pixels[:8, :8] = 0  # a black corner
    expected = np.degrees(np.arctan((lightness - 50) / yellow))
    assert skin_tone(pixels, rgb2lab(pixels), mask) == pytest.approx(expected, abs=2)


def test_without_skin_there_is_no_tone() -> None:
    pixels = np.full((40, 40, 3), 150, np.uint8)
    assert np.isnan(skin_tone(pixels, rgb2lab(pixels), np.ones((40, 40), bool)))
