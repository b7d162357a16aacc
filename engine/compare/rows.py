"""The rows of the tables: which trained networks each method needs, and how it reads a photograph with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from engine.compare.plans import MEMBERS
from engine.compare.readers import (
    DROPOUT_PASSES,
    Sampler,
    baseline_reader,
    diffseg_reader,
    dropout,
    each,
    probability_reader,
    turned,
)
from engine.errors import RecipeError
from engine.networks.weights import Model, Network, load_model
from engine.pipeline import Pipeline
from engine.recipe import CrfSettings, Recipe, VoteSettings
from engine.training.losses import LossConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from engine.compare.readers import Reader

ReaderOf: TypeAlias = "Callable[[list[nn.Module], int], Reader]"
"""(trained networks, side of their square) -> reader."""

# A network trained here is cut where its loss asked it to be, so that no delta is chosen on the images of the table.
LOSS_DELTA = VoteSettings(LossConfig().delta)
OTSU = VoteSettings(auto=True)  # equation 1 alone names no delta
PUBLISHED_CRF = CrfSettings(w1=10.0, theta_alpha=80.0, theta_beta=13.0, w2=3.0, theta_gamma=3.0)
SHIPPED = "shipped"
TIMESTEPS = len(Recipe().noise.timesteps)


@dataclass(frozen=True)
class Row:
    """One method. plans: names of the networks it needs. passes: of each of them, an image."""

    title: str
    plans: tuple[str, ...]
    reader: ReaderOf
    passes: int = 1


def choose(names: Sequence[str] | None, backbone: bool) -> dict[str, Row]:
    """The rows that were asked for, in the tables' order; None: all that can be made.

    Raises :class:`RecipeError` for an unknown name, or one that needs the backbone's weights where they are not given.
    """
    if names is None:
        names = [name for name in ROWS if backbone or name not in PRETRAINED]
    for name in names:
        if name not in ROWS:
            raise RecipeError(f"There is no row {name!r}; choose from {', '.join(ROWS)}.")
        if name in PRETRAINED and not backbone:
            raise RecipeError(f"The row {name!r} starts from published weights; name their file with --backbone.")
    return {name: row for name, row in ROWS.items() if name in names}


def _supervised(sampler: Callable[[Sequence[nn.Module]], Sampler]) -> ReaderOf:
    return lambda networks, size: probability_reader(sampler(networks), size)


def _diffseg(recipes: dict[str, Recipe]) -> ReaderOf:
    def reader(networks: list[nn.Module], size: int) -> Reader:
        (network,) = networks
        return diffseg_reader(Pipeline(Model("compared", "", cast("Network", network)), "cpu"), recipes)

    return reader


def _shipped(networks: list[nn.Module], size: int) -> Reader:
    return diffseg_reader(Pipeline(load_model(), "cpu"), _both(Recipe()))


def _both(recipe: Recipe) -> dict[str, Recipe]:
    return {"consensus": replace(recipe, refine=False), "refined": replace(recipe, refine=True)}


ENSEMBLE = ("unet", *(f"unet-{member}" for member in range(1, MEMBERS)))
PAIRED = Recipe(vote=LOSS_DELTA)

ROWS = {
    "baselines": Row("Baseline", (), lambda networks, size: baseline_reader),
    "unet": Row("U-Net", ("unet",), _supervised(each)),
    "dunet": Row("DU-Net", ("dunet",), _supervised(each)),
    "runet": Row("RU-Net", ("runet",), _supervised(each)),
    "attnunet": Row("AttnU-Net", ("attnunet",), _supervised(each)),
    "mc-dropout": Row("U-Net, MC dropout", ("unet",), _supervised(dropout), DROPOUT_PASSES),
    "tta": Row("U-Net, test-time augmentation", ("unet",), _supervised(turned), 8),
    "ensemble": Row(f"U-Net, ensemble of {MEMBERS}", ENSEMBLE, _supervised(each)),
    "diffseg-unpaired": Row(
        "DiffSeg, unpaired (equation 1)", ("diffseg-unpaired",), _diffseg(_both(Recipe(vote=OTSU))), TIMESTEPS
    ),
    "diffseg-paired": Row("DiffSeg", ("diffseg-paired",), _diffseg(_both(PAIRED)), TIMESTEPS),
    "diffseg-published-crf": Row(
        "DiffSeg, published CRF",
        ("diffseg-paired",),
        _diffseg({"refined": replace(PAIRED, crf=PUBLISHED_CRF)}),
        TIMESTEPS,
    ),
    "unet-pretrained": Row("U-Net, pretrained encoder", ("unet-pretrained",), _supervised(each)),
    "diffseg-pretrained": Row(
        "DiffSeg, pretrained encoder", ("diffseg-pretrained",), _diffseg(_both(PAIRED)), TIMESTEPS
    ),
    SHIPPED: Row("DiffSeg as shipped", (), _shipped, TIMESTEPS),
}
PRETRAINED = ("unet-pretrained", "diffseg-pretrained")
