"""The loop over images, and which photographs there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import DeviceError, ImageError, MemoryShortageError
from engine.progress import Progress, counted
from engine.study.batch import Done, Failed, outcomes, values
from engine.study.items import photographs_in

FAILURES: dict[str, Exception] = {
    "bad": ImageError("bad is no image."),
    "large": MemoryError(),
    "away": DeviceError("There is no device."),
    "bug": ZeroDivisionError(),
}


def work(name: str) -> str:
    """What a name stands for: a failure, or its capitals."""
    if name in FAILURES:
        raise FAILURES[name]
    return name.upper()


def test_the_others_are_done_whatever_becomes_of_one() -> None:
    first, bad, large, last = outcomes(["a", "bad", "large", "b"], work, Path)
    assert isinstance(first, Done)
    assert isinstance(last, Done)
    assert (first.item, first.value, last.value) == ("a", "A", "B")
    assert isinstance(bad, Failed)
    assert (bad.item, bad.error) == ("bad", FAILURES["bad"])
    assert isinstance(large, Failed)
    assert isinstance(large.error, MemoryShortageError)
    assert "There is not enough memory for large;" in str(large.error)


@pytest.mark.parametrize(("name", "error"), [("away", DeviceError), ("bug", ZeroDivisionError)])
def test_a_missing_device_and_a_bug_end_it_all(name: str, error: type[Exception]) -> None:
    run = outcomes(["a", name, "b"], work, Path)
    assert isinstance(next(run), Done)
    with pytest.raises(error):
        next(run)
    assert list(run) == []


@pytest.mark.parametrize(("name", "error"), [("bad", ImageError), ("large", MemoryShortageError)])
def test_where_no_image_may_be_missing_the_first_failure_ends_it(name: str, error: type[Exception]) -> None:
    run = values(["a", name, "b"], work, Path)
    assert next(run) == "A"
    with pytest.raises(error, match=name):
        next(run)
    assert list(run) == []


def test_an_image_is_done_before_the_next_begins() -> None:
    seen: list[str] = []

    def note(name: str) -> None:
        seen.append(f"do {name}")

    for outcome in outcomes(["a", "b"], note, Path):
        seen.append(f"did {outcome.item}")
    assert seen == ["do a", "did a", "do b", "did b"]


def test_images_are_counted_when_they_are_done_with() -> None:
    reports: list[Progress] = []
    seen = []
    for name in counted(["a", "b"], "reading", reports.append):
        seen.append((name, reports[-1].done))
    assert seen == [("a", 0), ("b", 1)]
    assert [(r.stage, r.done, r.total, r.unit) for r in reports] == [("reading", n, 2, "image") for n in range(3)]


def test_photographs_of_a_folder_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.PNG", "A.jpg", "a.png", "C.tif", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in photographs_in(tmp_path)] == ["A.jpg", "a.png", "b.PNG", "C.tif"]
    with pytest.raises(ImageError, match="cannot be read"):
        photographs_in(tmp_path / "absent")
