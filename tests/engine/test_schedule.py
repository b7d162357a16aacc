"""The forward process, against its definition."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.method.schedule import TIMESTEPS, add_noise, alpha_bar, clean_image, noise_of, sigma

timesteps = st.integers(1, TIMESTEPS)


def product(t: int) -> float:
    """alpha_bar_t multiplied out, beta rising linearly from 1e-4 to 0.02 over 1000 steps."""
    return math.prod(1 - (1e-4 + (0.02 - 1e-4) * i / 999) for i in range(t))


@given(timesteps)
def test_alpha_bar_is_the_product_of_what_each_step_keeps(t: int) -> None:
    assert alpha_bar(torch.tensor([t])).item() == pytest.approx(product(t), rel=1e-5)


@given(timesteps)
def test_sigma_is_the_noise_to_signal_ratio(t: int) -> None:
    assert sigma(torch.tensor([t])).item() == pytest.approx(math.sqrt(1 / product(t) - 1), rel=1e-3)


@pytest.mark.parametrize("t", [1, 60, 150, 500, 1000])
def test_noised_images_have_the_right_mean_and_variance(t: int) -> None:
    pixels = 512 * 512
    eps = torch.randn(1, 1, 512, 512, generator=torch.Generator().manual_seed(t), dtype=torch.float64)
    x_t = add_noise(torch.full_like(eps, 0.7), torch.tensor([t]), eps)
    mean, variance = math.sqrt(product(t)) * 0.7, 1 - product(t)
    assert x_t.mean().item() == pytest.approx(mean, abs=5 * math.sqrt(variance / pixels))  # five standard errors
    assert x_t.var().item() == pytest.approx(variance, rel=5 * math.sqrt(2 / pixels))


def drawn(ts: list[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Images in [-1, 1] and noise (N, 3, 8, 8) for timesteps, which come as a tensor."""
    generator = torch.Generator().manual_seed(sum(ts))
    x = torch.rand(len(ts), 3, 8, 8, generator=generator) * 2 - 1
    return x, torch.randn(x.shape, generator=generator), torch.tensor(ts)


@given(st.lists(timesteps, min_size=1, max_size=4))
def test_clean_image_undoes_add_noise(ts: list[int]) -> None:
    x, eps, t = drawn(ts)
    error = (clean_image(add_noise(x, t, eps), t, eps) - x).abs().amax(dim=(1, 2, 3))
    assert (error * alpha_bar(t).sqrt().flatten() < 1e-5).all()  # float32's error grows as the signal fades


@given(st.lists(timesteps, min_size=1, max_size=4))
def test_noise_follows_from_the_clean_image(ts: list[int]) -> None:
    x, eps, t = drawn(ts)
    error = (noise_of(add_noise(x, t, eps), t, x) - eps).abs().amax(dim=(1, 2, 3))
    assert (error * (1 - alpha_bar(t)).sqrt().flatten() < 1e-5).all()  # and here as the noise does


@pytest.mark.parametrize("t", [[0], [-5], [1001], [60, 2000]])
def test_a_timestep_outside_the_schedule_is_refused(t: list[int]) -> None:
    with pytest.raises(ValueError, match=r"1\.\.1000"):
        alpha_bar(torch.tensor(t))
