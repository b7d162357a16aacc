"""A short run of :mod:`tests.soak`, and what it takes for growth."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from tests import soak

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_twelve_photographs_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    files = soak.photographs(12, 200, 2, tmp_path / "photographs")
    counts = soak.run(12, 2, tmp_path, soak.tiny_model(tmp_path), files)
    assert [one.photograph for one in counts] == [2, 4, 6, 8, 10, 12]
    settled = counts[2:]
    assert {one.temporary for one in settled} == {settled[0].temporary}
    assert settled[-1].timers <= settled[0].timers + 2, "an autosave may wait for its second; one a photograph is six"
    assert settled[-1].objects <= settled[0].objects + 2
    assert settled[-1].handles <= settled[0].handles + 3, "threads that rest come and go, with a handle each"
    assert settled[-1].threads <= settled[0].threads + 3


def test_what_grows_is_found() -> None:
    def count(number: int, grown: float) -> soak.Count:
        return soak.Count(number, 700_000 + 25 * grown + number % 3, 9, 13, 0, round(800 + grown), 0)

    steady = [count(number, 400 * (number < 100)) for number in range(0, 400, 10)]
    assert soak.grown(steady) == {}, "what comes down is no growth, nor is what swings"
    growing = [count(number, number) for number in range(0, 400, 10)]
    assert soak.grown(growing) == pytest.approx({"memory_kb": 25, "objects": 1}, abs=0.01)
