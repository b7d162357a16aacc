"""``diffseg reproduce``: run results again and say whether their masks are the same to the bit."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from engine.cli.failures import Failures
from engine.cli.results import add_result_options, photographs, result_folders
from engine.host.choices import DEVICES, model_file
from engine.host.resources import default_model, models
from engine.study.batch import outcomes

if TYPE_CHECKING:
    import argparse

    from engine.networks.weights import Model
    from engine.pipeline import Pipeline

HELP = "run results again and say whether their masks are the same to the bit"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Results, where their photographs lie, the model and the device."""
    add_result_options(parser)
    which = "a .safetensors file, or a bundled model's name (default: of each result the bundled model that made it)"
    parser.add_argument("--model", type=model_file, metavar="MODEL", help=which)
    device = "default: each result's own, where this machine has it, or else the CPU"
    parser.add_argument("--device", choices=DEVICES, help=device)


def run(options: argparse.Namespace) -> int:
    """Say of each result, in a line, whether its mask is the same again, and if not, why."""
    from engine.host.device import available, choose
    from engine.networks.description import read_description
    from engine.networks.weights import load_model
    from engine.study.reproducing import repeat

    where, folders = photographs(options), result_folders(options.results)
    if options.device:
        choose(options.device)  # a device that is not there is wrong usage
    load, there = cache(load_model), available()
    if options.model:
        load(options.model)  # what is wrong with it is said once
    bundled = {} if options.model else {read_description(path).sha256: path for path in models()}
    pipeline_on = cache(lambda model, kind: _pipeline(model, options.device or (kind if kind in there else "cpu")))
    work = partial(
        repeat,
        where=where,
        model_of=lambda sha256: load(options.model or bundled.get(sha256, default_model())),
        pipeline_on=pipeline_on,
    )
    failures, others = Failures(), 0
    for done in failures.done(outcomes(folders, work, lambda folder: folder)):
        print(f"{done.item}: {done.value.words}")
        others += not done.value.same
    return 1 if others or failures.count else 0


def _pipeline(model: Model, device: str) -> Pipeline:
    from engine.pipeline import Pipeline

    return Pipeline(model, device)
