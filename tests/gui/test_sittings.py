"""A short run of :mod:`tests.sittings`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diffseg_gui.document.results import Findings, Results
from tests import sittings

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.mark.slow
def test_whatever_is_done_what_is_shown_belongs_to_what_holds(qapp: QApplication, tmp_path: Path) -> None:
    sittings.run(3, 12, tmp_path)


@pytest.mark.slow
def test_a_window_that_shows_what_is_out_of_date_is_found(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the newest answer were taken for the present settings', whatever it was made with."""
    results = Findings._results

    def careless(findings: Findings, *inputs: object) -> Results:
        found = results(findings, *inputs)
        return replace(found, current=found.segmentation is not None)

    monkeypatch.setattr(Findings, "_results", careless)
    with pytest.raises(AssertionError):
        sittings.run(20, 12, tmp_path)
