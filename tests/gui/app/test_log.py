"""The log: where it lies is said, and a home that cannot be written stops nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import platformdirs
import pytest

from diffseg_gui import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PHOTOGRAPH = "PLANTED Patient.jpg"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Start logging into a folder, with a root logger as a program finds it at its start."""
    root = logging.getLogger()

    def start(folder: Path) -> None:
        monkeypatch.setattr(platformdirs, "user_log_dir", lambda *_, **__: str(folder))
        monkeypatch.setattr(root, "level", root.level)
        monkeypatch.setattr(root, "handlers", [])  # in the test itself: pytest adds its own for each phase
        log.start()

    yield start
    for handler in root.handlers:
        handler.close()


def test_an_unforeseen_error_is_kept_where_its_sentence_says(started: Callable[[Path], None], tmp_path: Path) -> None:
    started(tmp_path / "logs")
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        logging.getLogger("diffseg_gui").exception("the work failed")
        sentence = log.unforeseen("The work stopped", error)
    path = tmp_path / "logs" / "diffseg.log"
    assert str(path) in sentence
    assert "ZeroDivisionError: division by zero" in sentence
    assert "Traceback" in path.read_text(encoding="utf-8")


def test_without_a_log_folder_the_terminal_is_named(started: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    started(tmp_path / "file" / "logs")
    assert "terminal" in log.unforeseen("The work stopped", ValueError("x"))


def test_a_photograph_is_not_named(started: Callable[[Path], None], tmp_path: Path) -> None:
    started(tmp_path / "logs")
    try:
        (tmp_path / PHOTOGRAPH).read_bytes()
    except OSError:
        logging.getLogger("diffseg_gui").exception("no picture of %s", tmp_path / PHOTOGRAPH)
    logging.getLogger("pydicom").warning("Invalid value: PLANTED")
    text = (tmp_path / "logs" / "diffseg.log").read_text(encoding="utf-8")
    assert "no picture of ….jpg" in text
    assert "FileNotFoundError" in text
    assert "PLANTED" not in text
    assert str(tmp_path) not in text


def test_it_never_takes_more_than_three_files(started: Callable[[Path], None], tmp_path: Path) -> None:
    started(tmp_path / "logs")
    for _ in range(2000):
        logging.getLogger("engine").error("x" * 2000)
    files = sorted((tmp_path / "logs").iterdir())
    assert [path.name for path in files] == ["diffseg.log", "diffseg.log.1", "diffseg.log.2"]
    assert all(path.stat().st_size <= log.LARGEST for path in files)
