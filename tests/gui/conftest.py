"""Desks for features and whole workbenches for journeys; nothing may be left running when a test ends."""

from __future__ import annotations

import gc
import os
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shiboken6
from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from diffseg_gui.app.workbench import Workbench
from diffseg_gui.arrangement import KEY, RESEARCH
from diffseg_gui.features.series.listing import Listing
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker.worker import Setup
from tests.gui.desk import Desk
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import QObject
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.results import Evidence

PATIENCE = 60_000  # ms; a bound, not an expectation


@pytest.fixture(scope="session", autouse=True)
def what_is_imported() -> None:
    """Hide what imports made, half a million objects, from the collector that ``no_leaks`` asks after every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication) -> Iterator[None]:
    """A test that leaves a thread, a running timer or a top-level widget behind fails."""
    threads, widgets = set(threading.enumerate()), set(qapp.topLevelWidgets())
    gc.disable()  # widgets must not end in another thread than this: see diffseg_gui/app/garbage.py
    yield
    gc.collect()
    gc.enable()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    left = [w for w in qapp.topLevelWidgets() if w not in widgets and w.isVisible()]
    assert not left, f"top-level widgets left: {left}"
    # Python keeps a dummy record of a Qt thread that has logged; Qt's own threads are asked below. Those in which the
    # network computes are kept for the next photograph, on purpose.
    others = (t for t in threading.enumerate() if not t.name.startswith("network"))
    assert {t for t in others if not isinstance(t, threading._DummyThread)} <= threads
    alive = [o for o in gc.get_objects() if issubclass(type(o), QThread | QTimer) and shiboken6.isValid(o)]
    assert not [o for o in alive if isinstance(o, QThread) and o.isRunning() and o is not qapp.thread()]
    assert not [o for o in alive if isinstance(o, QTimer) and o.isActive()]


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Preferences of this test alone: of a person who has chosen the research view, where every panel is there."""
    made = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made.set(KEY, RESEARCH)
    return made


@pytest.fixture
def recipe() -> Recipe:
    """The settings that documents begin with."""
    return RECIPE


@pytest.fixture
def desk(qtbot: QtBot, preferences: Preferences, recipe: Recipe) -> Iterator[Desk]:
    """An empty desk, on the screen."""
    theme.apply(theme.application())
    made = Desk(recipe, preferences)
    with qtbot.waitActive(made):  # or its shortcuts would not hear a key
        made.show()
    yield made
    made.close_features()
    made.close()
    made.deleteLater()


@pytest.fixture
def opened(desk: Desk, photo: SkinImage, evidence: Evidence) -> Desk:
    """A desk with the photograph open and analysed: ten discs of growing radius about its centre."""
    desk.open(photo)
    desk.land(evidence)
    return desk


@pytest.fixture
def make_bench(qtbot: QtBot, preferences: Preferences, recipe: Recipe) -> Iterator[Callable[[Path], Workbench]]:
    """Make workbenches with a given model; all are closed at the end, and their threads have ended."""
    made: list[Workbench] = []
    theme.apply(theme.application())  # here: it dresses every window anew that there is

    def make(model: Path, readings: Path | None = None, kind: type[Workbench] = Workbench) -> Workbench:
        bench = kind(Setup(model, "cpu"), recipe, preferences, readings)
        made.append(bench)
        with qtbot.waitExposed(bench.window):
            bench.window.show()
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
    bench.series.begin([photo_path])
    wait_until_current(bench, qtbot)
    return bench


@pytest.fixture
def other_path(tmp_path: Path) -> Path:
    """A second photograph."""
    path = tmp_path / "other.png"
    Image.fromarray(np.random.default_rng(1).integers(90, 200, (60, 80, 3), np.uint8)).save(path)
    return path


def wait_until_current(bench: Workbench, qtbot: QtBot) -> None:
    """Wait for the newest request's whole result, seen or not."""
    qtbot.waitUntil(lambda: bench.document.results.current and not bench.document.is_busy, timeout=PATIENCE)


def wait_for_folders(owner: QObject, qtbot: QtBot) -> None:
    """Wait until the folders that ``owner``, or a part of it, looks for photographs in are known."""
    listings = owner.findChildren(Listing)
    assert listings
    qtbot.waitUntil(lambda: not any(listing.is_under_way for listing in listings), timeout=PATIENCE)


def read_banner(bench: Workbench, qtbot: QtBot) -> str:
    """Wait for the banner that tells a failure, dismiss it, and return its sentence."""
    banner = bench.stage.banner
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    text = banner.sentence.text()
    qtbot.mouseClick(banner.dismiss, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    return text


def wait_for_drive(qtbot: QtBot) -> None:
    """Wait until somebody waits for a drive."""
    qtbot.waitUntil(lambda: any(one.name == "drive" for one in threading.enumerate()), timeout=PATIENCE)


def let_answer(pipe: Path) -> None:
    """Have the drive answer that a pipe stands for, into which nobody writes, and those end who waited for it."""
    for thread in [one for one in threading.enumerate() if one.name == "drive"]:
        while thread.is_alive():
            os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))
            thread.join(0.05)


def dialog(qtbot: QtBot) -> QDialog:
    """The dialog that is open."""
    qtbot.waitUntil(lambda: any(isinstance(w, QDialog) and w.isVisible() for w in QApplication.topLevelWidgets()))
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    return found


def answer(*roles: QMessageBox.ButtonRole) -> list[str]:
    """Press the buttons of these roles, one in each of the next questions; returns the questions that were asked."""
    asked: list[str] = []

    def press(role: QMessageBox.ButtonRole, *later: QMessageBox.ButtonRole) -> None:
        boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
        if later:
            QTimer.singleShot(50, lambda: press(*later))
        for box in boxes:
            asked.append(box.text())
            next(button for button in box.buttons() if box.buttonRole(button) == role).click()

    QTimer.singleShot(50, lambda: press(*roles))
    return asked
