"""Hypothesis strategies for evidence and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.results import DeviceUse, Evidence

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

sides = st.integers(1, 6)


@st.composite
def evidences(draw: DrawFn, most: int = 12) -> Evidence:
    """Evidence of up to ``most`` timesteps with any differences in 0..1, on a grid of up to 6 x 6."""
    shape = draw(st.tuples(st.integers(1, most), sides, sides))
    difference = draw(hnp.arrays(np.float32, shape, elements=st.floats(0, 1, width=32)))
    timesteps = tuple(range(10, 10 * shape[0] + 1, 10))
    return Evidence(timesteps, difference, np.zeros((*shape[1:], 3), np.uint8), DeviceUse("cpu", "test", "float32"))


def votes() -> SearchStrategy[np.ndarray]:
    """Up to 12 masks, bool (N, H, W), on a grid of up to 6 x 6."""
    return hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), sides, sides))
