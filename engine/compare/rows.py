"""The rows of the tables: which trained networks each method needs, and how it reads a photograph with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
from engine.networks.weights import Model, load_model
from engine.pipeline import Pipeline
from engine.recipe import CrfSettings, NoiseSettings, Recipe, VoteSettings
from engine.training.losses import LossConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from engine.compare.readers import Reader
    from engine.networks.registry import Network

ReaderOf: TypeAlias = "Callable[[list[nn.Module], int], Reader]"
"""(trained networks, side of their square) -> reader."""

# DiffSeg's settings in the comparison. They are named here, and no model's own, so that rows keep their meaning.
NOISE = NoiseSettings(timesteps=tuple(range(60, 151, 10)))
TIMESTEPS = len(NOISE.timesteps)
# A network trained here is cut where its loss asked it to be, so that no delta is chosen on the images of the table.
LOSS_DELTA = VoteSettings(LossConfig().delta)
OTSU = replace(LOSS_DELTA, auto=True)  # equation 1 alone names no delta
CRF = CrfSettings(
    w1=4.0, theta_alpha=15.0, theta_beta=5.0, w2=5.0, theta_gamma=3.0, tau=0.03, iterations=5, rounds=3, subset=4,
    side=256,
)  # fmt: skip
PUBLISHED_CRF = replace(CRF, w1=10.0, theta_alpha=80.0, theta_beta=13.0, w2=3.0, theta_gamma=3.0)
SHIPPED = "shipped"


@dataclass(frozen=True)
class Row:
    """One method. plans: names of the networks it needs. passes: of each of them, an image.

    recipes: DiffSeg's settings, by the line that is reported with them; empty for other methods, and for the shipped
    model, which has its own.
    """

    title: str
    plans: tuple[str, ...]
    reader: ReaderOf
    passes: int = 1
    recipes: dict[str, Recipe] = field(default_factory=dict)


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


def _diffseg(title: str, plan: str, recipes: dict[str, Recipe]) -> Row:
    def reader(networks: list[nn.Module], size: int) -> Reader:
        (network,) = networks
        model = Model("compared", "", cast("Network", network), PAIRED)
        return diffseg_reader(Pipeline(model, "cpu"), recipes)

    return Row(title, (plan,), reader, TIMESTEPS, recipes)


def _shipped(networks: list[nn.Module], size: int) -> Reader:
    model = load_model()
    return diffseg_reader(Pipeline(model, "cpu"), _both(model.recipe))


def _both(recipe: Recipe) -> dict[str, Recipe]:
    return {"consensus": replace(recipe, refine=False), "refined": replace(recipe, refine=True)}


ENSEMBLE = ("unet", *(f"unet-{member}" for member in range(1, MEMBERS)))
PAIRED = Recipe(NOISE, LOSS_DELTA, CRF)

ROWS = {
    "baselines": Row("Baseline", (), lambda networks, size: baseline_reader),
    "unet": Row("U-Net", ("unet",), _supervised(each)),
    "dunet": Row("DU-Net", ("dunet",), _supervised(each)),
    "runet": Row("RU-Net", ("runet",), _supervised(each)),
    "attnunet": Row("AttnU-Net", ("attnunet",), _supervised(each)),
    "mc-dropout": Row("U-Net, MC dropout", ("unet",), _supervised(dropout), DROPOUT_PASSES),
    "tta": Row("U-Net, test-time augmentation", ("unet",), _supervised(turned), 8),
    "ensemble": Row(f"U-Net, ensemble of {MEMBERS}", ENSEMBLE, _supervised(each)),
    "diffseg-unpaired": _diffseg(
        "DiffSeg, unpaired (equation 1)", "diffseg-unpaired", _both(replace(PAIRED, vote=OTSU))
    ),
    "diffseg-paired": _diffseg("DiffSeg", "diffseg-paired", _both(PAIRED)),
    "diffseg-published-crf": _diffseg(
        "DiffSeg, published CRF", "diffseg-paired", {"refined": replace(PAIRED, crf=PUBLISHED_CRF)}
    ),
    "unet-pretrained": Row("U-Net, pretrained encoder", ("unet-pretrained",), _supervised(each)),
    "diffseg-pretrained": _diffseg("DiffSeg, pretrained encoder", "diffseg-pretrained", _both(PAIRED)),
    SHIPPED: Row("DiffSeg as shipped", (), _shipped),
}
PRETRAINED = ("unet-pretrained", "diffseg-pretrained")
