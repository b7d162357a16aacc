"""What is said where Qt lacks a library of the system's, or there is no display."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from diffseg_gui import system

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings all that it needs")
COMPILED = pytest.mark.skipif(not (shutil.which("cc") and shutil.which("ldd")), reason="no compiler, or no ldd")
DISPLAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of platforms: xcb's needs a library that is not there, wayland's needs nothing."""
    for variable in DISPLAYS:
        monkeypatch.delenv(variable, raising=False)
    needed = tmp_path / "libxcb-unheard.so.4"
    build = ("cc", "-shared", "-x", "c", "/dev/null", "-o")
    subprocess.run([*build, needed, "-Wl,-soname,libxcb-unheard.so.4"], check=True)
    linked = ["-Wl,--no-as-needed", f"-L{tmp_path}", f"-l:{needed.name}"]
    subprocess.run([*build, tmp_path / "libqxcb.so", *linked], check=True)
    subprocess.run([*build, tmp_path / "libqwayland.so"], check=True)
    needed.unlink()
    return tmp_path


@LINUX
@COMPILED
def test_the_library_that_is_missing_is_named(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt names libxcb-cursor0 whatever is missing."""
    monkeypatch.setenv("DISPLAY", ":0")
    sentence = system.why_no_window(plugins)
    assert sentence.startswith("Missing: libxcb-unheard.so.4. ")
    assert sentence.endswith("apt-get install -y libxcb-unheard4")


@LINUX
@COMPILED
def test_one_platform_that_loads_is_enough(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert system.why_no_window(plugins) == ""
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert "libxcb-unheard4" in system.why_no_window(plugins), "the one that was chosen"
    monkeypatch.setenv("QT_QPA_PLATFORM", "unheard-of:size=3")
    assert system.why_no_window(plugins) == "", "Qt lists those that there are"


@LINUX
@COMPILED
def test_a_damaged_platform_is_told_in_the_linkers_words(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    (plugins / "libqxcb.so").write_bytes(b"no library")
    assert "libqxcb.so" in system.why_no_window(plugins)


@LINUX
@pytest.mark.parametrize("module", ["diffseg_gui.start", "diffseg_gui.app.main"])
def test_without_a_display_the_program_ends_with_a_sentence(module: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    ended = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, f"diffseg-gui: {system.NO_DISPLAY}\n")


@LINUX
def test_a_display_that_does_not_answer_is_no_missing_library() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS} | {"DISPLAY": ":977"}
    command = [sys.executable, "-m", "diffseg_gui.start"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode != 0
    if ended.stderr.startswith("diffseg-gui: Missing"):
        pytest.skip("a library of the X11 platform's is missing here")
    assert "could not connect to display :977" in ended.stderr
    assert "xcb-cursor0" not in ended.stderr


@pytest.mark.parametrize(
    ("soname", "package"),
    [("libxcb-cursor.so.0", "libxcb-cursor0"), ("libEGL.so.1", "libegl1"), ("libglib-2.0.so.0", "libglib2.0-0")],
)
def test_a_library_is_found_in_its_package(soname: str, package: str) -> None:
    assert system.debian_package(soname) == package


@LINUX
def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert system.why_not_loaded() == ""
