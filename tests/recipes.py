"""The settings that tests run with: fixed here, so that no test hangs on what suits the bundled model."""

from __future__ import annotations

from engine.recipe import CrfSettings, NoiseSettings, Recipe, VoteSettings

RECIPE = Recipe(
    NoiseSettings(timesteps=tuple(range(60, 151, 10))),
    VoteSettings(delta=0.13),
    CrfSettings(
        w1=4.0, theta_alpha=15.0, theta_beta=5.0, w2=5.0, theta_gamma=3.0, tau=0.03, iterations=5, rounds=3, subset=4,
        side=256,
    ),
)  # fmt: skip
