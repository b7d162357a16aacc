"""What a training run leaves and finds: its log, its checkpoint, and earlier work that is not to be lost."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch

from engine.errors import ExportError, TrainingError
from engine.networks.weights import load_model
from engine.training.record import load_checkpoint, origin
from engine.training.start import Start
from engine.training.train import check, train
from tests.engine.training_setup import CONFIG, cut_short, rows, straight

if TYPE_CHECKING:
    from pathlib import Path

    from engine.training.data import Pairs


def test_a_checkpoint_of_other_settings_or_none_at_all_is_refused(pairs: Pairs, tmp_path: Path) -> None:
    out = tmp_path / "tiny.safetensors"
    with pytest.raises(TrainingError, match="no checkpoint"):
        train(pairs, None, CONFIG, out, "cpu", resume=True)
    straight(pairs, out)
    with pytest.raises(TrainingError, match="other settings"):
        train(pairs, None, replace(CONFIG, rate=1e-3), out, "cpu", resume=True)


def test_a_checkpoint_of_other_images_another_start_or_other_processes_is_refused(
    pairs: Pairs, tmp_path: Path, model_path: Path
) -> None:
    out = tmp_path / "tiny.safetensors"
    cut_short(pairs, out)
    turned = replace(pairs, ids=pairs.ids[::-1])
    with pytest.raises(TrainingError, match="made with other images; resume"):
        train(turned, None, CONFIG, out, "cpu", resume=True)
    with pytest.raises(TrainingError, match="made with another start; resume"):
        train(pairs, None, CONFIG, out, "cpu", resume=True, start=Start(model=model_path))
    with pytest.raises(TrainingError, match="other images and another number of processes; resume"):
        load_checkpoint(out.with_suffix(".ckpt"), origin(turned.ids, {}, 2))


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04"])
def test_a_damaged_checkpoint_is_refused(pairs: Pairs, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tiny.ckpt").write_bytes(content)
    with pytest.raises(TrainingError, match="damaged"):
        train(pairs, None, CONFIG, tmp_path / "tiny.safetensors", "cpu", resume=True)


@pytest.mark.parametrize("state", [{"step": 3}, [1, 2], {"origin": {}}], ids=["earlier", "list", "empty"])
def test_a_checkpoint_that_says_nothing_of_its_origin_is_refused(tmp_path: Path, state: object) -> None:
    torch.save(state, tmp_path / "tiny.ckpt")
    with pytest.raises(TrainingError, match="earlier version"):
        load_checkpoint(tmp_path / "tiny.ckpt", origin(["A"], {}, 1))


def test_a_place_that_cannot_be_written_is_refused(pairs: Pairs, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrainingError, match="cannot be written"):
        train(pairs, None, CONFIG, tmp_path / "file" / "tiny.safetensors", "cpu", resume=False)


def test_seconds_go_on_where_they_stood(pairs: Pairs, tmp_path: Path) -> None:
    out, checkpoint = tmp_path / "tiny.safetensors", tmp_path / "tiny.ckpt"
    cut_short(pairs, out)
    torch.save({**torch.load(checkpoint, weights_only=True), "seconds": 5000.0, "best": -1.0}, checkpoint)
    train(pairs, pairs, CONFIG, out, "cpu", resume=True)
    first, last = (float(row["seconds"]) for row in rows(out))
    assert first < 5000 < last < 6000
    assert 5000 <= json.loads(out.with_suffix(".json").read_text())["training"]["seconds_since_start"] < 6000
    assert torch.load(checkpoint, weights_only=True)["seconds"] > 5000


def test_a_log_that_is_held_elsewhere_costs_no_run(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, log, aside = (tmp_path / name for name in ("tiny.safetensors", "tiny.csv", "aside.csv"))
    validations = 0

    def validation(*_: object) -> float:
        nonlocal validations
        validations += 1
        if validations == 2:  # what cannot be appended to, as a file that Excel holds on Windows
            log.rename(aside)
            log.mkdir()
        if validations == 4:
            log.rmdir()
            aside.rename(log)
        return 0.1 * validations

    monkeypatch.setattr("engine.training.train.validation_dice", validation)
    assert straight(pairs, out, replace(CONFIG, steps=4, validate_every=1)).steps == 4
    assert [row["step"] for row in rows(out)] == ["1", "2", "3", "4"]
    [said] = [line for line in capsys.readouterr().err.splitlines() if "diffseg: " in line]
    assert "tiny.csv cannot be written" in said


def test_model_and_checkpoint_are_saved_before_the_log(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    monkeypatch.setattr(
        "engine.training.record.Log.write", lambda *_: seen.append({p.suffix for p in tmp_path.iterdir()})
    )
    straight(pairs, tmp_path / "tiny.safetensors", replace(CONFIG, steps=1))
    assert seen == [{".csv", ".safetensors", ".json", ".ckpt"}]


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before_it(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, checkpoint, other = (tmp_path / f"tiny{suffix}" for suffix in (".safetensors", ".ckpt", ".tmp"))
    cut_short(pairs, out)
    before = checkpoint.read_bytes()
    other.write_bytes(b"of another program")
    replace_file = os.replace

    def full(source: Path, target: Path) -> None:
        if target == checkpoint:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace_file(source, target)

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ExportError, match=r"tiny\.ckpt could not be written .*; .* free some space") as refused:
        train(pairs, pairs, CONFIG, out, "cpu", resume=True)
    assert "\n" not in str(refused.value)
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".safetensors", ".json", ".ckpt", ".tmp"}
    assert checkpoint.read_bytes() == before
    assert other.read_bytes() == b"of another program"


@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt"])
def test_earlier_work_is_not_overwritten(pairs: Pairs, tmp_path: Path, suffix: str) -> None:
    earlier = tmp_path / f"tiny{suffix}"
    earlier.write_bytes(b"weeks of work")
    with pytest.raises(TrainingError, match=r"there already; choose another --out, or .* --resume"):
        train(pairs, None, CONFIG, tmp_path / "tiny.safetensors", "cpu", resume=False)
    assert [p.name for p in tmp_path.iterdir()] == [earlier.name]
    assert earlier.read_bytes() == b"weeks of work"


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_a_file_that_bears_the_name_of_what_a_run_writes_is_not_overwritten(
    pairs: Pairs, tmp_path: Path, suffix: str
) -> None:
    other = tmp_path / f"tiny{suffix}"
    other.write_text("id,split,image,mask\n")
    with pytest.raises(TrainingError, match=rf"tiny\{suffix} is there already; choose another --out, or move it away"):
        train(pairs, None, CONFIG, tmp_path / "tiny.safetensors", "cpu", resume=False)
    assert [p.name for p in tmp_path.iterdir()] == [other.name]
    assert other.read_text() == "id,split,image,mask\n"


@pytest.mark.parametrize("resume", [False, True])
def test_the_model_that_training_starts_from_is_not_overwritten(tmp_path: Path, resume: bool) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "tiny.ckpt").touch()
    roundabout = tmp_path / "folder" / ".." / "tiny.safetensors"
    with pytest.raises(TrainingError, match="starts from; choose another --out"):
        check(CONFIG, tmp_path / "tiny.safetensors", resume, Start(model=roundabout))


def test_the_start_is_described_as_it_was_when_training_began(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, out = tmp_path / "earlier.safetensors", tmp_path / "next.safetensors"
    straight(pairs, earlier, replace(CONFIG, steps=1))
    sha256 = load_model(earlier).sha256

    def validation(*_: object) -> float:
        earlier.with_suffix(".json").write_text('{"name": "other", "sha256": "", "config": {}}')
        return 0.5

    monkeypatch.setattr("engine.training.train.validation_dice", validation)
    train(pairs, pairs, replace(CONFIG, steps=1), out, "cpu", resume=False, start=Start(model=earlier))
    said = json.loads(out.with_suffix(".json").read_text())["training"]["start"]["model"]
    assert (said["name"], said["sha256"]) == ("earlier", sha256)


@pytest.mark.parametrize("processes", [3, 8])
def test_a_batch_that_processes_cannot_share_is_refused(
    pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setenv("WORLD_SIZE", str(processes))
    with pytest.raises(TrainingError, match=f"batch of 4 cannot be shared by {processes} processes; choose a --batch"):
        train(pairs, None, CONFIG, tmp_path / "tiny.safetensors", "cpu", resume=False)
