"""Numbers of formats: what is read, what is refused, and in what words."""

from __future__ import annotations

import pytest

from engine.errors import DiffSegError, ModelError, ReadingError, RecipeError
from engine.formats import format_of


@pytest.mark.parametrize(
    ("data", "number"),
    [({}, 0), ({"format": 0}, 0), ({"format": 1}, 1), ({"format": 3, "x": 4}, 3), ([], 0), (None, 0)],
)
def test_known_formats_are_told(data: object, number: int) -> None:
    assert format_of(data, 3, "The file", RecipeError) == number


@pytest.mark.parametrize("error", [RecipeError, ModelError, ReadingError])
def test_a_newer_one_is_refused_in_a_sentence(error: type[DiffSegError]) -> None:
    with pytest.raises(error) as refused:
        format_of({"format": 4}, 3, "The file a.json", error)
    assert str(refused.value) == "The file a.json has format 4, and this DiffSeg reads up to 3; use a newer DiffSeg."


@pytest.mark.parametrize("number", [-1, 1.0, True, "1", None, [1]])
def test_what_is_no_number_of_a_format_is_refused(number: object) -> None:
    with pytest.raises(RecipeError, match=r"The file has the format .* which DiffSeg never writes"):
        format_of({"format": number}, 3, "The file", RecipeError)
