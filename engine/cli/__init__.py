"""The command line: ``diffseg segment``, ``diffseg evaluate``, ``diffseg train``, ``diffseg compare``,
``diffseg bench``.

Exit codes: 0 all done; 1 some image failed (the others are done, one line on stderr for each failure); 2 wrong usage;
130 interrupted.
One module a command, listed in COMMANDS. The parts that need torch are imported when a command starts, so that
``--help`` and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Protocol

from engine import __version__
from engine.cli import bench, calibrate, compare, evaluate, segment, train
from engine.errors import DeviceError, DiffSegError, RecipeError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Command(Protocol):
    """What a command's module offers: one line of help, its options, and the work, which returns the exit code."""

    HELP: str

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


COMMANDS: dict[str, Command] = {
    "segment": segment,
    "evaluate": evaluate,
    "train": train,
    "calibrate": calibrate,
    "compare": compare,
    "bench": bench,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (RecipeError, DeviceError) as error:
        parser.error(str(error))
    except DiffSegError as error:
        print(f"diffseg: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("diffseg: stopped; finished images are kept.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diffseg",
        description="Skin-lesion segmentation by diffusion difference. Research use only; not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"diffseg {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.HELP)
        command.add_options(one)
        one.set_defaults(run=command.run)
    return parser
