"""``diffseg reproduce``: run results again and say whether their masks are the same to the bit."""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.results import add_result_options, photographs, result_folders
from engine.host.choices import DEVICES
from engine.study.batch import Failed, outcomes

if TYPE_CHECKING:
    import argparse

    from engine.networks.weights import Model
    from engine.pipeline import Pipeline

HELP = "run results again and say whether their masks are the same to the bit"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Results, where their photographs lie, the model and the device."""
    add_result_options(parser)
    parser.add_argument("--model", type=Path, metavar="FILE", help="a .safetensors file (default: the bundled model)")
    device = "default: each result's own, where this machine has it, or else the CPU"
    parser.add_argument("--device", choices=DEVICES, help=device)


def run(options: argparse.Namespace) -> int:
    """Say of each result, in a line, whether its mask is the same again, and if not, why."""
    from engine.host.device import available, choose
    from engine.networks.weights import load_model
    from engine.study.reproducing import repeat

    where, folders = photographs(options), result_folders(options.results)
    if options.device:
        choose(options.device)  # a device that is not there is wrong usage
    model, there = load_model(options.model), available()
    pipeline_on = cache(lambda kind: _pipeline(model, options.device or (kind if kind in there else "cpu")))
    work = partial(repeat, where=where, model=model, pipeline_on=pipeline_on)
    others = 0
    for outcome in outcomes(folders, work, lambda folder: folder):
        if isinstance(outcome, Failed):
            print(f"diffseg: {outcome.error}", file=sys.stderr)
            others += 1
        else:
            print(f"{outcome.item}: {outcome.value.words}")
            others += not outcome.value.same
    return 1 if others else 0


def _pipeline(model: Model, device: str) -> Pipeline:
    from engine.pipeline import Pipeline

    return Pipeline(model, device)
