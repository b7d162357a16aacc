"""The window that ``diffseg bench`` measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from diffseg_gui.bench import Session
from diffseg_gui.features.filmstrip import Filmstrip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def session(model_path: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    """A window to measure, not shown yet."""
    made = Session(model_path, "cpu", str(tmp_path))
    yield made
    made.close()
    made.bench.window.deleteLater()
    made.bench.deleteLater()


def test_what_is_waited_for_is_what_is_painted(session: Session, photo_path: Path) -> None:
    session.show()
    session.wait_ready()
    seconds = session.open(photo_path)
    assert 0 < seconds["first_mask"] <= seconds["votes"] <= seconds["refined"]
    frames = session.bench.feature(Filmstrip).card.frames.values()
    assert session.painted.all()
    assert {frame.canvas for frame in frames} <= set(session.painted._canvases), "each mask counts, too"
    before, delta = session.document.shown.consensus, session.document.recipe.vote.delta
    assert session.move_delta(Qt.Key.Key_Right) > 0
    assert session.document.shown.consensus is not before
    assert session.document.recipe.vote.delta == pytest.approx(delta + 0.005)


def test_a_failed_analysis_ends_it(session: Session, tmp_path: Path) -> None:
    session.bench.window.show()
    session.bench.series.begin([tmp_path / "none.jpg"])
    with pytest.raises(SystemExit, match=r"none\.jpg does not exist"):
        session.wait(lambda: False)
    assert not session.bench.stage.banner.isVisible(), "nobody is there to read it"
