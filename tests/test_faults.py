"""Processes that are killed at each step of what they write, and disks that take nothing: see docs/reliability.md."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PySide6.QtCore import QSettings

from diffseg_gui.preferences import Preferences
from engine.cli import main
from engine.cli.results import result_folders
from engine.errors import ExportError, ModelError, RecipeError
from engine.networks.weights import load_model, save_model
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.reading import Reading
from engine.records import atomic
from engine.records import readings as store
from engine.records.atomic import write_together, write_whole
from engine.records.export import export
from engine.records.reading_back import read_record
from engine.training.record import load_checkpoint, origin, save_checkpoint
from tests.conftest import random_network
from tests.faults import killed_at, mounted
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage

pytestmark = pytest.mark.slow  # together they take some seconds
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed at each of its steps")


def content(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their names within it, but for what is half written."""
    files = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(".")}


def killed_everywhere(prepare: Callable[[], object], write: Callable[[], object], check: Callable[[], object]) -> int:
    """Prepare, write, be killed and check, once for each step; returns how many there are."""
    for step in count():
        prepare()
        killed = killed_at(step, write)
        check()
        if not killed:
            return step
    raise AssertionError


@forks
@pytest.mark.parametrize("again", [False, True], ids=["into nothing", "over an earlier one"])
def test_an_export_that_is_killed_is_never_taken_for_whole(
    model: Model, photo: SkinImage, tmp_path: Path, again: bool
) -> None:
    noise = replace(RECIPE.noise, timesteps=(60, 100))
    old, new = (
        drain(Pipeline(model, "cpu").run(photo, replace(RECIPE, noise=replace(noise, seed=seed)))) for seed in (0, 1)
    )
    export(old, tmp_path / "old")
    export(new, tmp_path / "new", also=("pdf",))
    wholes, folders = [content(tmp_path / "old"), content(tmp_path / "new")], iter(count())
    out, there = [Path()], []

    def prepare() -> None:
        out[0] = tmp_path / f"out-{next(folders)}"
        if again:
            export(old, out[0])

    def check() -> None:
        if (out[0] / "result.json").exists():
            there.append(wholes.index(content(out[0])))
            read_record(out[0])
        else:
            with pytest.raises(ExportError, match=r"holds no result\.json|does not exist"):
                read_record(out[0])
            if out[0].is_dir():
                with pytest.raises(RecipeError):
                    result_folders([out[0]])

    steps = killed_everywhere(prepare, lambda: export(new, out[0], also=("pdf",)), check)
    assert steps > 20
    assert set(there) == ({0, 1} if again else {1})


@forks
def test_a_reading_that_is_killed_is_the_old_one_or_the_new(tmp_path: Path) -> None:
    layers = [np.full((40, 60), value, np.int8) for value in (1, -1)]

    def check() -> None:
        kept = store.load(tmp_path, "a")
        assert kept is not None
        assert any(np.array_equal(kept.layer, layer) for layer in layers)

    steps = killed_everywhere(
        lambda: store.save(tmp_path, "a", Reading(layers[0])), lambda: store.save(tmp_path, "a", Reading(layers[1])),
        check,
    )  # fmt: skip
    assert steps >= 2
    assert store.load(tmp_path, "a").layer[0, 0] == -1


@forks
def test_a_report_or_table_that_is_killed_is_the_old_one_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    seen = []
    killed_everywhere(
        lambda: write_whole(path, b"old"), lambda: write_whole(path, b"new"), lambda: seen.append(path.read_bytes())
    )
    assert set(seen) == {b"old", b"new"}


@forks
def test_a_checkpoint_that_is_killed_is_the_old_one_or_the_new(tmp_path: Path) -> None:
    path, of = tmp_path / "tiny.ckpt", origin(["A"], {}, 1)
    states = [{"origin": of, "weights": torch.full((50, 50), value)} for value in (1.0, 2.0)]
    seen = []
    killed_everywhere(
        lambda: save_checkpoint(path, states[0]),
        lambda: save_checkpoint(path, states[1]),
        lambda: seen.append(load_checkpoint(path, of)["weights"].unique().item()),
    )
    assert set(seen) == {1.0, 2.0}


@forks
def test_a_model_that_is_killed_is_the_old_one_or_the_new_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiny.safetensors"
    networks = [random_network(seed) for seed in (0, 1)]
    whole = [save_model(path, network, RECIPE, {}) for network in networks]
    seen = []

    def check() -> None:
        try:
            seen.append(whole.index(load_model(path).sha256))
        except ModelError as refused:
            seen.append("its SHA-256 differs" in str(refused))

    killed_everywhere(
        lambda: save_model(path, networks[0], RECIPE, {}), lambda: save_model(path, networks[1], RECIPE, {}), check
    )
    assert seen == sorted(seen, key=[0, True, 1].index)


SETTINGS = """
import sys
from PySide6.QtCore import QSettings
settings = QSettings(sys.argv[1], QSettings.Format.IniFormat)
for number in range(10**9):
    for key in ("a", "b"):
        settings.setValue(key, str(number) * 2000)
    settings.sync()
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process is killed")
def test_settings_that_are_killed_are_of_one_moment(tmp_path: Path) -> None:
    path = str(tmp_path / "settings.ini")
    for ms in (0, 3, 7):
        run = subprocess.Popen([sys.executable, "-c", SETTINGS, path], stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(ms / 1000)  # somewhere within the next writing
        run.kill()
        run.communicate()
        settings = QSettings(path, QSettings.Format.IniFormat)
        preferences = Preferences(settings)
        assert settings.status() == QSettings.Status.NoError
        assert len(preferences.text("a")) >= 2000
        assert preferences.text("a") == preferences.text("b")
        preferences.set("c", "can be written again")
        settings.sync()
        assert settings.status() == QSettings.Status.NoError


def test_what_a_crash_left_half_written_goes_with_the_next_writing(tmp_path: Path) -> None:
    day = time.time() - 24 * 3600
    for name in (".partial-old", ".partial-new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.png").touch()
    (tmp_path / ".result.json.1.partial").touch()
    (tmp_path / ".other.1.partial").touch()
    for path in tmp_path.iterdir():
        if path.name != ".partial-new":  # another window's
            os.utime(path, (day, day))
    write_together(tmp_path, [("mask.png", b"")])
    write_whole(tmp_path / "result.json", b"")
    assert {path.name for path in tmp_path.iterdir()} == {".partial-new", ".other.1.partial", "mask.png", "result.json"}


def test_a_name_of_255_bytes_can_be_written_whole(tmp_path: Path) -> None:
    for name in ("n" * 251 + ".csv", "é" * 125 + ".csv"):
        write_whole(tmp_path / name, b"whole")
        assert (tmp_path / name).read_bytes() == b"whole"


@pytest.mark.parametrize("fails", [errno.EDQUOT, errno.EIO, errno.ESTALE])
def test_a_quota_or_a_drive_that_is_gone_is_said_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """Network drives tell so when a file is made safe, not when it is written."""
    write_together(tmp_path, [("mask.png", b"old"), ("result.json", b"old")])

    def fail(_: int) -> None:
        raise OSError(fails, os.strerror(fails))

    monkeypatch.setattr(atomic.os, "fsync", fail)
    with pytest.raises(ExportError, match=os.strerror(fails)):
        write_together(tmp_path, [("mask.png", b"new"), ("result.json", b"new")])
    assert content(tmp_path) == {"mask.png": b"old", "result.json": b"old"}
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("options", ["ro", "size=64k"], ids=["read-only", "full"])
def test_a_disk_that_takes_nothing_is_one_sentence(
    photo_path: Path, model_path: Path, tmp_path: Path, options: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with mounted(tmp_path / "disk", options) as disk:
        assert main(["segment", str(photo_path), "-o", str(disk), "--model", str(model_path), "--device", "cpu"]) == 1
        (said,) = capsys.readouterr().err.splitlines()
        assert "could not be written (" in said
        assert [path for path in disk.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process is stopped and goes on")
def test_a_process_that_was_suspended_goes_on(photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engine.cli", "segment", str(photo_path), "--model", str(model_path)]
    straight = subprocess.run([*command, "-o", str(tmp_path / "straight")], cwd=Path(__file__).parents[1])
    run = subprocess.Popen([*command, "-o", str(tmp_path / "stopped")], cwd=Path(__file__).parents[1])
    while run.poll() is None:
        for number, seconds in ((signal.SIGSTOP, 0.3), (signal.SIGCONT, 0.3)):
            run.send_signal(number)
            time.sleep(seconds)
    assert straight.returncode == run.returncode == 0
    masks = [(tmp_path / way / photo_path.stem / "mask.png").read_bytes() for way in ("straight", "stopped")]
    assert masks[0] == masks[1]
