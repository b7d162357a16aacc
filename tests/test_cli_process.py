"""The command line as processes of its own: exit codes, both streams, and what becomes of them in pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from engine import __version__
from engine.cli import main
from engine.records.export import export

if TYPE_CHECKING:
    from typing import Any

    from engine.results import Segmentation

pytestmark = pytest.mark.slow  # together they take long
ROOT = Path(__file__).parents[1]
FAST = ("--timesteps", "60,100,150")


def process(*arguments: object, environment: dict[str, str] | None = None, **streams: int) -> subprocess.Popen[str]:
    """A running ``python -m engine.cli``."""
    command = [sys.executable, "-m", "engine.cli", *map(str, arguments)]
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "", **(environment or {})}
    return subprocess.Popen(command, cwd=ROOT, env=variables, text=True, encoding="utf-8", **streams)


def test_the_program_runs_from_a_shell(photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    """One real process: the installed package, its exit codes and its two streams."""

    def diffseg(*arguments: object) -> tuple[int, str, str]:
        run = process(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = run.communicate()
        return run.returncode, out, err

    options = ("-o", tmp_path / "out", "--model", model_path, "--device", "cpu", *FAST)
    code, out, err = diffseg("segment", photo_path, tmp_path / "absent.png", *options)
    assert code == 1
    assert len(err.splitlines()) == 1
    assert len(out.splitlines()) == 1
    assert (tmp_path / "out" / "nevus" / "mask.png").is_file()
    assert diffseg("segment")[0] == 2
    assert diffseg("--version") == (0, f"diffseg {__version__}\n", "")


@pytest.mark.parametrize("command", ["evaluate", "segment", "--help", "everything"])
def test_a_reader_that_has_gone_ends_it_quietly(
    dataset: Path, photo_path: Path, model_path: Path, tmp_path: Path, command: str
) -> None:
    """As ``| head`` does. "everything": both streams go to that reader."""
    options = ("--model", model_path, "--device", "cpu", "--timesteps", "100")
    arguments = {
        "evaluate": ("evaluate", "--index", dataset / "index.csv", *options),
        "segment": ("segment", photo_path, "-o", tmp_path, *options),
        "--help": ("segment", "--help"),
        "everything": ("segment", photo_path, tmp_path / "absent.png", "-o", tmp_path, *options),
    }[command]
    reading, writing = os.pipe()
    os.close(reading)
    run = process(*arguments, stdout=writing, stderr=writing if command == "everything" else subprocess.PIPE)
    os.close(writing)
    assert run.communicate()[1] in ("", None)
    assert run.returncode == 141


def test_figures_are_printed_where_letters_are_missing(dataset: Path, model_path: Path) -> None:
    """On Windows what goes into a file or a pipe is in a code page that knows no ≤ and no √."""
    options = ("--index", dataset / "index.csv", "--model", model_path, "--device", "cpu", "--timesteps", "100")
    environment = {"PYTHONIOENCODING": "cp1252"}
    run = process("evaluate", *options, environment=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    run.stdout.reconfigure(encoding="cp1252")
    out, err = run.communicate()
    assert (run.returncode, err) == (0, "")
    assert "2 images" in out
    assert "GED / \\u221aarea" in out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are text")
def test_a_name_that_is_not_text_is_an_image_like_any_other(
    dataset: Path, photo_path: Path, model_path: Path, tmp_path: Path
) -> None:
    name = os.fsdecode(b"\xff.png")
    (tmp_path / name).write_bytes(photo_path.read_bytes())
    options = ("--model", model_path, "--device", "cpu", "--timesteps", "100")
    run = process("segment", tmp_path / name, "-o", tmp_path / "out", *options, stdout=subprocess.PIPE)
    assert "lesion" in run.communicate()[0]
    assert run.returncode == 0
    (tmp_path / "masks").mkdir()
    Image.new("1", Image.open(photo_path).size, 1).save(tmp_path / "masks" / name)
    where = ("--images", tmp_path, "--masks", tmp_path / "masks", "--page", tmp_path / "page.html")
    assert main([*map(str, ("evaluate", *where, *options))]) == 0
    assert "<h3>?</h3>" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's device that is always full")
def test_an_output_that_cannot_be_written_is_one_sentence(dataset: Path, model_path: Path) -> None:
    options = ("--index", dataset / "index.csv", "--model", model_path, "--device", "cpu", "--timesteps", "100")
    with Path("/dev/full").open("w") as full:
        run = process("evaluate", *options, stdout=full.fileno(), stderr=subprocess.PIPE)
        _, err = run.communicate()
    assert run.returncode == 1
    assert err == "diffseg: The output cannot be written (No space left on device); free some space.\n"


def test_too_little_memory_costs_one_image(
    photo_path: Path,
    model_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(found: Segmentation, folder: Path, **chosen: Any) -> None:
        if found.image.path == photo_path:
            raise MemoryError
        export(found, folder, **chosen)

    monkeypatch.setattr("engine.cli.segment.export", full)
    (tmp_path / "other.png").write_bytes(photo_path.read_bytes())
    options = ("-o", tmp_path / "out", "--model", model_path, "--device", "cpu", "--timesteps", 100)
    assert main([*map(str, ("segment", photo_path, tmp_path / "other.png", *options))]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"diffseg: There is not enough memory for {photo_path}")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["other"], "the others are done"
