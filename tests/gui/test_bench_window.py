"""The window that ``diffseg bench`` measures: a failure ends the measurement with its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diffseg_gui.bench import Session

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_a_failed_analysis_ends_it(model_path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    session = Session(model_path, "cpu", str(tmp_path))
    try:
        session.bench.window.show()
        session.bench.window.open_image(tmp_path / "none.jpg")
        with pytest.raises(SystemExit, match=r"none\.jpg does not exist"):
            session.wait(lambda: False)
        assert not session.bench.window.stage.banner.isVisible(), "nobody is there to read it"
    finally:
        session.close()
        session.bench.window.deleteLater()
        session.bench.deleteLater()
