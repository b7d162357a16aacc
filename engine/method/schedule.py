"""The forward process of a denoising diffusion model.

    x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps,   alpha_bar_t = prod_{i <= t} (1 - beta_i)

with T = 1000 steps and beta rising linearly from 1e-4 to 0.02 (Ho et al. 2020, section 4). Images live in [-1, 1].
Two functions turn noise into clean-image units, in which one threshold means the same at every timestep:

    x_0 = (x_t - sqrt(1 - alpha_bar_t) eps) / sqrt(alpha_bar_t),   sigma_t = sqrt((1 - alpha_bar_t) / alpha_bar_t)
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

TIMESTEPS = 1000

_BETA = torch.linspace(1e-4, 0.02, TIMESTEPS, dtype=torch.float64)
_ALPHA_BAR = torch.cumprod(1.0 - _BETA, dim=0)


def alpha_bar(t: Tensor) -> Tensor:
    """Return alpha_bar_t as float32 of shape (B, 1, 1, 1), for integer timesteps t in 1..1000 of shape (B,).

    Raises ValueError for others on the CPU; on a GPU, where asking would mean waiting, torch's own error comes later.
    """
    if t.device.type == "cpu" and t.numel() and (int(t.min()) < 1 or int(t.max()) > TIMESTEPS):
        raise ValueError(f"timesteps lie in 1..{TIMESTEPS}, got {int(t.min())}..{int(t.max())}")
    return _table(t.device).index_select(0, t - 1).view(-1, 1, 1, 1)


@cache
def _table(device: torch.device) -> Tensor:
    """Every alpha_bar_t on a device: so that a GPU is not waited for, nor asked whether a timestep is in range."""
    return _ALPHA_BAR.float().to(device)


def sigma(t: Tensor) -> Tensor:
    """Return sigma_t, float32 (B, 1, 1, 1): the noise's standard deviation measured in clean-image units."""
    a = alpha_bar(t)
    return ((1 - a) / a).sqrt()


def add_noise(x_0: Tensor, t: Tensor, eps: Tensor) -> Tensor:
    """Forward noising: x_t for clean images x_0 and noise eps (B, 3, H, W) at timesteps t (B,)."""
    a = alpha_bar(t)
    return a.sqrt() * x_0 + (1 - a).sqrt() * eps


def clean_image(x_t: Tensor, t: Tensor, eps: Tensor) -> Tensor:
    """Invert :func:`add_noise` for a known or predicted eps: the clean image that (x_t, eps) imply."""
    a = alpha_bar(t)
    return (x_t - (1 - a).sqrt() * eps) / a.sqrt()


def noise_of(x_t: Tensor, t: Tensor, x_0: Tensor) -> Tensor:
    """Invert :func:`add_noise` for a known or predicted clean image: the noise that (x_t, x_0) imply."""
    a = alpha_bar(t)
    return (x_t - a.sqrt() * x_0) / (1 - a).sqrt()
