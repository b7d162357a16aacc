"""``diffseg compare``: train the paper's comparators and DiffSeg's modes, and write one table."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.bars import Bars
from engine.cli.options import new_file, positive, seed
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    import argparse

HELP = "train other networks and DiffSeg's modes on the same images, and write a table"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The images, the budget, which rows, and where everything goes."""
    parser.add_argument("--index", type=Path, required=True, metavar="CSV", help="columns id, split, image, mask")
    parser.add_argument("--split", default="val", help="which split is evaluated (default: val); train is trained on")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="keeps what is finished, for resuming")
    parser.add_argument("--out", type=new_file, required=True, metavar="FILE", help="the tables, Markdown")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument(
        "--minutes", type=minutes, default=30.0, metavar="M", help="CPU minutes a network (default: 30)"
    )
    budget.add_argument("--steps", type=positive, metavar="N", help="optimiser steps a network, instead")
    parser.add_argument("--rows", type=names, metavar="unet,...", help="only these rows")
    parser.add_argument("--backbone", type=Path, metavar="FILE", help="published weights, for the pretrained rows")
    parser.add_argument("--size", type=positive, default=128, help="side of the square they see, pixels (default: 128)")
    parser.add_argument("--batch", type=positive, default=16, help="images a step (default: 16)")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="of weights, order and noise (default: 0)")
    parser.add_argument("--threads", type=positive, help="CPU threads (default: all)")
    parser.add_argument("--limit", type=positive, metavar="N", help="evaluate only the first N images")


def run(options: argparse.Namespace) -> int:
    """Compare, and write the page once all rows are done."""
    import torch

    from engine.compare.report import page
    from engine.compare.run import Comparison, compare
    from engine.training.loop import Budget

    if options.threads:
        torch.set_num_threads(options.threads)
    request = Comparison(
        options.index,
        options.split,
        options.work,
        options.rows,
        Budget(options.minutes, options.steps),
        options.size,
        options.batch,
        options.seed,
        options.limit,
        options.backbone,
    )
    with Bars() as bars:
        found = compare(request, bars.say, bars.report)
    write_whole(options.out, page(found, _command(options)).encode())
    print(options.out)
    return 0


def _command(options: argparse.Namespace) -> str:
    """The options that decide the result, as one would type them; folders of one machine are left out."""
    given = {"split": options.split, "size": options.size, "batch": options.batch, "seed": options.seed}
    budget = {"steps": options.steps} if options.steps else {"minutes": f"{options.minutes:g}"}
    rest = {"rows": ",".join(options.rows or ()), "threads": options.threads, "limit": options.limit}
    named = {"index": options.index.name, **given, **budget, **{name: value for name, value in rest.items() if value}}
    if options.backbone:
        named["backbone"] = options.backbone.name
    named |= {"work": options.work.name, "out": options.out.name}
    return shlex.join(["diffseg", "compare", *(part for n, v in named.items() for part in (f"--{n}", str(v)))])


def names(text: str) -> tuple[str, ...]:
    """An option's value as a list of names, at least one."""
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if not found:
        raise ValueError
    return found


def minutes(text: str) -> float:
    """An option's value as a finite time above zero."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value
