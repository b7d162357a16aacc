"""``diffseg bench``: measure time and memory on this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.options import add_model_options, new_file
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    import argparse

HELP = "measure time and memory on this machine"


def add_options(parser: argparse.ArgumentParser) -> None:
    """How thorough, on what, and where the figures go."""
    parser.add_argument("--json", type=new_file, metavar="FILE", help="also write the figures here")
    parser.add_argument("--quick", action="store_true", help="few repeats: about a minute, rough figures")
    parser.add_argument("--image", type=Path, metavar="FILE", help="photograph (default: a bundled one, 6 megapixels)")
    add_model_options(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, print a table, and write the figures as JSON where asked to."""
    from engine.bench.plan import Plan
    from engine.bench.report import table
    from engine.bench.run import bench

    plan = Plan(options.image, options.model, options.device, options.quick)
    found = bench(plan, lambda what: print(f"measuring: {what}", file=sys.stderr, flush=True))
    if options.json:
        write_whole(options.json, (json.dumps(found, indent=2) + "\n").encode())
    print(table(found))
    return 0
