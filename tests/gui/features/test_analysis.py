"""Running the analysis again, stopping it, and the device that computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from diffseg_gui.features.analysis import DEVICES, Analysis

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk


@pytest.fixture
def feature(desk: Desk) -> Analysis:
    """Nothing is open; the CPU computes."""
    return desk.add(Analysis(desk.document, desk.messages, "cpu"))


@pytest.fixture
def asked(desk: Desk) -> list[object]:
    """What is to be analysed."""
    sources: list[object] = []
    desk.document.requested.connect(lambda source, *_: sources.append(source))
    return sources


def on(desk: Desk) -> list[str]:
    """The devices that are marked."""
    return [kind for kind in DEVICES if desk.action(f"device_{kind}").isChecked()]


def test_commands_are_there_when_they_are_of_use(desk: Desk, feature: Analysis, photo: SkinImage, qtbot: QtBot) -> None:
    run, cancel = desk.action("run"), desk.action("cancel")
    assert (run.isEnabled(), cancel.isEnabled()) == (False, False)
    desk.document.open(photo.path)
    assert (run.isEnabled(), cancel.isEnabled()) == (False, True)
    qtbot.keyClick(desk, Qt.Key.Key_Escape)
    assert not desk.document.is_busy
    desk.open(photo)
    assert (run.isEnabled(), cancel.isEnabled()) == (True, False)


def test_f5_analyses_the_open_photograph_again(
    desk: Desk, feature: Analysis, photo: SkinImage, asked: list[object], qtbot: QtBot
) -> None:
    over: list[bool] = []
    desk.messages.failureOver.connect(lambda: over.append(True))
    desk.open(photo)
    qtbot.keyClick(desk, Qt.Key.Key_F5)
    assert asked == [photo]
    assert over == [True], "what failed before is being tried again"


def test_f5_while_opening_opens_all_the_same(
    desk: Desk, feature: Analysis, photo: SkinImage, asked: list[object], qtbot: QtBot
) -> None:
    desk.open(photo)
    desk.document.open(Path("/other.png"))
    qtbot.keyClick(desk, Qt.Key.Key_F5)
    assert asked == [Path("/other.png")] * 2
    assert desk.document.opening == Path("/other.png")


def test_all_settings_go_back_to_the_models_own(desk: Desk, feature: Analysis, qtbot: QtBot) -> None:
    desk.document.set_recipe(replace(desk.document.recipe, refine=False))
    qtbot.keyClick(desk, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert desk.document.recipe == desk.document.defaults


def test_another_device_analyses_at_once(desk: Desk, feature: Analysis, photo: SkinImage, asked: list[object]) -> None:
    kinds: list[str] = []
    feature.deviceRequested.connect(lambda kind: kinds.append(f"{kind} before {len(asked)} requests"))
    desk.open(photo)
    feature.offer(("cuda", "cpu"))
    assert on(desk) == ["cpu"]
    desk.action("device_cuda").trigger()
    assert (kinds, asked, on(desk)) == (["cuda before 0 requests"], [photo], ["cuda"])
    feature.device = "cpu"  # it was not there
    assert on(desk) == ["cpu"]


def test_only_devices_that_are_there_are_offered(desk: Desk, feature: Analysis) -> None:
    def offered() -> list[str]:
        return [kind for kind in DEVICES if desk.action(f"device_{kind}").isVisible()]

    assert offered() == ["auto", "cpu"], "before it is known"
    feature.offer(("mps", "cpu"))
    assert offered() == ["auto", "cpu", "mps"]
    assert desk.action("device_mps").isEnabled()
    feature.offer(("cpu",))
    assert offered() == ["auto", "cpu"]
    feature.device = "cuda"
    assert offered() == ["auto", "cpu", "cuda"], "what was asked for at the start is shown as chosen"
