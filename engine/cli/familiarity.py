"""``diffseg familiarity``: test, or fit, how well a model tells photographs that are no dermoscopy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.bars import Bars
from engine.cli.calibrate import refuse_installed
from engine.cli.options import add_model_option, positive, refuse_split_alone
from engine.errors import ModelError, RecipeError
from engine.study.items import photographs_in

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

HELP = "test, or fit, how well a model recognises what is not a dermoscopy photograph"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Photographs like those that the model was trained on, others, and whether to fit."""
    where = "folder of dermoscopy photographs; repeatable"
    parser.add_argument("--photographs", type=Path, action="append", default=[], metavar="DIR", help=where)
    parser.add_argument("--index", type=Path, metavar="CSV", help="columns id, split, image, mask; instead of folders")
    parser.add_argument("--split", metavar="NAME", help="which split of the index (default: val)")
    others = "folder of pictures that are no dermoscopy; repeatable"
    parser.add_argument("--others", type=Path, action="append", default=[], metavar="DIR", help=others)
    fitting = "fit on the photographs, which are to be the training ones, and keep it with the model (needs --model)"
    parser.add_argument("--fit", action="store_true", help=fitting)
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N photographs")
    add_model_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print how many lie beyond the limit, and how well distance tells others from photographs; with --fit, keep it."""
    from engine.evaluation.familiarity import auroc, features_of, fit
    from engine.networks.weights import load_model, save_familiar

    if options.fit:
        refuse_installed(options.model)
    photographs = _photographs(options)[: options.limit]
    others = [path for folder in options.others for path in photographs_in(folder)]
    model = load_model(options.model)
    known = None if options.fit else model.familiar
    if known is None and not options.fit:
        raise ModelError(f"The model {model.name} does not know its training photographs; fit that with --fit.")
    with Bars() as bars:
        seen = features_of(model, photographs, "photographs", bars.report)
        unlike = features_of(model, others, "others", bars.report) if others else None
    if known is None:
        known = fit(seen)
        save_familiar(options.model, known)
    near = known.distances(seen)
    print(f"limit {known.limit:g}\n{_line('photographs', near > known.limit)}")
    if unlike is not None:
        far = known.distances(unlike)
        print(f"{_line('others', far > known.limit)}  AUROC {auroc(near, far):.3f}")
    return 0


def _line(name: str, beyond: NDArray[np.bool_]) -> str:
    return f"{name:<12} {len(beyond):5}  beyond the limit {beyond.mean():7.1%}"


def _photographs(options: argparse.Namespace) -> list[Path]:
    """Those of the index's split and of the folders. Raises :class:`RecipeError` where none are named."""
    from engine.training.data import from_index

    refuse_split_alone(options)
    found = [path for folder in options.photographs for path in photographs_in(folder)]
    if options.index:
        found += [sample.image for sample in from_index(options.index, options.split or "val")]
    if not found:
        raise RecipeError("Dermoscopy photographs are needed: give --photographs, or --index.")
    return found
