"""``diffseg calibrate``: fit what makes a model's votes probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cli.bars import Bars
from engine.cli.options import (
    add_recipe_options,
    add_sample_options,
    pipeline,
    positive,
    recipe,
    refuse_split_alone,
    samples,
)
from engine.errors import ModelError
from engine.host.resources import ROOT

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from engine.method.probability import Softening

HELP = "fit a model's vote probabilities to annotated images, and keep them with the model"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Annotated images that the model was not trained on, and with which settings it votes."""
    add_sample_options(parser)
    parser.add_argument("--split", metavar="NAME", help="which split of the index (default: val)")
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N images")
    parser.add_argument(
        "--kind",
        choices=("roots", "temperatures"),
        default="roots",
        help="two numbers for all timesteps, or one temperature for each (default: roots)",
    )
    add_recipe_options(parser, model_required=True)


def run(options: argparse.Namespace) -> int:
    """Fit, write the numbers into the model's description, and print them."""
    from engine.evaluation.calibrate import calibrate
    from engine.networks.weights import save_softening

    refuse_installed(options.model)
    refuse_split_alone(options)
    chosen = recipe(options)
    annotated = samples(options, options.split or "val")[: options.limit]
    with Bars() as bars:
        fitted = calibrate(pipeline(options), annotated, chosen, options.kind, bars.report)
    save_softening(options.model, fitted)
    print("\n".join(f"{name:<8}  {value:g}" for name, value in _numbers(fitted)))
    return 0


def _numbers(softening: Softening) -> list[tuple[str, float]]:
    """What was fitted, by name."""
    from engine.method.probability import Roots

    if isinstance(softening, Roots):
        return [("slope", softening.slope), ("damping", softening.damping)]
    return [(f"t = {t}", one) for t, one in zip(softening.timesteps, softening.temperatures, strict=True)]


def refuse_installed(model: Path | None) -> None:
    """Raise :class:`ModelError` where what is fitted could be kept with no model, or with one of the program's own.

    Of what is kept with the latter an update, or another user, would not know.
    """
    if model is None:
        raise ModelError("Fitting needs --model; copy the model to another folder, and name the copy.")
    if model.resolve().is_relative_to(ROOT.resolve()):
        raise ModelError(
            f"The model {model} belongs to the installed program; copy it and {model.with_suffix('.json').name} to"
            " another folder, and name the copy with --model."
        )
