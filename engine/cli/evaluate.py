"""``diffseg evaluate``: compare results with annotated masks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.bars import Bars
from engine.cli.options import add_recipe_options, add_sample_options, pipeline, positive, recipe, samples
from engine.records.atomic import write_whole
from engine.study.batch import Failed

if TYPE_CHECKING:
    import argparse

    from engine.networks.weights import Model
    from engine.recipe import Recipe

HELP = "compare results with annotated masks"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Annotated images, the recipe, and where the figures go."""
    add_sample_options(parser)
    parser.add_argument("--split", default="val", help="which split of the index (default: val)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--page", type=Path, metavar="HTML", help="also write a page, with photographs of some cases")
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N images")
    parser.add_argument(
        "--clicks", type=positive, default=0, metavar="N", help="also simulate a user who scribbles, N clicks an image"
    )
    add_recipe_options(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate, print the figures, and write them as JSON and as a page where asked to."""
    from engine.evaluation.cases import Cases
    from engine.evaluation.page import page
    from engine.evaluation.report import summary
    from engine.evaluation.score import score_samples
    from engine.evaluation.table import lines

    chosen = replace(recipe(options), refine=True)  # both masks are reported
    annotated = samples(options, options.split)[: options.limit]
    segmenter = pipeline(options)
    cases = Cases() if options.page else None
    scores = []
    with Bars() as bars:
        for outcome in score_samples(segmenter, annotated, chosen, cases, bars.report, options.clicks):
            if isinstance(outcome, Failed):
                bars.say(f"diffseg: {outcome.error}")
            else:
                scores.append(outcome.value)
    if not scores:
        return 1
    report = summary(scores)
    try:
        if options.json:
            write_whole(options.json, (json.dumps(report, indent=2, allow_nan=False) + "\n").encode())
        if cases is not None:
            made_with = _made_with(segmenter.model, chosen)
            write_whole(options.page, page(report, cases.worst(), cases.best(), made_with).encode(errors="replace"))
    finally:  # a disk that is full does not cost the figures
        print("\n".join(lines(report)))
    return 0 if len(scores) == len(annotated) else 1


def _made_with(model: Model, chosen: Recipe) -> str:
    times = ", ".join(map(str, chosen.noise.timesteps))
    delta = "Otsu's" if chosen.vote.auto else f"{chosen.vote.delta:g}"
    return f"Model {model.name} ({model.sha256[:8]}); timesteps {times}; delta {delta}."
