"""Names for the kinds of numpy array that pass between the engine's modules."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Halves: TypeAlias = NDArray[np.float16]
Ints: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]
Bools: TypeAlias = NDArray[np.bool_]


def read_only(array: NDArray[np.generic]) -> None:
    """Forbid writing to an array that is about to be shared."""
    array.flags.writeable = False
