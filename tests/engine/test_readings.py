"""Readings kept between sittings: nothing is lost in a crash, and nothing damaged is written over."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from engine.errors import ExportError, MemoryShortageError, ReadingError
from engine.reading.reading import Reading
from engine.reading.snapshots import added
from engine.records import atomic
from engine.records import readings as store
from engine.records.readings import Glance
from tests.engine.test_reading import FULL, LAYER, SHA, same

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage


@pytest.mark.parametrize("reading", [FULL, replace(FULL, layer=None), Reading(LAYER.copy())])
def test_what_is_saved_is_loaded(tmp_path: Path, reading: Reading) -> None:
    folder = tmp_path / "new"
    assert store.load(folder, SHA) is None
    store.save(folder, SHA, reading)
    assert same(store.load(folder, SHA), reading)
    assert store.load(folder, "cd" * 32) is None
    store.save(folder, SHA, Reading(edits=9))
    assert list(folder.iterdir()) == []
    store.save(folder, SHA, Reading())


SNAPSHOTS = added(added((), "Monday, 9:05", LAYER), "as the model says", np.zeros_like(LAYER))


def test_snapshots_are_kept_and_are_something_to_keep(tmp_path: Path) -> None:
    store.save(tmp_path, SHA, Reading(snapshots=SNAPSHOTS))
    found = store.load(tmp_path, SHA)
    assert found.snapshots == SNAPSHOTS
    assert [np.array_equal(one.layer(), layer) for one, layer in zip(found.snapshots, (LAYER, 0 * LAYER), strict=True)]
    assert found.sizes == {LAYER.shape}


def test_a_file_of_format_1_has_no_snapshots(tmp_path: Path) -> None:
    store.save(tmp_path, SHA, FULL)
    path = tmp_path / f"{SHA}.json"
    kept = json.loads(path.read_text())
    del kept["snapshots"]
    path.write_text(json.dumps({**kept, "format": 1}))
    assert same(store.load(tmp_path, SHA), FULL)
    assert store.load(tmp_path, SHA).snapshots == ()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"name": "", "layer_png": ""}, {"name": "a", "layer_png": "aGVsbG8="}, {"name": "a"}),
        *({"name": name, "layer_png": ""} for name in (None, 5, ["a"], {})),
        *({"name": "a", "layer_png": 5}, None, "a"),
    ],
)
def test_a_damaged_snapshot_is_a_damaged_file(tmp_path: Path, wrong: object) -> None:
    store.save(tmp_path, SHA, FULL)
    path = tmp_path / f"{SHA}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "snapshots": [wrong]}))
    with pytest.raises(ReadingError, match="set aside"):
        store.load(tmp_path, SHA)
    assert store.load(tmp_path, SHA) is None, "the photograph starts anew"


def test_a_reading_of_old_kept_no_outline(tmp_path: Path) -> None:
    store.save(tmp_path, SHA, FULL)
    path = tmp_path / f"{SHA}.json"
    kept = json.loads(path.read_text())
    del kept["outline_png"]
    path.write_text(json.dumps(kept))
    found = store.load(tmp_path, SHA)
    assert found.blind == FULL.blind
    assert found.blind.layer is None


def test_what_is_set_aside_stays_under_a_free_name(tmp_path: Path) -> None:
    for number in (1, 2):
        store.save(tmp_path, SHA, replace(FULL, edits=number))
        assert store.set_aside(tmp_path, SHA).name == f"{SHA}.other-{number}.json"
    assert store.load(tmp_path, SHA) is None
    assert [json.loads(path.read_text())["edits"] for path in sorted(tmp_path.iterdir())] == [1, 2]
    with pytest.raises(ReadingError, match="cannot be set aside"):
        store.set_aside(tmp_path, SHA)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store.save(tmp_path, SHA, FULL)
    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, step, fail)
        with pytest.raises(ExportError, match="No space left on device"):
            store.save(tmp_path, SHA, Reading(LAYER.copy()))
    assert [path.name for path in tmp_path.iterdir()] == [f"{SHA}.json"]
    assert same(store.load(tmp_path, SHA), FULL)


def test_a_lack_of_memory_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise MemoryError

    store.save(tmp_path, SHA, FULL)
    with monkeypatch.context() as patch:
        patch.setattr("engine.reading.layer_png.Image.open", full)
        with pytest.raises(MemoryShortageError, match="not enough memory"):
            store.load(tmp_path, SHA)
    assert same(store.load(tmp_path, SHA), FULL)


def damaged() -> list[bytes]:
    """Files that are no reading of this image."""
    store_form = {"image": SHA, **FULL.to_json(), "layer_png": None}
    wrong = [
        [],
        {},
        {**store_form, "image": "cd" * 32},
        {**store_form, "layer_png": "%%%"},
        {**store_form, "layer_png": "aGVsbG8="},
        {**store_form, "edits": "many"},
        {name: value for name, value in store_form.items() if name != "decisions"},
    ]
    return [b"", b"\xff\xfe", b'{"image": "ab', b"[" * 100_000, *(json.dumps(data).encode() for data in wrong)]


@pytest.mark.parametrize("data", damaged(), ids=lambda data: repr(data[:20]))
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / f"{SHA}.json"
    for number in (1, 2):
        path.write_bytes(data)
        with pytest.raises(ReadingError, match=rf"are damaged; .* {SHA}\.damaged{number}, "):
            store.load(tmp_path, SHA)
        assert store.load(tmp_path, SHA) is None
        store.save(tmp_path, SHA, FULL)
        assert (tmp_path / f"{SHA}.damaged{number}").read_bytes() == data
    assert same(store.load(tmp_path, SHA), FULL)


def test_a_damaged_file_that_cannot_be_moved_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    path = tmp_path / f"{SHA}.json"
    path.write_bytes(b"{")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(ReadingError, match="Permission denied"):
        store.load(tmp_path, SHA)
    assert path.read_bytes() == b"{"


def test_a_file_that_cannot_be_opened_or_removed_is_said(tmp_path: Path) -> None:
    (tmp_path / f"{SHA}.json").mkdir()
    with pytest.raises(ReadingError, match="cannot be opened"):
        store.load(tmp_path, SHA)
    with pytest.raises(ReadingError, match="delete it"):
        store.save(tmp_path, SHA, Reading())


def test_a_file_says_its_format_and_one_without_is_read(tmp_path: Path) -> None:
    store.save(tmp_path, SHA, FULL)
    path = tmp_path / f"{SHA}.json"
    kept = json.loads(path.read_text())
    assert kept.pop("format") == store.FORMAT == 2
    kept["calibration"] = kept.pop("ruler")
    path.write_text(json.dumps(kept))
    assert same(store.load(tmp_path, SHA), FULL)
    store.save(tmp_path, SHA, FULL)
    assert json.loads(path.read_text())["ruler"]["length_mm"] == FULL.ruler.length_mm


@pytest.mark.parametrize("number", [3, "x"])
def test_a_file_of_a_newer_format_is_neither_moved_nor_written_over(tmp_path: Path, number: object) -> None:
    path, data = tmp_path / f"{SHA}.json", json.dumps({"format": number, "strokes": []}).encode()
    path.write_bytes(data)
    uses = [lambda: store.load(tmp_path, SHA)]
    uses += [lambda made=made: store.save(tmp_path, SHA, made) for made in (FULL, Reading())]
    for use in uses:
        with pytest.raises(
            ReadingError, match=rf"Your reading in {path} has (format 3, .* newer DiffSeg|the format 'x')"
        ):
            use()
        assert [(found, found.read_bytes()) for found in tmp_path.iterdir()] == [(path, data)]


def test_frames_of_one_file_have_readings_of_their_own(tmp_path: Path, photo: SkinImage) -> None:
    frames = [replace(photo, frame=number) for number in (None, 0, 1)]
    for edits, frame in enumerate(frames):
        store.save(tmp_path, frame.identity, replace(FULL, edits=edits))
    assert [store.load(tmp_path, frame.identity).edits for frame in frames] == [0, 1, 2]


def test_a_file_of_before_verdicts_is_read(tmp_path: Path) -> None:
    store.save(tmp_path, SHA, FULL)
    path = tmp_path / f"{SHA}.json"
    kept = {name: value for name, value in json.loads(path.read_text()).items() if name not in ("verdict", "note")}
    path.write_text(json.dumps({**kept, "format": 1}))
    assert same(store.load(tmp_path, SHA), replace(FULL, verdict=None, note=""))


@pytest.mark.parametrize(
    "reading",
    [
        FULL,
        Reading(verdict="not usable"),
        Reading(LAYER),
        Reading(decisions=FULL.decisions),
        Reading(ruler=FULL.ruler),
        Reading(note="later"),
    ],
)
def test_a_kept_reading_says_the_same_in_short_as_it_does_when_it_is_open(tmp_path: Path, reading: Reading) -> None:
    store.save(tmp_path, SHA, reading)
    assert store.glance(tmp_path, SHA) == store.in_short(reading)
    assert store.in_short(FULL) == Glance(corrected=True, decided=1, verdict="usable")


UNREADABLE = [b"", b"[" * 100_000, b'{"image": "ab', b"[]", b'{"format": 99}', b'{"format": 2, "edits": "many"}']


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: repr(data[:20]))
def test_at_a_glance_a_damaged_file_says_nothing_and_stays(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / f"{SHA}.json"
    path.write_bytes(data)
    assert store.glance(tmp_path, SHA) == Glance()
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, data)]
    assert store.glance(tmp_path / "none", SHA) == Glance()
