"""The line that tells how a blind reading goes on, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diffseg_gui.features.blind.strip import Strip
from engine.reading.agreement import Agreement
from engine.reading.reading import Blind

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(("seen", "said"), [(None, False), (0.0, False), (0.4, False), (42.0, True)])
def test_it_says_for_how_long_the_result_had_been_on_screen(qtbot: QtBot, seen: float | None, said: bool) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.show_result(Blind(9, "ab", Agreement(0.9, 0.8, 0.7, 0.6), 12.0, 3, seen))
    words = strip.words.text()
    assert "Drawn in 12 s with 3 edits" in words
    assert ("on screen for 42 s before" in words) is said
