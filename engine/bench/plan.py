"""What is to be measured, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

from engine.recipe import NoiseSettings

TEN = NoiseSettings(timesteps=tuple(range(60, 151, 10)))  # named here: a figure keeps its meaning if a default changes


@dataclass(frozen=True)
class Counts:
    """Repeats: runs of the network, of its reference, of each CRF case and of the native refinement; moves of delta,
    openings of one photograph, starts of the window; photographs of the memory session, images of the batch, and
    processes that segment one image each."""

    network: int = 20
    reference: int = 3
    crf: int = 10
    native: int = 5
    moves: int = 200
    opens: int = 5
    starts: int = 5
    session: int = 50
    batch: int = 100
    singles: int = 5


QUICK = Counts(network=3, reference=1, crf=2, native=2, moves=20, opens=2, starts=1, session=8, batch=6, singles=1)


@dataclass(frozen=True)
class Plan:
    """image: the photograph (None: a bundled one at 6 megapixels). model: weights (None: the bundled model's)."""

    image: Path | None = None
    model: Path | None = None
    device: str = "auto"
    quick: bool = False

    @property
    def counts(self) -> Counts:
        """Many repeats, or few."""
        return QUICK if self.quick else Counts()

    @property
    def setup(self) -> list[str]:
        """The options that hand model and device on to a process."""
        model = [] if self.model is None else ["--model", str(self.model.resolve())]
        return ["--device", self.device, *model]
