"""``diffseg segment``: segment images and write each one's results into a folder."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli.failures import Failures
from engine.cli.options import add_recipe_options, new_file, photographs, pipeline, positive, recipe
from engine.cli.results import Filings, add_filing_options, add_style_options, chosen_formats, style
from engine.errors import ExportError, RecipeError
from engine.method.familiarity import UNFAMILIAR
from engine.photograph.read import read_image
from engine.photograph.readers import formats
from engine.progress import drain
from engine.recipe import Recipe
from engine.records.atomic import write_whole
from engine.records.export import export, export_formats
from engine.records.folders import folder_for
from engine.records.reading_back import damage_said, read_record, sidecar_in
from engine.records.sidecar import read_scribbles, read_sidecar
from engine.records.table import csv_table, row, xlsx_table
from engine.records.writers import writers
from engine.records.writers.masks import MASK
from engine.study.batch import outcomes

if TYPE_CHECKING:
    import argparse

    from engine.photograph.image import SkinImage
    from engine.pipeline import Pipeline
    from engine.records.writer import Writer
    from engine.scribbles import Scribbles

HELP = "segment images and write masks, maps and a sidecar for each"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Images, where the results go, and the recipe."""
    kinds = f"a photograph ({formats()}), or a folder of such"
    parser.add_argument("images", nargs="+", metavar="IMAGE", help=kinds)
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="gets a folder for each image")
    parser.add_argument(
        "--frame", type=positive, metavar="N", help="which photograph of files that hold several (default: the first)"
    )
    parser.add_argument("--no-refine", action="store_true", help="skip DenseCRF; the mask is then the consensus")
    resume = (
        "skip images that have a result by this model and recipe already; of what --also names, write there what is"
        " missing, and DICOM files and reports anew"
    )
    parser.add_argument("--resume", action="store_true", help=resume)
    optional = ", ".join(name for name, writer in writers().items() if not writer.standard)
    parser.add_argument(
        "--also", type=chosen_formats, default=(), metavar="FORMAT[,…]", help=f"write these formats as well: {optional}"
    )
    add_filing_options(parser)
    add_style_options(parser)
    scribbles = "follow the scribbles of a result.json, on its own photograph"
    parser.add_argument("--scribbles", type=Path, metavar="JSON", help=scribbles)
    table = "also write a table, a row for each image, as CSV or, if the name ends in .xlsx, for Excel"
    parser.add_argument("--table", type=new_file, metavar="FILE", help=table)
    add_recipe_options(parser)


def run(options: argparse.Namespace) -> int:
    """Segment images and write each one's results into OUT/<name>/."""
    chosen = recipe(options)
    if options.no_refine:
        chosen = replace(chosen, refine=False)
    paths = photographs(options.images)
    work = partial(_segment, segmenter=pipeline(options), chosen=chosen, filings=Filings(options), options=options)
    failures, folders = Failures(), []
    try:
        for done in failures.done(outcomes(paths, work, lambda path: path)):
            folders.append(done.value)  # one by one: the table holds what was done before a stop
    finally:
        if options.table:
            _table(options.table, list(dict.fromkeys(folders)), failures)  # copies of a photograph have one result
    return 1 if failures.count else 0


def _segment(path: Path, segmenter: Pipeline, chosen: Recipe, filings: Filings, options: argparse.Namespace) -> Path:
    """Write one image's results and say so in a line; the folder where they are."""
    image = read_image(path, None if options.frame is None else options.frame - 1)
    if image.frame is not None and options.frame is None:
        print(f"diffseg: {path}: this is the first of {image.about.frames} frames.", file=sys.stderr)
    for note in image.about.notes:
        print(f"diffseg: {path}: {note}.", file=sys.stderr)
    scribbles = read_scribbles(options.scribbles, image) if options.scribbles else ()
    folder = folder_for(image, options.out)  # never over another image's results
    earlier = read_sidecar(folder)
    by_hand = earlier is not None and _has_persons_work(earlier, scribbles)
    if by_hand and not options.resume:
        raise ExportError(
            f"{folder} holds what a person made of {path.name}; add --resume to leave it as it is, or choose another"
            " --out."
        )
    if earlier is not None and options.resume and (by_hand or _is_there(folder, earlier, segmenter, chosen, scribbles)):
        what = "a person worked on it; left as it is" if by_hand else "is there already"
        print(f"{folder}: {what}{_more(folder, earlier, image, filings, options)}")
        return folder
    filed = filings.of(image)
    found = drain(segmenter.run(image, chosen, scribbles))
    export(found, folder, also=options.also, filing=filed, style=style(options))
    print(
        f"{folder}: lesion {int(found.mask.sum())} px, GED {found.consensus.ged:.3f},"
        f" {found.seconds['total']:.1f} s on {found.evidence.device.kind}"
    )
    if found.out_of_depth:
        print(f"diffseg: {path} {UNFAMILIAR}.", file=sys.stderr)
    return folder


def _has_persons_work(earlier: dict[str, Any], scribbles: Scribbles) -> bool:
    """Whether a person corrected, judged or scribbled on a result, other than by the scribbles that were named now."""
    drawn = earlier.get("scribbles", [])
    return earlier.get("reading") is not None or bool(drawn and drawn != [one.to_json() for one in scribbles])


def _is_there(folder: Path, earlier: dict[str, Any], segmenter: Pipeline, chosen: Recipe, scribbles: Scribbles) -> bool:
    """Whether a folder holds what would be written: of this model, recipe and scribbles, in all standard formats."""
    same = earlier.get("scribbles", []) == [scribble.to_json() for scribble in scribbles]
    standard = (writer for writer in writers().values() if writer.standard)
    whole = (folder / MASK).is_file() and all(_holds(folder, writer, earlier) for writer in standard)
    return same and whole and _made_by(earlier, segmenter, chosen)


def _holds(folder: Path, writer: Writer, earlier: dict[str, Any]) -> bool:
    patterns = writer.leftovers_of(str(earlier["image"].get("file", "")))
    return any(any(folder.glob(pattern)) for pattern in patterns)


def _more(
    folder: Path, earlier: dict[str, Any], image: SkinImage, filings: Filings, options: argparse.Namespace
) -> str:
    """Write further formats of the result in a folder: missing ones, and those that look as it is chosen each time.

    Returns which, in words.
    """
    wanted = [(name, writers()[name]) for name in options.also]
    names = [name for name, one in wanted if one.filed or one.styled or not _holds(folder, one, earlier)]
    if not names:
        return ""
    record = replace(read_record(folder, image), filing=filings.of(image), style=style(options))
    with damage_said(folder):
        export_formats(record, options.out, names, folder)
    return f"; {', '.join(names)} written"


def _made_by(made: dict[str, Any], segmenter: Pipeline, chosen: Recipe) -> bool:
    """Whether a sidecar is of this model, recipe and softening; one of format 0 says nothing of the last."""
    try:
        recipe, sha256 = Recipe.from_json(made["recipe"]), made["model"]["sha256"]
    except (RecipeError, KeyError, TypeError):
        return False
    softening = segmenter.model.softening
    wanted = chosen, segmenter.model.sha256, softening and softening.to_json()
    return wanted == (recipe, sha256, made.get("softening", wanted[2]))


def _table(path: Path, folders: list[Path], failures: Failures) -> None:
    """Write a row for each result in these folders, but damaged ones, as CSV or, where the name ends so, as XLSX.

    Without any, an earlier table stays.
    """
    rows = [done.value for done in failures.done(outcomes(folders, _row, lambda folder: folder))]
    if rows:
        write_whole(path, (xlsx_table if path.suffix.lower() == ".xlsx" else csv_table)(rows))


def _row(folder: Path) -> dict[str, Any]:
    with damage_said(folder):
        return {"folder": str(folder), **row(sidecar_in(folder))}
