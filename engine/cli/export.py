"""``diffseg export``: write results that are there already in more formats."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli.failures import Failures
from engine.cli.results import (
    Filings,
    add_filing_options,
    add_result_options,
    add_style_options,
    chosen_formats,
    photographs,
    result_folders,
    style,
)
from engine.records.atomic import write_whole
from engine.records.export import export_formats
from engine.records.reading_back import damage_said, read_record, sidecar_in
from engine.records.writer import Collection
from engine.records.writers import writers
from engine.study.batch import outcomes

if TYPE_CHECKING:
    import argparse

    from engine.study.finding import Photographs

HELP = "write results that are there already in more formats"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Results, formats, and where the files go."""
    add_result_options(parser)
    known = ", ".join(writers())
    parser.add_argument(
        "--to", type=chosen_formats, required=True, metavar="FORMAT[,…]", help=f"which formats: {known}"
    )
    add_style_options(parser)
    where = "gets a folder for each result; a table or a COCO file of all results lies in it itself"
    add_filing_options(parser)
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help=where)


def run(options: argparse.Namespace) -> int:
    """Write each result into OUT/<name>/, and collections of all of them into OUT."""
    chosen = [writers()[name] for name in options.to]
    together = [writer for writer in chosen if isinstance(writer, Collection)]
    alone = [writer.name for writer in chosen if not isinstance(writer, Collection)]
    where = photographs(options) if any(writer.needs_photograph for writer in chosen) else None
    work = partial(_export, where=where, alone=alone, together=together, filings=Filings(options), options=options)
    failures = Failures()
    found = outcomes(result_folders(options.results), work, lambda folder: folder)
    parts = [done.value for done in failures.done(found)]
    for number, writer in enumerate(together if parts else ()):
        write_whole(options.out / writer.file, writer.whole([part[number] for part in parts]))
        print(f"{options.out / writer.file}: {len(parts)} photograph{'s' if len(parts) > 1 else ''}")
    return 1 if failures.count else 0


def _export(
    folder: Path,
    where: Photographs | None,
    alone: list[str],
    together: list[Collection],
    filings: Filings,
    options: argparse.Namespace,
) -> list[dict[str, Any]]:
    """Write one result's own files and say so in a line; returns what it contributes to each collection."""
    with damage_said(folder):
        record = read_record(folder, where.find(folder, sidecar_in(folder)) if where else None)
        record = replace(record, filing=filings.of(record.found.image), style=style(options))
        parts = [writer.part(record) for writer in together]
        within = export_formats(record, options.out, alone, folder) if alone else None
    if within:
        print(f"{folder}: {', '.join(alone)} in {within}")
    return parts
