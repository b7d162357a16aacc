"""The scale bar: a round length at every zoom, in pixels or mm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffseg_gui.view.scale_bar import LONGEST, ScaleBar, round_below

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from tests.gui.desk import Desk


@given(st.floats(1e-6, 1e9))
def test_round_lengths_are_1_2_or_5_and_less_than_a_step_below(length: float) -> None:
    found = round_below(length)
    assert found <= length * (1 + 1e-6)
    assert found * 2.5 > length * (1 - 1e-6)
    assert f"{found:e}".split("e")[0] in {"1.000000", "2.000000", "5.000000"}


@pytest.mark.parametrize(("mm_per_px", "unit"), [(None, "px"), (0.03, "mm")])
def test_it_has_a_round_length_at_every_zoom(desk: Desk, photo: SkinImage, mm_per_px: float | None, unit: str) -> None:
    desk.open(photo)
    canvas, lengths = desk.canvas, set()
    bar = ScaleBar(canvas)
    bar.calibrate(mm_per_px)
    for _ in range(6):
        lengths.add(bar.length)
        assert bar.text == f"{bar.length:g} {unit}"
        assert bar.accessibleName() == f"Scale bar: {bar.text}"
        assert bar.length == round_below(bar.length)
        shown = bar.length / (mm_per_px or 1) * canvas.to_screen().m11()
        assert LONGEST / 2.5 - 1e-6 <= shown <= LONGEST + 1e-6
        assert canvas.rect().contains(bar.geometry())
        canvas.zoom_by(2)
    assert len(lengths) > 2


def test_it_is_there_with_the_photograph_only_and_hidden_with_what_lies_over_it(desk: Desk, photo: SkinImage) -> None:
    bar = ScaleBar(desk.canvas)
    assert bar.isHidden()
    desk.open(photo)
    bar.place()
    assert bar.isVisible()
    canvas = desk.canvas
    with_it = canvas.grab(bar.geometry()).toImage()
    canvas.viewport.hide_overlay(True)
    without = canvas.grab(bar.geometry()).toImage()
    canvas.viewport.hide_overlay(False)
    assert with_it != without
    assert canvas.grab(bar.geometry()).toImage() == with_it
    bar.hide()
    assert canvas.grab(bar.geometry()).toImage() == without


def test_it_names_who_says_so_above_the_length(desk: Desk, photo: SkinImage) -> None:
    desk.open(photo)
    bar = ScaleBar(desk.canvas)
    bar.calibrate(0.03)
    plain = bar.height()
    bar.calibrate(0.03, "DICOM Pixel Spacing, calibrated by fiducial")
    assert bar.height() > plain
    assert bar.width() > bar.fontMetrics().horizontalAdvance(bar.source)
    assert desk.canvas.rect().contains(bar.geometry())
    assert bar.accessibleName() == f"Scale bar: {bar.text} ({bar.source})"
    bar.calibrate(None)
    assert bar.height() == plain
