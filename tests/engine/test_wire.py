"""The live wire: along an edge where there is one, straight where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from engine.reading.wire import Wire


def skin(height: int, width: int, radius: float) -> np.ndarray:
    """A dark disc in the middle of light skin, uint8 (height, width, 3), its border three pixels soft."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    inside = 1 / (1 + np.exp((np.hypot(columns - width / 2, rows - height / 2) - radius) / 1.5))
    return np.uint8(200 - inside[..., None] * np.array([60, 90, 80]))


@pytest.mark.parametrize("scale", [1, 4])
def test_from_edge_to_edge_it_goes_along_the_border(scale: int) -> None:
    """Over a third of the circle, whose chord leads half a radius inside; at any size of the photograph."""
    radius = 60.0 * scale
    pixels, middle = skin(200 * scale, 240 * scale, radius), np.array((120.0, 100.0)) * scale
    ends = [middle + radius * np.array((np.cos(angle), np.sin(angle))) for angle in (0.0, 2.0)]
    way = Wire(pixels, tuple(ends[0])).to(tuple(ends[1]))
    assert np.allclose(way[[0, -1]], ends)
    away = np.abs(np.hypot(*(way - middle).T) - radius)
    assert away.max() < 3 * scale
    assert np.hypot(*np.diff(way, axis=0).T).max() < 6 * scale, "it leaps nowhere"


def test_through_even_skin_it_is_straight() -> None:
    way = Wire(np.full((80, 120, 3), 190, np.uint8), (10.0, 40.0)).to((90.0, 40.0))
    assert np.abs(way[:, 1] - 40).max() <= 1


def test_one_wire_leads_near_and_far() -> None:
    wire = Wire(skin(300, 400, 90), (290.0, 150.0))
    near, far = wire.to((291.0, 152.0)), wire.to((110.0, 150.0))
    assert np.allclose(near[-1], (291, 152))
    assert len(far) > 90
    assert np.allclose(wire.to((291.0, 152.0))[[0, -1]], near[[0, -1]])


def test_points_outside_of_the_photograph_are_reached_from_its_side() -> None:
    way = Wire(skin(80, 120, 30), (-5.0, 40.0)).to((130.0, 90.0))
    assert way[0].tolist() == [0.0, 40.0]
    assert way[-1].tolist() == [130.0, 90.0]
    assert way[1:-1].min() >= 0
    assert way[1:-1].max() <= 120
