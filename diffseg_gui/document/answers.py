"""What follows from the results that may be seen and takes long enough to be felt: worked out once, for all who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffseg_gui.document.derived import Derived
from engine.method.doubt import expected_agreement
from engine.reading.regions import regions

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.results import Results
    from engine.method.expected import Expected
    from engine.reading.regions import Region
    from engine.results import Consensus, Segmentation


class Answers:
    """Each is made when somebody asks and the results are others than before."""

    def __init__(self, shown: Callable[[], Results]) -> None:
        """shown: tells the results that may be seen."""
        self._regions = Derived(lambda: (shown().segmentation,), _regions)
        self._expected = Derived(lambda: (shown().segmentation, shown().consensus), _expected)

    @property
    def regions(self) -> tuple[Region, ...]:
        """Where the timesteps of the result disagree; none without one."""
        return self._regions.value

    @property
    def expected(self) -> Expected | None:
        """How well people would agree, by the present votes; None where the model or the votes cannot say."""
        return self._expected.value


def _regions(found: Segmentation | None) -> tuple[Region, ...]:
    return () if found is None else regions(found.consensus, found.image.width, found.image.height)


def _expected(found: Segmentation | None, consensus: Consensus | None) -> Expected | None:
    return None if found is None or consensus is None else expected_agreement(found.readers, consensus)
