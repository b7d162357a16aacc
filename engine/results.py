"""What each stage finds: frozen, compared by identity, holding read-only numpy arrays. Tensors never leave the engine.

The *working grid* is the photograph's own aspect ratio with a longest side of 512 pixels (or the photograph's, where
that is smaller). Differences, votes and statistics live on it; masks are cut at the photograph's own resolution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Bools, Bytes, Floats, read_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.method.expected import ReaderCurve
    from engine.method.familiarity import Familiarity
    from engine.method.probability import Softening
    from engine.photograph.image import SkinImage
    from engine.recipe import Recipe
    from engine.scribbles import Scribbles

Box = tuple[int, int, int, int]  # x0, y0, x1, y1, the last two excluded

WORKING_SIDE = 512
FEW = 14  # maps that are sorted among each other quicker than pixel by pixel


def working_size(width: int, height: int, side: int = WORKING_SIDE) -> tuple[int, int]:
    """Return the (width, height) in pixels of a photograph's working grid, or of one with another longest side."""
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def box_overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """The share of two boxes' union that is theirs in common, in [0, 1]."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def native_box(box: Box, grid: tuple[int, ...], native: tuple[int, ...]) -> Box:
    """The photograph's pixels that a box of the working grid touches; grid, native: (height, width)."""
    (h, w), (height, width), (x0, y0, x1, y1) = grid, native, box
    return x0 * width // w, y0 * height // h, -(-x1 * width // w), -(-y1 * height // h)


@dataclass(frozen=True)
class DeviceUse:
    """The device that did the work ("cpu", "cuda", "mps"), its name, precision, and why it was not a faster one."""

    kind: str
    name: str
    precision: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Stage 1. Noise differences, one map per timestep.

    timesteps: N integers, ascending. difference: float32 (N, H, W) >= 0 on the working grid, in clean-image units
    (images in [-1, 1]; equation 2 before the threshold). counterfactual: uint8 (H, W, 3), the skin as the model sees it
    without the lesion.
    """

    timesteps: tuple[int, ...]
    difference: Floats
    counterfactual: Bytes
    device: DeviceUse

    def __post_init__(self) -> None:
        read_only(self.difference)
        read_only(self.counterfactual)

    @cached_property
    def ranked(self) -> Floats:
        """Differences sorted along the timesteps, descending: ``ranked[k] > delta`` where more than k masks agree."""
        ranked = descending(self.difference)
        read_only(ranked)
        return ranked

    def agreement(self, share: float) -> Floats:
        """Return the map whose level set at delta bounds the pixels where more than ``share`` of all masks agree."""
        count = len(self.timesteps)
        return np.asarray(self.ranked[min(int(share * count + 1e-9), count - 1)])


def descending(maps: Floats) -> Floats:
    """Maps, float32 (N, H, W), sorted along the first axis, the largest first."""
    if len(maps) > FEW:
        return np.ascontiguousarray(np.sort(maps, axis=0)[::-1])
    ranked, lower = maps.copy(), np.empty_like(maps[0])
    for start in range(len(maps)):  # in N rounds neighbours change places where the lower one is larger
        for i in range(start % 2, len(maps) - 1, 2):
            np.minimum(ranked[i], ranked[i + 1], out=lower)
            np.maximum(ranked[i], ranked[i + 1], out=ranked[i])
            ranked[i + 1] = lower
    return ranked


@dataclass(frozen=True, eq=False)
class Consensus:
    """Stage 2. What the timesteps vote for at one delta (equations 2 to 7).

    votes: bool (N, H, W). consistency: float32 (H, W) in [0, 1], equation 3. ambiguity: float32 (H, W) in [0, 0.25],
    equation 4. ged_matrix: float64 (N, N), equation 7 for each pair. ged: D2, equation 5, in [0, sqrt(2) / 2).
    """

    delta: float
    votes: Bools
    consistency: Floats
    ambiguity: Floats
    ged_matrix: NDArray[np.float64]
    ged: float

    def __post_init__(self) -> None:
        for array in (self.votes, self.consistency, self.ambiguity, self.ged_matrix):
            read_only(array)

    @cached_property
    def area(self) -> float:
        """Share of the image where more than half of the masks agree, in [0, 1]."""
        return float((self.consistency > 0.5).mean())

    @cached_property
    def areas(self) -> NDArray[np.float64]:
        """Each mask's share of the image, float64 (N,) in [0, 1]."""
        return np.asarray(np.array([np.count_nonzero(vote) for vote in self.votes]) / self.votes[0].size)


@dataclass(frozen=True)
class Dropped:
    """What the refined mask leaves out as too small: a piece of lesion, or a hole in one, which is then filled.

    area_px: native pixels. box: x0, y0, x1, y1 in native pixels.
    """

    hole: bool
    area_px: int
    box: Box


@dataclass(frozen=True, eq=False)
class Refined:
    """Stage 3. The ensemble DenseCRF's result (equations 8 to 12).

    probability: float32 (H, W) in [0, 1] on the working grid, of which the border is the level set at 0.5: with
    equation 12 above it exactly where Y_final is; else the members' mean as the recipe smooths, cuts and tidies it.
    mask: bool, the photograph's own height and width. subsets: the timesteps drawn in each of the K rounds. dropped:
    what was too small to stay, the largest first.
    """

    probability: Floats
    mask: Bools
    subsets: tuple[tuple[int, ...], ...]
    dropped: tuple[Dropped, ...] = ()

    def __post_init__(self) -> None:
        read_only(self.probability)
        read_only(self.mask)

    @cached_property
    def area_px(self) -> int:
        """Lesion area in pixels of the photograph."""
        return int(self.mask.sum())


@dataclass(frozen=True, eq=False)
class Stability:
    """delta: float64 (K,), ascending. area: share of the image that the consensus covers, (K,), never growing.

    ged: D2, equation 5, (K,). plateau: the longest stretch of delta, (low, high), over which the area changes by less
    than a tenth; None where there is no lesion at any delta.
    """

    delta: NDArray[np.float64]
    area: NDArray[np.float64]
    ged: NDArray[np.float64]
    plateau: tuple[float, float] | None

    def __post_init__(self) -> None:
        for array in (self.delta, self.area, self.ged):
            read_only(array)


@dataclass(frozen=True)
class ModelName:
    """Which trained model did the work: its name, the SHA-256 of its weights, and its licence's line.

    licence: empty where the sidecar of a result does not say it.
    """

    name: str
    sha256: str
    licence: str = ""


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A whole run: what went in, what each stage found, and the seconds each stage took (and their ``total``).

    scribbles: which the refined border has followed. made: when, as "2026-05-03T14:02:11" by this machine's clock;
    empty where the sidecar of a result does not say it. readers: the model's curve of readers' agreement, if any.
    familiarity: how far the photograph lies from those that the model was trained on; None where the model cannot tell.
    """

    image: SkinImage
    recipe: Recipe
    model: ModelName
    evidence: Evidence
    consensus: Consensus
    refined: Refined | None
    stability: Stability
    seconds: dict[str, float] = field(default_factory=dict)
    softening: Softening | None = None
    scribbles: Scribbles = ()
    made: str = ""
    readers: ReaderCurve | None = None
    familiarity: Familiarity | None = None

    @property
    def out_of_depth(self) -> bool:
        """Whether the photograph is unlike those that the model was trained on; not where the model cannot tell."""
        return self.familiarity is not None and self.familiarity.out_of_depth

    @cached_property
    def probability(self) -> Floats | None:
        """Calibrated P(lesion), float32 (H, W) in [0, 1] on the working grid; None where nothing softens votes.

        p (1 - p) of it is the calibrated ambiguity, in [0, 0.25].
        """
        if self.softening is None:
            return None
        evidence = self.evidence
        probability = self.softening.probability(evidence.difference, evidence.timesteps, self.consensus.delta)
        read_only(probability)
        return probability

    @cached_property
    def votes_native(self) -> Bools:
        """Each timestep's mask at the photograph's own size, bool (N, height, width)."""
        votes = np.stack(list(self._votes()))
        read_only(votes)
        return votes

    @cached_property
    def consensus_mask(self) -> Bools:
        """Consistency above one half at the photograph's own size, bool (height, width)."""
        votes = np.zeros((self.image.height, self.image.width), np.int16)
        for vote in self._votes():  # one by one: all of a large photograph's are hundreds of megabytes
            votes += vote
        mask = np.asarray(votes * 2 > len(self.evidence.timesteps))
        read_only(mask)
        return mask

    def _votes(self) -> Iterator[Bools]:
        from engine.photograph.resize import resize

        delta = np.float32(self.consensus.delta)
        for difference in self.evidence.difference:
            yield resize(difference, self.image.width, self.image.height) > delta

    @property
    def mask(self) -> Bools:
        """The result: the refined mask, or the consensus where refinement was not asked for."""
        return self.refined.mask if self.refined is not None else self.consensus_mask
