"""DenseCRF: against the reference library, and against exact kernels on images small enough for them."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import ndimage
from scipy.special import expit

from engine.errors import RecipeError
from engine.method.crf import LatticeKernels, PydensecrfKernels, Widths, build_kernels, pydensecrf_is_here
from engine.method.lattice import Lattice
from engine.progress import Progress, drain
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from engine.recipe import CrfSettings

PLAIN = replace(RECIPE.crf, w1=3.0, w2=1.0)
needs_pydensecrf = pytest.mark.skipif(not pydensecrf_is_here(), reason="it does not build with Python 3.13 and newer")
BACKENDS = ["lattice", pytest.param("pydensecrf", marks=needs_pydensecrf)]


def noise(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A photograph of nothing: the lattice's hardest case."""
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def clouds(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Smooth colours over the whole range, as skin has them."""
    field = ndimage.gaussian_filter(rng.normal(size=(height, width, 3)), (4, 4, 0))
    return np.uint8(255 * (field - field.min()) / np.ptp(field))


def exact_filter(features: np.ndarray) -> np.ndarray:
    """The Gaussian kernel between all pairs of points, (N, N)."""
    return np.exp(-((features[:, None] - features[None]) ** 2).sum(axis=2) / 2)


def exact_mean_field(pixels: np.ndarray, logit: np.ndarray, widths: Widths, settings: CrfSettings) -> np.ndarray:
    """Equations 8 to 11 with labels, energies and kernels written out, for one mask (H, W)."""
    height, width = logit.shape
    theta_alpha, theta_beta, theta_gamma = widths
    place = np.argwhere(np.ones((height, width)))
    colour = pixels.reshape(-1, 3).astype(float)
    kernel = 0.0
    for weight, features in (
        (settings.w1, np.hstack([place / theta_alpha, colour / theta_beta])),
        (settings.w2, place / theta_gamma),
    ):
        gauss = exact_filter(features)
        root = np.sqrt(gauss.sum(axis=1))
        kernel = kernel + weight * gauss / root[:, None] / root[None]
    lesion = expit(logit.ravel().astype(float))
    unary = -np.log(np.stack([1 - lesion, lesion]))
    q = np.exp(-unary)
    for _ in range(settings.iterations):
        penalty = q[::-1] @ kernel  # Potts: each label pays for the other's share around it
        q = np.exp(-unary - penalty)
        q /= q.sum(axis=0)
    return q[1].reshape(height, width)


def refine(kernels: LatticeKernels | PydensecrfKernels, logits: np.ndarray, settings: CrfSettings) -> np.ndarray:
    """Run a backend to its end."""
    return drain(kernels.infer(logits.astype(np.float32), settings))


@needs_pydensecrf
@pytest.mark.parametrize("picture", [noise, clouds])
@pytest.mark.parametrize("seed", range(12))
def test_both_backends_give_the_same_numbers(picture: type[noise], seed: int) -> None:
    rng = np.random.default_rng(seed)
    # The library pads the pixels to a multiple of four with points at the origin, so a multiple of four is compared.
    height, width = int(rng.integers(16, 60)), 4 * int(rng.integers(4, 15))
    pixels = picture(rng, height, width)
    widths = (float(rng.uniform(1, 40)), float(rng.uniform(2, 40)), float(rng.uniform(0.5, 6)))
    settings = replace(
        RECIPE.crf, w1=float(rng.uniform(0, 10)), w2=float(rng.uniform(0, 5)), iterations=int(rng.integers(1, 8))
    )
    logits = rng.normal(0, 3, (3, height, width))
    ours = refine(LatticeKernels(pixels, widths), logits, settings)
    reference = refine(PydensecrfKernels(pixels, widths), logits, settings)
    np.testing.assert_allclose(ours, reference, atol=1e-3)
    clear = np.abs(reference - 0.5) > 1e-3
    assert np.array_equal(ours[clear] > 0.5, reference[clear] > 0.5)


@pytest.mark.parametrize("seed", range(6))
def test_mean_field_matches_exact_kernels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = clouds(rng, 12, 12)
    widths = (float(rng.uniform(2, 10)), float(rng.uniform(15, 60)), float(rng.uniform(1, 4)))
    logit = rng.normal(0, 2, (12, 12))
    exact = exact_mean_field(pixels, logit, widths, PLAIN)
    error = np.abs(refine(LatticeKernels(pixels, widths), logit[None], PLAIN)[0] - exact)
    assert error.mean() < 0.04  # the lattice approximates the kernels, not the update
    assert error.mean() < 0.25 * np.abs(expit(logit) - exact).mean()


@pytest.mark.parametrize("backend", [LatticeKernels, pytest.param(PydensecrfKernels, marks=needs_pydensecrf)])
def test_a_clear_lesion_is_cut_along_its_border(backend: type[LatticeKernels | PydensecrfKernels]) -> None:
    rows, columns = np.mgrid[:12, :12]
    disc = np.hypot(rows - 5.5, columns - 5.5) < 4
    pixels = np.where(disc[..., None], (90, 60, 50), (220, 180, 160)).astype(np.uint8)
    logit = np.where(disc, 1.5, -1.5)
    logit.ravel()[::7] *= -1  # every seventh pixel is wrong
    widths = (6.0, 15.0, 1.0)
    exact = exact_mean_field(pixels, logit, widths, PLAIN)
    found = refine(backend(pixels, widths), logit[None], PLAIN)[0]
    assert np.array_equal(exact > 0.5, disc)
    assert np.array_equal(found > 0.5, disc)
    assert np.abs(found - exact).mean() < 0.02


@pytest.mark.parametrize(("dims", "spread"), [(1, 3.0), (2, 1.0), (2, 3.0), (3, 1.0), (5, 0.6)])
def test_the_lattice_averages_as_a_gaussian_does(dims: int, spread: float) -> None:
    rng = np.random.default_rng(dims)
    features = rng.normal(0, spread, (400, dims)).astype(np.float32)
    values = rng.random((400, 2)).astype(np.float32)
    kernel = exact_filter(features.astype(float))
    lattice = Lattice(features)
    averaged = lattice(values) / lattice(np.ones((400, 1), np.float32))
    exact = kernel @ values / kernel.sum(axis=1, keepdims=True)
    assert np.abs(averaged - exact).mean() < 0.01
    assert np.corrcoef(averaged.ravel(), exact.ravel())[0, 1] > 0.9


def test_the_lattice_is_linear_and_channels_do_not_mix() -> None:
    rng = np.random.default_rng(0)
    lattice = Lattice(rng.normal(size=(200, 5)).astype(np.float32))
    a, b = (rng.normal(size=(200, 1)).astype(np.float32) for _ in range(2))
    together = lattice(np.hstack([a, b, 2 * a - b]))
    alone = np.hstack([lattice(a), lattice(b), 2 * lattice(a) - lattice(b)])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_a_backend_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    for name in [name for name in sys.modules if name.split(".")[0] == "pydensecrf"]:
        monkeypatch.delitem(sys.modules, name)
    assert not pydensecrf_is_here()
    with pytest.raises(RecipeError, match='choose the backend "lattice"'):
        build_kernels(noise(np.random.default_rng(0), 16, 16), replace(PLAIN, backend="pydensecrf"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_without_weights_nothing_changes(backend: str) -> None:
    rng = np.random.default_rng(0)
    settings = replace(RECIPE.crf, w1=0, w2=0, backend=backend)
    logits = rng.normal(0, 3, (2, 24, 16)).astype(np.float32)
    refined = drain(build_kernels(noise(rng, 24, 16), settings).infer(logits, settings))
    np.testing.assert_allclose(refined, expit(logits), atol=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_masks_do_not_touch_each_other_and_kernels_can_be_used_again(backend: str) -> None:
    rng = np.random.default_rng(0)
    settings = replace(PLAIN, backend=backend)
    kernels = build_kernels(clouds(rng, 24, 16), settings)
    logits = rng.normal(0, 3, (3, 24, 16)).astype(np.float32)
    together = drain(kernels.infer(logits, settings))
    for one, alone in zip(together, logits, strict=True):
        np.testing.assert_allclose(drain(kernels.infer(alone[None], settings))[0], one, atol=1e-5)


def test_widths_are_scaled_to_the_working_grid() -> None:
    """A photograph enlarged four times is refined as the small one is."""
    rng = np.random.default_rng(0)
    settings = replace(RECIPE.crf, theta_alpha=32, theta_beta=20, theta_gamma=16, w1=3, w2=3)
    pixels, logits = clouds(rng, 32, 32), ndimage.gaussian_filter(rng.normal(0, 9, (1, 32, 32)), (0, 1, 1))
    small = drain(build_kernels(pixels, settings).infer(logits.astype(np.float32), settings))
    pixels, logits = pixels.repeat(4, 0).repeat(4, 1), logits.repeat(4, 1).repeat(4, 2)
    large = drain(build_kernels(pixels, settings).infer(logits.astype(np.float32), settings))
    assert np.abs(large[:, 2::4, 2::4] - small).mean() < 0.02  # 0.16 with widths left as they are


@pytest.mark.parametrize(("backend", "total"), [("lattice", 4), pytest.param("pydensecrf", 3, marks=needs_pydensecrf)])
def test_progress_is_reported_after_each_update_or_mask(backend: str, total: int) -> None:
    settings = replace(RECIPE.crf, iterations=4, backend=backend)
    kernels = build_kernels(noise(np.random.default_rng(0), 16, 16), settings)
    steps: list[Progress] = []
    drain(kernels.infer(np.zeros((3, 16, 16), np.float32), settings), steps.append)
    assert [(step.stage, step.done, step.total) for step in steps] == [
        ("refine", n, total) for n in range(1, total + 1)
    ]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("width", [0.5, 500.0])
def test_the_extremes_that_a_recipe_allows_work(backend: str, width: float) -> None:
    settings = replace(
        RECIPE.crf, theta_alpha=width, theta_beta=width, theta_gamma=width, w1=100, w2=100, backend=backend
    )
    rng = np.random.default_rng(0)
    kernels = build_kernels(noise(rng, 64, 64), settings)
    refined = drain(kernels.infer(rng.normal(0, 12, (1, 64, 64)).astype(np.float32), settings))
    assert ((refined >= 0) & (refined <= 1)).all()


def shift(tones: np.ndarray, soft: float = 0.5, radius: float = 26) -> float:
    """By how many pixels the border of a disc moves out, if the photograph shows this; soft: logit per pixel."""
    rows, columns = np.mgrid[: tones.shape[0], : tones.shape[1]]
    inside = radius - np.hypot(rows - 47.5, columns - 47.5)
    logit = np.float32(np.clip(soft * inside, -12, 12))
    pixels = np.repeat(np.uint8(tones)[..., None], 3, axis=2)
    (q,) = drain(build_kernels(pixels, RECIPE.crf).infer(logit[None], RECIPE.crf))
    return float(np.sqrt((q > 0.5).sum() / np.pi) - np.sqrt((logit > 0).sum() / np.pi))


def test_neither_label_is_preferred() -> None:
    """What was skin, were it lesion, comes out as lesion: the CRF knows only who looks alike and is near."""
    rng = np.random.default_rng(5)
    pixels, logits = clouds(rng, 40, 60), np.float32(rng.normal(0, 4, (3, 40, 60)))
    kernels = build_kernels(pixels, RECIPE.crf)
    q, mirrored = (drain(kernels.infer(one, RECIPE.crf)) for one in (logits, -logits))
    np.testing.assert_allclose(mirrored, 1 - q, atol=1e-4)


def test_a_lesion_shrinks_where_the_photograph_shows_no_edge_and_stays_where_it_does() -> None:
    """So its size is the majority's doing, not the colours'; the recipe's cut makes up for it."""
    rows, columns = np.mgrid[:96, :96]
    distance = np.hypot(rows - 47.5, columns - 47.5)
    plain = np.full((96, 96), 128.0)
    edge = np.where(distance < 26, 90.0, 170.0)
    assert shift(plain) < -1
    assert abs(shift(edge)) < 0.05
    assert abs(shift(ndimage.gaussian_filter(edge, 2))) < 0.35
    assert shift(plain, radius=20) < shift(plain, radius=30) < 0  # the more so, the more it is curved
