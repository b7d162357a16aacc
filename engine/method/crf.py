"""Mean-field inference in a fully connected CRF with two labels (Kraehenbuehl & Koltun 2011).

    E(x) = sum_i -log P(x_i) + sum_{i < j} [x_i != x_j] k(i, j)                                              (8, 9)
    k(i, j) = w1 exp(-|p_i - p_j|^2 / 2 theta_alpha^2 - |I_i - I_j|^2 / 2 theta_beta^2)
            + w2 exp(-|p_i - p_j|^2 / 2 theta_gamma^2)                                                       (10)

Each kernel K is normalised symmetrically, K' = N K N with N = diag(K 1)^(-1/2). With two labels the lesion's
probability q says all, and an update, equation 11, is  logit q <- logit P + sum_m w_m (2 K'_m q - K'_m 1).

Two backends: :class:`LatticeKernels` (one permutohedral lattice for all masks at once; weights may change without
rebuilding it) and :class:`PydensecrfKernels` (the reference library, one mask at a time). They give the same numbers,
but where the number of pixels is no multiple of four: pydensecrf pads to one, which moves its results by up to 0.02.
pydensecrf does not build with Python 3.13 and newer, and is optional there.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import sparse

from engine.errors import RecipeError
from engine.host.cores import cores
from engine.method.lattice import Lattice
from engine.progress import Progress, Run

if TYPE_CHECKING:
    from engine.arrays import Bytes, Floats
    from engine.recipe import CrfSettings

Widths = tuple[float, float, float]

MOST_THREADS = 4  # more only wait for memory
PAPER_SIDE = 128  # widths are given in pixels of this grid
LOGIT_LIMIT = 12.0  # P stays within 6e-6 of 0 and 1, so that -log P is finite in float32


def pydensecrf_is_here() -> bool:
    """Whether the reference library is installed."""
    return find_spec("pydensecrf") is not None


class Kernels(Protocol):
    """Both kernels of one image at fixed widths."""

    def infer(self, logits: Floats, settings: CrfSettings) -> Run[Floats]:
        """Refine M masks given as logit P(lesion), float32 (M, H, W); returns q, float32 (M, H, W) in [0, 1]."""
        ...


def build_kernels(pixels: Bytes, settings: CrfSettings) -> Kernels:
    """Prepare the kernels for RGB pixels uint8 (H, W, 3) on the CRF's grid; only widths and backend matter.

    Raises RecipeError where the backend is not installed.
    """
    scale = max(pixels.shape[:2]) / PAPER_SIDE
    widths = (settings.theta_alpha * scale, settings.theta_beta, settings.theta_gamma * scale)
    return (LatticeKernels if settings.backend == "lattice" else PydensecrfKernels)(pixels, widths)


class LatticeKernels:
    """All masks at once, as channels of both kernels' lattices, whose slices act as one matrix."""

    def __init__(self, pixels: Bytes, widths: Widths) -> None:
        theta_alpha, theta_beta, theta_gamma = widths
        position = _positions(*pixels.shape[:2])
        colour = pixels.reshape(-1, 3).astype(np.float32)
        appearance = Lattice(np.concatenate([position / theta_alpha, colour / theta_beta], axis=1))
        self._lattices = [appearance, _smoothness(*pixels.shape[:2], theta_gamma)]
        norms = [_normalise(lattice) for lattice in self._lattices]
        both = list(zip(norms, self._lattices, strict=True))
        self._of_ones = [(lattice(norm[:, None]) * norm[:, None])[:, 0] for norm, lattice in both]
        # K' = N K N: the same scaled matrix splats (transposed) and slices; gain and the factor 2 go with the weights
        self._slice = sparse.hstack([lattice.slice.multiply(norm[:, None]) for norm, lattice in both], format="csr")

    def infer(self, logits: Floats, settings: CrfSettings) -> Run[Floats]:
        """See :class:`Kernels`; yields after each mean-field update."""
        weights = np.array([settings.w1, settings.w2], np.float32)
        unary = logits.reshape(len(logits), -1).T
        bias = unary - (weights[0] * self._of_ones[0] + weights[1] * self._of_ones[1])[:, None]
        # Masks do not meet, so each group of them can have its thread.
        groups = np.array_split(np.arange(len(logits)), min(cores(), MOST_THREADS, len(logits)))
        parts = [sigmoid(np.ascontiguousarray(unary[:, group])) for group in groups]
        biases = [np.ascontiguousarray(bias[:, group]) for group in groups]
        with ThreadPoolExecutor(len(groups)) as pool:
            for iteration in range(settings.iterations):
                parts = list(pool.map(self._update, parts, biases, [weights] * len(groups)))
                yield Progress("refine", iteration + 1, settings.iterations)
        return np.ascontiguousarray(np.concatenate(parts, axis=1).T).reshape(logits.shape)

    def _update(self, q: Floats, bias: Floats, weights: Floats) -> Floats:
        """One mean-field update, equation 11: sigmoid(bias + sum_m w_m 2 K'_m q), float32 (N, M)."""
        splatted = np.split(self._slice.T @ q, [self._lattices[0].slice.shape[1]])
        both = zip(weights, self._lattices, splatted, strict=True)
        blurred = np.concatenate([lattice.blur(v) * (2 * w * lattice.gain) for w, lattice, v in both])
        message = self._slice @ blurred
        message += bias
        return sigmoid(message)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), float32, overwriting x."""
    np.negative(x, out=x)
    with np.errstate(over="ignore"):  # exp(-x) = inf gives 0, as it should
        np.exp(x, out=x)
    x += 1
    return np.reciprocal(x, out=x)


def _positions(height: int, width: int) -> Floats:
    """Each pixel's column and row, float32 (height * width, 2)."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.stack([columns.ravel(), rows.ravel()], axis=1)


@lru_cache(maxsize=1)
def _smoothness(height: int, width: int, theta_gamma: float) -> Lattice:
    """The smoothness kernel's lattice; it knows no image, so a change of the other kernel's widths leaves it alone."""
    return Lattice((_positions(height, width) / theta_gamma).astype(np.float32))


def _normalise(lattice: Lattice) -> Floats:
    """The diagonal of N = diag(K 1)^(-1/2), float32 (N,)."""
    ones = np.ones((lattice.slice.shape[0], 1), np.float32)
    return np.asarray(1 / np.sqrt(lattice(ones)[:, 0] + np.float32(1e-20)))


class PydensecrfKernels:
    """The reference library. Its lattices know the weights, so they are rebuilt when a weight changes."""

    def __init__(self, pixels: Bytes, widths: Widths) -> None:
        """See :func:`build_kernels`. Raises RecipeError where the library is not installed."""
        if not pydensecrf_is_here():
            raise RecipeError(
                "The settings ask for the CRF backend pydensecrf, which is not installed here (it does not build with"
                ' Python 3.13 and newer); choose the backend "lattice" in them, or use Python 3.11 or 3.12.'
            )
        self._pixels = np.array(pixels, order="C")  # the library wants a writable copy
        self._widths = widths

    def infer(self, logits: Floats, settings: CrfSettings) -> Run[Floats]:
        """See :class:`Kernels`; yields after each mask."""
        from pydensecrf.densecrf import DenseCRF2D

        theta_alpha, theta_beta, theta_gamma = self._widths
        height, width = logits.shape[1:]
        crf = DenseCRF2D(width, height, 2)
        crf.addPairwiseGaussian(sxy=theta_gamma, compat=settings.w2)
        crf.addPairwiseBilateral(sxy=theta_alpha, srgb=theta_beta, rgbim=self._pixels, compat=settings.w1)
        refined = np.empty_like(logits)
        for number, logit in enumerate(logits):
            energy = np.stack([np.logaddexp(0, logit), np.logaddexp(0, -logit)]).reshape(2, -1)  # -log P per label
            crf.setUnaryEnergy(np.ascontiguousarray(energy, dtype=np.float32))
            refined[number] = np.asarray(crf.inference(settings.iterations))[1].reshape(height, width)
            yield Progress("refine", number + 1, len(logits))
        return refined
