"""The part of the photograph in view, which all canvases share."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QPointF

from diffseg_gui.view.viewport import MAX_ZOOM, MIN_ZOOM, Viewport

MIDDLE = QPointF(0.5, 0.5)


@pytest.mark.parametrize(
    ("zoom", "centre", "expected"),
    [
        (4.0, QPointF(0.25, 0.75), (4.0, QPointF(0.25, 0.75))),
        (4.0, QPointF(-1, 2), (4.0, QPointF(0, 1))),
        (0.5, QPointF(0.25, 0.75), (0.5, MIDDLE)),
        (1e6, MIDDLE, (MAX_ZOOM, MIDDLE)),
        (0.0, MIDDLE, (MIN_ZOOM, MIDDLE)),
    ],
)
def test_the_centre_stays_on_the_photograph_and_the_zoom_in_its_range(
    zoom: float, centre: QPointF, expected: tuple[float, QPointF]
) -> None:
    viewport = Viewport()
    viewport.set(zoom, centre)
    assert (viewport.zoom, viewport.centre) == expected
    viewport.fit()
    assert (viewport.zoom, viewport.centre) == (1.0, MIDDLE)


def test_each_change_is_told_once() -> None:
    viewport, told, canvas = Viewport(), [], QObject()
    viewport.changed.connect(lambda: told.append("changed"))
    viewport.cursorMoved.connect(told.append)
    viewport.overlayHidden.connect(told.append)
    for _ in range(2):
        viewport.set(2.0, MIDDLE)
        viewport.set_cursor(QPointF(3, 4), canvas)
        viewport.hide_overlay(True)
    viewport.set_cursor(None)
    viewport.hide_overlay(False)
    assert told == ["changed", QPointF(3, 4), True, None, False]
    assert viewport.cursor_in is None
