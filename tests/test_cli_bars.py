"""Progress as it is drawn."""

from __future__ import annotations

import pytest

from engine.cli.bars import Bars
from engine.progress import Progress


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a terminal would show in the end: of each line, what was drawn last."""
    return [line.rsplit("\r", 1)[-1].rstrip() for line in capsys.readouterr().err.split("\n")]


def test_each_stage_has_a_bar_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars(quiet=False) as bars:
        for stage in ("reading", "reading", "training"):  # the same stage once more begins anew
            for done in range(3):
                bars.report(Progress(stage, done, 2, unit="image", note="loss=0.5" if done else ""))
    *drawn, last = lines(capsys)
    assert last == ""
    assert [line.split(":")[0] for line in drawn] == ["reading", "reading", "training"]
    assert all("100%" in line and "2/2" in line for line in drawn)
    assert all(line.endswith("loss=0.5]") for line in drawn)


def test_a_share_is_drawn_without_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars(quiet=False) as bars:
        bars.report(Progress("unet", 0, 100, unit="%"))
        bars.report(Progress("unet", 45, 100, unit="%"))
    drawn, _ = lines(capsys)
    assert drawn.startswith("unet:  45%|")
    assert "/100" not in drawn


def test_what_is_said_stands_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars(quiet=False) as bars:
        bars.report(Progress("one", 1, 2))
        bars.say("half way")
        bars.report(Progress("one", 2, 2))
        bars.say("done")
    said = lines(capsys)
    assert [line.split(":")[0] for line in said] == ["half way", "one", "done", ""]


@pytest.mark.parametrize("quiet", [True, None], ids=["asked", "nobody watches"])
def test_a_quiet_bar_draws_nothing_but_lets_one_say(capsys: pytest.CaptureFixture[str], quiet: bool | None) -> None:
    with Bars(quiet) as bars:
        for done in (0, 1, 2):
            bars.report(Progress("one", done, 2, note="x"))
        bars.say("done")
    assert capsys.readouterr().err == "done\n"
