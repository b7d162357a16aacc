"""The command line: ``diffseg segment``, ``diffseg evaluate``, ``diffseg train``, ``diffseg bench``.

Exit codes: 0 all done; 1 some image failed (the others are done, one line on stderr for each failure); 2 wrong usage;
130 interrupted.
The parts that need torch are imported when a command starts, so that ``--help`` and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import glob
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine import __version__
from engine.errors import DeviceError, DiffSegError, RecipeError
from engine.export import export, write_whole
from engine.image import read_image
from engine.progress import drain
from engine.recipe import Recipe, VoteSettings, parse_timesteps, read_recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVICES = ("auto", "cpu", "cuda", "mps")


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


def segment(options: argparse.Namespace) -> int:
    """Segment images and write each one's results into OUT/<stem>/."""
    recipe = _recipe(options)
    paths = _expand(options.images)
    _check_stems(paths)
    pipeline = _pipeline(options)
    failures = 0
    for path in paths:
        try:
            found = drain(pipeline.run(read_image(path), recipe))
            folder = options.out / path.stem
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


def evaluate(options: argparse.Namespace) -> int:
    """Compare results with annotated masks and print mean Dice, Jaccard, precision and recall."""
    from tqdm import tqdm

    from engine.training.data import from_folders, from_index
    from engine.training.evaluate import Score, score_samples, summary

    recipe = replace(_recipe(options), refine=True)  # both masks are reported
    if options.index:
        samples = from_index(options.index, options.split)
    elif options.images and options.masks:
        samples = from_folders(options.images, options.masks)
    else:
        raise RecipeError("evaluate needs --images and --masks, or --index.")
    samples = samples[: options.limit]
    scores = []
    outcomes = score_samples(_pipeline(options), samples, recipe)
    for outcome in tqdm(outcomes, total=len(samples), unit="image", disable=None):  # no bar where nobody watches
        if isinstance(outcome, Score):
            scores.append(outcome)
        else:
            print(f"diffseg: {outcome}", file=sys.stderr)
    if not scores:
        return 1
    report = summary(scores)
    if options.json:
        write_whole(options.json, (json.dumps(report, indent=2) + "\n").encode())
    _print_report(report)
    return 0 if len(scores) == len(samples) else 1


def train(options: argparse.Namespace) -> int:
    """Train a network on images with masks."""
    import torch

    from engine.training.data import from_folders, from_index, load_pairs
    from engine.training.train import TrainConfig, train
    from engine.unet import UNetConfig

    if options.threads:
        torch.set_num_threads(options.threads)
    if options.index:
        samples, held_out = from_index(options.index, "train"), from_index(options.index, "val")
    elif options.images and options.masks:
        samples = from_folders(options.images, options.masks)
        both = options.val_images and options.val_masks
        held_out = from_folders(options.val_images, options.val_masks) if both else []
    else:
        raise RecipeError("train needs --images and --masks, or --index.")
    try:
        config = TrainConfig(
            network=UNetConfig(size=options.size, base=options.base),
            steps=options.steps,
            batch=options.batch,
            rate=options.rate,
            seed=options.seed,
            validate_every=options.validate_every,
        )
    except ValueError as error:
        raise RecipeError(f"Such a network cannot be built: {error}.") from None
    validation = load_pairs(held_out, options.size, options.seed) if held_out else None
    pairs = load_pairs(samples, options.size, options.seed)
    train(pairs, validation, config, options.out, options.device, options.resume)
    return 0


def bench(options: argparse.Namespace) -> int:
    """Measure time and memory on this machine, print a table, and write the figures as JSON where asked to."""
    from engine.bench.plan import Plan
    from engine.bench.report import table
    from engine.bench.run import bench

    plan = Plan(options.image, options.model, options.device, options.quick)
    found = bench(plan, lambda what: print(f"measuring: {what}", file=sys.stderr, flush=True))
    if options.json:
        write_whole(options.json, (json.dumps(found, indent=2) + "\n").encode())
    print(table(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diffseg",
        description="Skin-lesion segmentation by diffusion difference. Research use only; not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"diffseg {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("segment", help="segment images and write masks, maps and a sidecar for each")
    one.add_argument("images", nargs="+", metavar="IMAGE")
    one.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    one.add_argument("--no-refine", action="store_true", help="skip DenseCRF; the mask is then the consensus")
    _add_recipe_options(one)
    one.set_defaults(run=segment)

    two = commands.add_parser("evaluate", help="compare results with annotated masks")
    two.add_argument("--images", type=Path, metavar="DIR")
    two.add_argument("--masks", type=Path, metavar="DIR")
    two.add_argument("--index", type=Path, metavar="CSV", help="columns id, split, image, mask; instead of folders")
    two.add_argument("--split", default="val", help="which split of the index (default: val)")
    two.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    two.add_argument("--limit", type=_positive, metavar="N", help="only the first N images")
    _add_recipe_options(two)
    two.set_defaults(run=evaluate, no_refine=False)

    three = commands.add_parser("train", help="train a network on images with masks")
    _add_train_options(three)
    three.set_defaults(run=train)

    four = commands.add_parser("bench", help="measure time and memory on this machine")
    _add_bench_options(four)
    four.set_defaults(run=bench)
    return parser


def _add_recipe_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="settings as JSON, or an earlier result.json")
    parser.add_argument("--timesteps", metavar="60:150:10", help="first:last:step or a comma-separated list")
    parser.add_argument("--delta", metavar="X|auto", help="threshold on the difference, or auto (Otsu)")
    parser.add_argument("--seed", type=int, metavar="N", help="of the noise")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--model", type=Path, metavar="FILE", help="a .safetensors file (default: the bundled model)")


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--images", type=Path, metavar="DIR")
    parser.add_argument("--masks", type=Path, metavar="DIR")
    parser.add_argument("--val-images", type=Path, metavar="DIR")
    parser.add_argument("--val-masks", type=Path, metavar="DIR")
    parser.add_argument("--index", type=Path, metavar="CSV", help="columns id, split, image, mask; instead of folders")
    parser.add_argument("--out", type=_safetensors, required=True, metavar="FILE", help="ends in .safetensors")
    parser.add_argument("--steps", type=_positive, default=3600)
    parser.add_argument("--batch", type=_positive, default=16, help="images a step, over all processes")
    parser.add_argument("--rate", type=float, default=4e-4, help="AdamW's learning rate at its peak")
    parser.add_argument("--size", type=_positive, default=128, help="side of the network's square, pixels")
    parser.add_argument("--base", type=_positive, default=32, help="channels of the highest level")
    parser.add_argument("--validate-every", type=_positive, default=300, metavar="STEPS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=_positive, help="CPU threads (default: all)")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint beside --out")


def _add_bench_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--quick", action="store_true", help="few repeats: about a minute, rough figures")
    parser.add_argument("--image", type=Path, metavar="FILE", help="photograph (default: a bundled one, 6 megapixels)")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--model", type=Path, metavar="FILE", help="a .safetensors file (default: the bundled model)")


def _recipe(options: argparse.Namespace) -> Recipe:
    """The recipe file, or the defaults, changed by the options that were given."""
    recipe = read_recipe(options.recipe) if options.recipe else Recipe()
    if options.timesteps is not None:
        recipe = replace(recipe, noise=replace(recipe.noise, timesteps=parse_timesteps(options.timesteps)))
    if options.seed is not None:
        recipe = replace(recipe, noise=replace(recipe.noise, seed=options.seed))
    if options.delta == "auto":
        recipe = replace(recipe, vote=replace(recipe.vote, auto=True))
    elif options.delta is not None:
        try:
            recipe = replace(recipe, vote=VoteSettings(float(options.delta)))
        except ValueError:
            raise RecipeError(f"delta {options.delta!r} is neither a number nor 'auto'.") from None
    return replace(recipe, refine=False) if options.no_refine else recipe


def _pipeline(options: argparse.Namespace):  # type: ignore[no-untyped-def]  # the type would import torch
    from engine.device import choose
    from engine.pipeline import Pipeline
    from engine.weights import load_model

    choose(options.device)  # a device that is not there is wrong usage, said before any image is read
    return Pipeline(load_model(options.model), options.device)


def _expand(names: list[str]) -> list[Path]:
    """Paths, with wildcards resolved where the shell left them (as on Windows)."""
    paths: list[Path] = []
    for name in names:
        matches = sorted(glob.glob(name)) if any(c in name for c in "*?[") and not Path(name).exists() else []
        paths += [Path(match) for match in matches] or [Path(name)]
    return paths


def _check_stems(paths: list[Path]) -> None:
    # Upper and lower case are one name on Windows and macOS.
    counts = Counter(path.stem.lower() for path in paths)
    twice = [path.stem for path in paths if counts[path.stem.lower()] > 1]
    if twice:
        raise RecipeError(
            f"Several images are named {twice[0]!r} and would overwrite each other's results; rename one."
        )


def _print_report(report: dict[str, object]) -> None:
    print(f"{report['n']} images, GED {report['ged_mean']:.3f}, {report['seconds_per_image']:.2f} s an image")
    for name in ("consensus", "refined"):
        figures = report[name]
        assert isinstance(figures, dict)
        print(f"{name:>10}  " + "  ".join(f"{key} {value:.4f}" for key, value in figures.items()))


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _safetensors(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".safetensors":
        raise argparse.ArgumentTypeError("the file's name must end in .safetensors")
    return path


if __name__ == "__main__":
    sys.exit(main())
