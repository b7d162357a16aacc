"""The command line: ``diffseg segment``, ``info``, ``export``, ``reproduce``, ``evaluate``, ``train`` and others.

Exit codes: 0 all done; 1 some image failed (the others are done, one line on stderr for each failure); 2 wrong usage;
130 interrupted; 141 nobody reads the output any more (as after ``| head``).
One module a command, listed in COMMANDS. The parts that need torch are imported when a command starts, so that
``--help`` and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import shtab

from engine import __version__
from engine.cli import (
    average,
    bench,
    calibrate,
    compare,
    evaluate,
    export,
    familiarity,
    info,
    readers,
    reproduce,
    segment,
    send,
    train,
)
from engine.errors import DeviceError, DiffSegError, RecipeError
from engine.host.choices import model_file

if TYPE_CHECKING:
    from collections.abc import Sequence


class Command(Protocol):
    """What a command's module offers: one line of help, its options, and the work, which returns the exit code."""

    HELP: str

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


COMMANDS: dict[str, Command] = {
    "segment": segment,
    "info": info,
    "export": export,
    "reproduce": reproduce,
    "send": send,
    "evaluate": evaluate,
    "train": train,
    "average": average,
    "calibrate": calibrate,
    "readers": readers,
    "familiarity": familiarity,
    "compare": compare,
    "bench": bench,
}


READER_GONE = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; to a reader that has gone it says nothing more."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name, or Windows' code page, may lack a letter
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except OSError as error:
        gone = error.errno in READER_GONE
        if not gone and error.filename is not None:  # a file: something that no command thought of
            raise
        _let_go()
        if not gone:
            print(f"diffseg: The output cannot be written ({error.strerror}); free some space.", file=sys.stderr)
        return 141 if gone else 1


def _let_go() -> None:
    """Send nowhere what a stream without a reader still holds, for Python flushes once more when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(arguments: Sequence[str] | None) -> int:
    parser = command_line()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (RecipeError, DeviceError) as error:
        parser.error(str(error))
    except DiffSegError as error:
        print(f"diffseg: {error}", file=sys.stderr)
        return 1
    except MemoryError:
        print("diffseg: There is not enough memory; close other programs and try again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("diffseg: stopped; finished images are kept.", file=sys.stderr)
        return 130


def command_line() -> argparse.ArgumentParser:
    """What the program understands; the manual is made from it as well."""
    parser = argparse.ArgumentParser(
        prog="diffseg",
        description="Skin-lesion segmentation by diffusion difference. Research use only; not a medical device.",
        epilog="Exit codes: 0 all done, 1 something failed (stderr says what), 2 wrong usage, 130 interrupted,"
        " 141 nobody reads the output any longer.",
    )
    parser.add_argument("--version", action="version", version=f"diffseg {__version__}")
    shtab.add_argument_to(parser, "--print-completion", help="print the completion for a shell, and end")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.HELP)
        command.add_options(one)
        one.set_defaults(run=command.run)
        for action in one._actions:
            if action.type in (Path, model_file):
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # which is how shtab is told
    return parser
