"""How sure a figure is: 95 % percentile bootstrap intervals over images (Efron 1979).

Images, not pixels, are drawn with replacement: pixels of one image are not independent. All figures of one evaluation
share the same resamples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.arrays import Doubles, Ints

RESAMPLES, SEED, LEVEL = 2000, 0, 0.95

Interval = tuple[float, float]
UNKNOWN: Interval = (float("nan"), float("nan"))


class Bootstrap:
    """Resamples of n images; each method gives the (low, high) in which a figure lies with 95 % confidence.

    Resamples that do not define the figure (NaN) are left out. One image tells nothing: the interval is then NaN.
    """

    def __init__(self, n: int, resamples: int = RESAMPLES, seed: int = SEED) -> None:
        self.n = n
        self._drawn = np.random.default_rng(seed).integers(0, n, (resamples, n), dtype=np.int32)

    def of_mean(self, values: Doubles) -> Interval:
        """Of the mean of values (n,), one an image; NaN ones are left out."""
        known = np.isfinite(values)
        table = np.stack([np.where(known, values, 0.0), known.astype(np.float64)], axis=1)
        return self.of_sums(lambda sums: _mean(sums[:, 0], sums[:, 1]), table)

    def of_sums(self, figure: Callable[[Doubles], Doubles], tables: Doubles | Ints) -> Interval:
        """Of a figure of the sum of tables (n, ...), one an image; figure maps (resamples, ...) to (resamples,)."""
        resamples = len(self._drawn)
        offset = self._drawn + self.n * np.arange(resamples)[:, None]
        often = np.bincount(offset.ravel(), minlength=resamples * self.n).reshape(resamples, self.n)
        sums = often.astype(np.float64) @ tables.reshape(self.n, -1).astype(np.float64)
        return self._interval(figure(sums.reshape(resamples, *tables.shape[1:])))

    def of_columns(self, figure: Callable[..., Doubles], *columns: Doubles) -> Interval:
        """Of a figure of columns (n,), one value an image; figure maps arrays (resamples, n) to (resamples,)."""
        return self._interval(figure(*(column[self._drawn] for column in columns)))

    def _interval(self, values: Doubles) -> Interval:
        values = values[np.isfinite(values)]
        if self.n < 2 or not len(values):
            return UNKNOWN
        low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(low), float(high)


def _mean(total: Doubles, number: Doubles) -> Doubles:
    return np.asarray(np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0))
