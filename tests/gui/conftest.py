"""A whole workbench in each test, driven by real events; nothing may be left running when it ends."""

from __future__ import annotations

import gc
import os
import threading
from typing import TYPE_CHECKING

import pytest
import shiboken6

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from diffseg_gui import theme
from diffseg_gui.app import Workbench
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker import Setup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

PATIENCE = 60_000  # ms; a bound, not an expectation


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication) -> Iterator[None]:
    """A test that leaves a thread, a running timer or a top-level widget behind fails."""
    threads, widgets = set(threading.enumerate()), set(qapp.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    left = [w for w in qapp.topLevelWidgets() if w not in widgets and w.isVisible()]
    assert not left, f"top-level widgets left: {left}"
    # Python keeps a dummy record of a Qt thread that has logged; Qt's own threads are asked below.
    assert {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)} <= threads
    alive = [o for o in gc.get_objects() if issubclass(type(o), QThread | QTimer) and shiboken6.isValid(o)]
    assert not [o for o in alive if isinstance(o, QThread) and o.isRunning() and o is not qapp.thread()]
    assert not [o for o in alive if isinstance(o, QTimer) and o.isActive()]


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Preferences of this test alone."""
    return Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def make_bench(qtbot: QtBot, preferences: Preferences) -> Iterator[Callable[[Path], Workbench]]:
    """Make workbenches with a given model; all are closed at the end, and their threads have ended."""
    made: list[Workbench] = []

    def make(model: Path) -> Workbench:
        theme.apply(QApplication.instance())
        bench = Workbench(Setup(model, "cpu"), preferences)
        made.append(bench)
        bench.window.show()
        qtbot.waitExposed(bench.window)
        return bench

    yield make
    for bench in made:
        bench.window.close()
        assert not bench.analyst._thread.isRunning()
        bench.window.deleteLater()
        bench.deleteLater()


@pytest.fixture
def bench(make_bench: Callable[[Path], Workbench], model_path: Path) -> Workbench:
    """An empty workbench with the tiny model."""
    return make_bench(model_path)


@pytest.fixture
def analysed(bench: Workbench, photo_path: Path, qtbot: QtBot) -> Workbench:
    """A workbench with the photograph open and fully analysed."""
    bench.window.open_image(photo_path)
    wait_until_current(bench, qtbot)
    return bench


def wait_until_current(bench: Workbench, qtbot: QtBot) -> None:
    """Wait for the newest wish's whole result."""
    qtbot.waitUntil(lambda: bench.state.current and not bench.state.busy, timeout=PATIENCE)


def dialogs() -> list[QMessageBox]:
    """Message boxes on the screen."""
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def close_dialog(qtbot: QtBot) -> str:
    """Wait for a message box, close it, and return its text."""
    qtbot.waitUntil(lambda: bool(dialogs()), timeout=PATIENCE)
    (box,) = dialogs()
    text = box.text()
    box.close()
    return text
