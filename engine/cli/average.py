"""``diffseg average``: the mean of several models' weights, as a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cli.options import safetensors
from engine.errors import RecipeError

if TYPE_CHECKING:
    import argparse

HELP = "write the mean of the weights of several models that were trained from the same one"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which models, and where their mean goes."""
    parser.add_argument("models", type=safetensors, nargs="+", metavar="MODEL", help="two or more .safetensors files")
    parser.add_argument(
        "--out", type=safetensors, required=True, metavar="FILE", help="a new file, ends in .safetensors"
    )
    parser.add_argument(
        "--licence", metavar="TEXT", help="under which others may use the mean, a line kept in its description"
        " (default: that of the models, where it is the same)"
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Read the models, write their mean."""
    if len(options.models) < 2:
        raise RecipeError("A mean is of several; name two models or more.")
    from engine.training.average import average

    average(options.models, options.out, options.licence)
    return 0
