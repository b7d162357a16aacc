"""``diffseg segment``: segment images and write each one's results into a folder."""

from __future__ import annotations

import glob
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.options import add_recipe_options, pipeline, recipe
from engine.errors import DeviceError, DiffSegError, RecipeError
from engine.export import export, folder_for, folder_name
from engine.image import read_image
from engine.progress import drain

if TYPE_CHECKING:
    import argparse

HELP = "segment images and write masks, maps and a sidecar for each"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Images, where the results go, and the recipe."""
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="a photograph: JPEG, PNG, TIFF, BMP or WebP")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="gets a folder for each image")
    parser.add_argument("--no-refine", action="store_true", help="skip DenseCRF; the mask is then the consensus")
    add_recipe_options(parser)


def run(options: argparse.Namespace) -> int:
    """Segment images and write each one's results into OUT/<name>/."""
    chosen = recipe(options)
    if options.no_refine:
        chosen = replace(chosen, refine=False)
    paths = _expand(options.images)
    _check_names(paths)
    segmenter = pipeline(options)
    failures = 0
    for path in paths:
        try:
            image = read_image(path)
            found = drain(segmenter.run(image, chosen))
            folder = folder_for(image, options.out)  # never over another image's results
            export(found, folder)
        except DeviceError:
            raise
        except DiffSegError as error:
            print(f"diffseg: {error}", file=sys.stderr)
            failures += 1
        else:
            print(
                f"{folder}: lesion {int(found.mask.sum())} px, GED {found.consensus.ged:.3f},"
                f" {found.seconds['total']:.1f} s on {found.evidence.device.kind}"
            )
    return 1 if failures else 0


def _expand(names: list[str]) -> list[Path]:
    """Paths, with wildcards resolved where the shell left them (as on Windows)."""
    paths: list[Path] = []
    for name in names:
        matches = sorted(glob.glob(name)) if any(c in name for c in "*?[") and not os.path.exists(name) else []
        paths += [Path(match) for match in matches] or [Path(name)]
    return paths


def _check_names(paths: list[Path]) -> None:
    names = [folder_name(path) for path in paths]
    counts = Counter(name.lower() for name in names)  # upper and lower case are one name on Windows and macOS
    twice = [name for name in names if counts[name.lower()] > 1]
    if twice:
        raise RecipeError(
            f"Several images are named {twice[0]!r} and would overwrite each other's results; rename one."
        )
