"""The wheel, which ``pip install .``, pipx and uv make: it holds all that the program needs, and works elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.host.resources import default_model, samples

ROOT = Path(__file__).parents[1]
LARGEST = 30e6  # bytes; the models are nearly all of it
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*command: object, cwd: Path) -> str:
    """Run a command where no source tree is in sight; what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, as building leaves files in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    caches = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("engine", "diffseg_gui", "resources", "tests"):
        shutil.copytree(ROOT / name, folder / "tree" / name, ignore=caches)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "tree")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "-w", folder)
    run(sys.executable, "-m", "pip", "wheel", *options, folder / "tree", cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.mark.slow
def test_it_holds_code_model_samples_and_icons_and_no_tests(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        held = set(opened.namelist())
    top = ("engine", "diffseg_gui", "resources")
    wanted = {path.relative_to(ROOT).as_posix() for name in top for path in (ROOT / name).rglob("*") if path.is_file()}
    wanted = {name for name in wanted if "__pycache__" not in name}
    assert default_model().relative_to(ROOT).as_posix() in wanted
    assert wanted <= held
    assert {name for name in held if not name.startswith("diffseg-")} <= wanted
    assert any(name.endswith("licenses/LICENSE") for name in held)
    assert wheel.stat().st_size < LARGEST


@pytest.mark.slow
def test_installed_elsewhere_it_segments(wheel: Path, tmp_path: Path) -> None:
    """Into a bare environment that borrows this one's libraries."""
    venv.create(tmp_path / "venv")
    programs = tmp_path / "venv" / SCRIPTS
    python = programs / Path(sys.executable).name
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    places = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    Path(places, "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    imported = run(python, "-c", "import engine; print(engine.__file__)", cwd=tmp_path)
    assert Path(imported.strip()).is_relative_to(tmp_path)
    run(
        programs / "diffseg",
        "segment",
        samples()[0],
        "-o",
        "out",
        "--device",
        "cpu",
        "--timesteps",
        "100",
        cwd=tmp_path,
    )
    assert (tmp_path / "out" / samples()[0].stem / "mask.png").is_file()
