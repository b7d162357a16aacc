"""``diffseg readers``: test, or fit, what a model's disagreement says of readers' agreement."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.bars import Bars
from engine.cli.options import add_recipe_options, pipeline, positive, recipe
from engine.errors import ModelError

if TYPE_CHECKING:
    import argparse

    from engine.evaluation.readers import Fit

HELP = "test, or fit, how well a model's disagreement predicts that of readers"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Photographs that several readers outlined, and whether to fit."""
    table = "CSV with the columns id, set and dice_mean"
    parser.add_argument("--agreement", type=Path, required=True, metavar="CSV", help=table)
    parser.add_argument("--set", action="append", required=True, metavar="NAME", help="which of its sets; repeatable")
    where = "folder of the photographs; repeatable"
    parser.add_argument("--photographs", type=Path, action="append", required=True, metavar="DIR", help=where)
    parser.add_argument("--fit", action="store_true", help="fit on these, and keep it with the model (needs --model)")
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N photographs")
    add_recipe_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print how well the model's curve predicts; with --fit, how well one does by cross-validation, and keep it."""
    from engine.cli.calibrate import refuse_installed
    from engine.evaluation.readers import cross_validated, fit_curve, outlined, overlaps, scored
    from engine.networks.weights import save_readers

    if options.fit:
        refuse_installed(options.model)
    photographs = outlined(options.agreement, options.photographs, options.set)[: options.limit]
    segmenter = pipeline(options)
    curve = segmenter.model.readers
    if curve is None and not options.fit:
        raise ModelError(f"The model {segmenter.model.name} knows nothing of readers; fit that with --fit.")
    with Bars() as bars:
        x, y = overlaps(segmenter, photographs, recipe(options), bars.report)
    if left_out := len(photographs) - len(x):
        print(
            f"diffseg: no lesion was found on {left_out} of {len(photographs)} photographs; they are left out.",
            file=sys.stderr,
        )
    if options.fit:
        save_readers(options.model, fit_curve(x, y))
        print(_line("cross-validated", cross_validated(x, y)))
    elif curve is not None:
        print(_line("tested", scored(curve, x, y)))
    return 0


def _line(how: str, fit: Fit) -> str:
    spearman = "–" if math.isnan(fit.spearman) else f"{fit.spearman:.3f}"
    return (
        f"{how} on {fit.n} photographs: error {fit.error:.3f}, Spearman {spearman},"
        f" within low and high {fit.coverage:.0%}, which lie {fit.width:.2f} apart"
    )
