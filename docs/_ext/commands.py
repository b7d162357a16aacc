"""The reference of the command line, made from the parsers that read it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diffseg_gui.app import main as window
from engine import cli

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands() -> str:
    """Each command with its usage and its options; last the window's."""
    parser = cli.command_line()
    found = [(f"diffseg {name}", one) for name, one in _subcommands(parser)]
    return "\n\n".join(_section(name, one) for name, one in [*found, ("diffseg-gui", window.command_line())])


def _subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            for name, one in action.choices.items():
                one.description = one.description or _sentence(helps[name])
                yield name, one


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    parser.color = False  # type: ignore[attr-defined]  # of Python 3.14: not even where a terminal looks on
    usage = parser.format_usage().removeprefix("usage: ").strip()
    rows = [(_spelled(one, parser), _meaning(one, parser)) for one in parser._actions if one.dest != "help"]
    table = "\n".join(f"| {spelled} | {meaning} |" for spelled, meaning in rows)
    return f"## {name}\n\n{parser.description}\n\n```text\n{usage}\n```\n\n| | |\n| --- | --- |\n{table}"


def _spelled(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    values = parser._get_formatter()._format_args(action, _default_name(action)) if action.nargs != 0 else ""
    return f"`{' '.join([', '.join(action.option_strings), values]).strip()}`".replace("|", "\\|")


def _default_name(action: argparse.Action) -> str:
    return action.dest.upper() if action.option_strings else action.dest


def _meaning(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    return _escaped(parser._get_formatter()._expand_help(action)) if action.help else ""


def _escaped(text: str) -> str:
    for sign in "|*_<[$":
        text = text.replace(sign, f"\\{sign}")
    return text


def _sentence(text: str | None) -> str:
    text = (text or "").strip()
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text
