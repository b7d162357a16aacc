"""``diffseg evaluate``: compare results with annotated masks, of one set or of several in one table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli.bars import Bars
from engine.cli.options import (
    add_folder_options,
    add_recipe_options,
    new_file,
    pipeline,
    positive,
    recipe,
    refuse_both,
    refuse_split_alone,
    samples,
)
from engine.errors import RecipeError
from engine.records.atomic import write_whole
from engine.study.batch import Failed

if TYPE_CHECKING:
    import argparse

    from engine.evaluation.cases import Cases
    from engine.networks.weights import Model
    from engine.pipeline import Pipeline
    from engine.recipe import Recipe
    from engine.training.data import Sample

HELP = "compare results with annotated masks"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Annotated images, the recipe, and where the figures go."""
    add_folder_options(parser)
    index = "columns id, split, image, mask; instead of folders. Repeatable: several sets in one table"
    parser.add_argument("--index", type=Path, action="append", default=[], metavar="CSV", help=index)
    split = "which split of the index (default: val); repeatable, one for each index in turn"
    parser.add_argument("--split", action="append", default=[], metavar="NAME", help=split)
    parser.add_argument("--json", type=new_file, metavar="FILE", help="also write the figures here")
    page = "also write a page, with photographs of some cases; of one set"
    parser.add_argument("--page", type=new_file, metavar="HTML", help=page)
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N images of each set")
    parser.add_argument(
        "--clicks", type=positive, default=0, metavar="N", help="also simulate a user who scribbles, N clicks an image"
    )
    add_recipe_options(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate, print the figures, and write them as JSON and as a page where asked to."""
    from engine.evaluation.cases import Cases
    from engine.evaluation.page import page
    from engine.evaluation.table import lines, several

    chosen = replace(recipe(options), refine=True)  # both masks are reported
    sets = _sets(options)
    segmenter = pipeline(options)
    cases = Cases() if options.page else None
    reports, complete = _reports(options, segmenter, sets, chosen, cases)
    if not reports:
        return 1
    alone = len(sets) == 1
    report = next(iter(reports.values()))
    try:
        if options.json:
            figures = report if alone else {"sets": reports}
            write_whole(options.json, (json.dumps(figures, indent=2, allow_nan=False) + "\n").encode())
        if cases is not None:
            made_with = _made_with(segmenter.model, chosen)
            write_whole(options.page, page(report, cases.worst(), cases.best(), made_with).encode(errors="replace"))
    finally:  # a disk that is full does not cost the figures
        print("\n".join(lines(report) if alone else several(reports)))
    return 0 if complete else 1


def _sets(options: argparse.Namespace) -> dict[str, list[Sample]]:
    """The annotated images by their set's name: of folders, or of each index. Raises :class:`RecipeError`."""
    refuse_split_alone(options)
    if not options.index:
        return {"": samples(options, "")[: options.limit]}
    refuse_both(options)
    splits = options.split or ["val"]
    if len(splits) not in (1, len(options.index)):
        raise RecipeError("Name one --split for every --index, in the same order, or one for all.")
    if options.page and len(options.index) > 1:
        raise RecipeError("A page shows one set; give --page with one --index.")
    from engine.training.data import from_index

    splits = splits * len(options.index) if len(splits) == 1 else splits
    found = {}
    for index, split in zip(options.index, splits, strict=True):
        folder = index.resolve().parent.name
        name = f"{folder} {split}" if index.stem == "index" else f"{folder}/{index.stem} {split}"
        if name in found:
            raise RecipeError(f"The set {name} is named twice.")
        found[name] = from_index(index, split)[: options.limit]
    return found


def _reports(
    options: argparse.Namespace,
    segmenter: Pipeline,
    sets: dict[str, list[Sample]],
    chosen: Recipe,
    cases: Cases | None,
) -> tuple[dict[str, dict[str, Any]], bool]:
    """Each set's report by name, but of those of which no image could be used; and whether all images could."""
    from engine.evaluation.report import summary
    from engine.evaluation.score import score_samples

    reports, complete = {}, True
    for name, annotated in sets.items():
        scores = []
        with Bars() as bars:
            for outcome in score_samples(segmenter, annotated, chosen, cases, bars.report, options.clicks):
                if isinstance(outcome, Failed):
                    bars.say(f"diffseg: {outcome.error}")
                    complete = False
                else:
                    scores.append(outcome.value)
        if scores:
            reports[name] = summary(scores)
    return reports, complete


def _made_with(model: Model, chosen: Recipe) -> str:
    times = ", ".join(map(str, chosen.noise.timesteps))
    delta = "Otsu's" if chosen.vote.auto else f"{chosen.vote.delta:g}"
    return f"Model {model.name} ({model.sha256[:8]}); timesteps {times}; delta {delta}."
