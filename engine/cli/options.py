"""Options that several commands share, and what is made from them."""

from __future__ import annotations

import argparse
import glob
import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import RecipeError
from engine.host.choices import DEVICES, DEVICES_HELP, model_file
from engine.host.resources import default_model, models
from engine.photograph.files import in_order
from engine.recipe import parse_timesteps, read_recipe
from engine.study.items import photographs_in

if TYPE_CHECKING:
    from engine.networks.weights import Model
    from engine.pipeline import Pipeline
    from engine.recipe import Recipe
    from engine.training.data import Sample

NOT_SEARCHED = "the folders in it are not searched"


def add_recipe_options(parser: argparse.ArgumentParser, *, model_required: bool = False) -> None:
    """A recipe, the settings that win over it, and the model and device that carry it out."""
    parser.add_argument(
        "--recipe", type=Path, metavar="FILE", help="settings as JSON or a result.json; options override it, and what"
        " it leaves out is the model's own"
    )  # fmt: skip
    timesteps = "first:last:step or a comma-separated list (default: the model's own)"
    parser.add_argument("--timesteps", metavar="60:150:10", help=timesteps)
    delta = "threshold on the difference (default: the model's own), or auto (Otsu's)"
    parser.add_argument("--delta", metavar="X|auto", help=delta)
    parser.add_argument("--seed", type=seed, metavar="N", help="of the noise (default: the model's own)")
    add_model_options(parser, required=model_required)


def add_model_options(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Which model, on which device."""
    parser.add_argument("--device", choices=DEVICES, default="auto", help=DEVICES_HELP)
    add_model_option(parser, required=required)


def add_model_option(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Which model."""
    own = "a .safetensors file"
    names = ", ".join(path.stem for path in models())
    which = own if required else f"{own}, or a bundled model's name: {names} (default: {default_model().stem})"
    parser.add_argument(
        "--model", type=model_file, metavar="FILE" if required else "MODEL", required=required, help=which
    )


def add_sample_options(parser: argparse.ArgumentParser) -> None:
    """Annotated images: two folders, or an index."""
    add_folder_options(parser)
    parser.add_argument("--index", type=Path, metavar="CSV", help="columns id, split, image, mask; instead of folders")


def add_folder_options(parser: argparse.ArgumentParser) -> None:
    """Annotated images in two folders."""
    parser.add_argument("--images", type=Path, metavar="DIR", help="photographs")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="their masks, as NAME or NAME_segmentation")


def recipe(options: argparse.Namespace) -> Recipe:
    """The model's own recipe, changed by the recipe file and then by the options that were given.

    Raises :class:`RecipeError`, and :class:`ModelError` where the model's description cannot be read.
    """
    from engine.networks.description import read_description

    own = read_description(options.model or default_model()).recipe
    chosen = read_recipe(options.recipe, own) if options.recipe else own
    if options.timesteps is not None:
        chosen = replace(chosen, noise=replace(chosen.noise, timesteps=parse_timesteps(options.timesteps)))
    if options.seed is not None:
        chosen = replace(chosen, noise=replace(chosen.noise, seed=options.seed))
    if options.delta == "auto":
        chosen = replace(chosen, vote=replace(chosen.vote, auto=True))
    elif options.delta is not None:
        try:
            chosen = replace(chosen, vote=replace(chosen.vote, delta=float(options.delta), auto=False))
        except ValueError:
            raise RecipeError(f"delta {options.delta!r} is neither a number nor 'auto'.") from None
    return chosen


def pipeline(options: argparse.Namespace) -> Pipeline:
    """The chosen model on the chosen device. Raises :class:`DeviceError` or :class:`ModelError`."""
    from engine.host.device import choose
    from engine.networks.weights import load_model
    from engine.pipeline import Pipeline

    choose(options.device)  # a device that is not there is wrong usage, said before any image is read
    model = load_model(options.model)
    if options.recipe:
        _tell_other_model(options.recipe, model)
    return Pipeline(model, options.device)


def _tell_other_model(path: Path, model: Model) -> None:
    """One line where the recipe is a sidecar that another model made: it gives the settings, not the masks again."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        made = json.loads(path.read_text(encoding="utf-8-sig"))["model"]
        if made["sha256"] != model.sha256:
            theirs, ours = f"{made['name']} ({made['sha256'][:8]})", f"{model.name} ({model.sha256[:8]})"
            print(f"diffseg: {path} was made with the model {theirs}, not {ours}; masks will differ.", file=sys.stderr)


def samples(options: argparse.Namespace, split: str) -> list[Sample]:
    """The annotated images that were named: of a split of the index, or of two folders."""
    from engine.training.data import from_folders, from_index

    refuse_both(options)
    if options.index:
        return from_index(options.index, split)
    if options.images and options.masks:
        found = from_folders(options.images, options.masks)
        _tell_left_out(options, found)
        return found
    raise RecipeError("Annotated images are needed: give --images and --masks, or --index.")


def refuse_both(options: argparse.Namespace) -> None:
    """Raise :class:`RecipeError` where annotated images are named in two ways, of which one would be ignored."""
    if options.index and (options.images or options.masks):
        raise RecipeError("--index names its own images and masks; leave out --images and --masks.")


def refuse_split_alone(options: argparse.Namespace) -> None:
    """Raise :class:`RecipeError` where a split is named of no index: all images would be taken in its stead."""
    if options.split and not options.index:
        raise RecipeError("--split names a part of an index; give --index, or leave it out.")


def _tell_left_out(options: argparse.Namespace, found: list[Sample]) -> None:
    """One line where photographs have no mask; with both in one folder, nobody knows which files are photographs."""
    if options.images.resolve() == options.masks.resolve():
        return
    names = {path.name for path in photographs_in(options.images)}
    without = sorted(names - {sample.image.name for sample in found})
    if without:
        said = f"{len(without)} of {len(names)} photographs have no mask in {options.masks}"
        print(f"diffseg: {said} and are left out (first: {without[0]}).", file=sys.stderr)


def photographs(names: list[str]) -> list[Path]:
    """Paths, each once: a folder's photographs, and wildcards resolved where the shell left them (as on Windows).

    Raises :class:`RecipeError` for a folder that holds none.
    """
    paths: list[Path] = []
    for name in names:
        if os.path.isdir(name):
            paths += _inside(Path(name))
            continue
        matches = glob.glob(name) if any(c in name for c in "*?[") and not os.path.exists(name) else []
        paths += in_order(map(Path, matches)) or [Path(name)]
    return list(dict.fromkeys(paths))


def _inside(folder: Path) -> list[Path]:
    """A folder's photographs; says that those of its folders are none of them, which many would expect."""
    inside, further = photographs_in(folder), any(path.is_dir() for path in folder.glob("[!.]*"))
    if not inside:
        also = f" ({NOT_SEARCHED})" if further else ""
        raise RecipeError(f"{folder} holds no image{also}; name a folder that does, or the images themselves.")
    if further:
        print(f"diffseg: {folder}: {NOT_SEARCHED}.", file=sys.stderr)
    return inside


def positive(text: str) -> int:
    """An option's value as an integer above zero."""
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def new_file(text: str) -> Path:
    """An option's value as the name of a file to write, which a folder cannot be; said before any work."""
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder; name a file in it")
    return path


def seed(text: str) -> int:
    """An option's value as a seed that every source of noise takes, 0 .. 2**31 - 1."""
    value = int(text)
    if not 0 <= value < 2**31:
        raise ValueError
    return value


def safetensors(text: str) -> Path:
    """An option's value as the name of a model file."""
    path = Path(text)
    if path.suffix != ".safetensors":
        raise argparse.ArgumentTypeError("the file's name must end in .safetensors")
    return path
