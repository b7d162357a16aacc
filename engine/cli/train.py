"""``diffseg train``: train a network on images with masks."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.bars import Bars
from engine.cli.options import add_sample_options, positive, safetensors, samples, seed
from engine.errors import RecipeError
from engine.host.choices import DEVICES, DEVICES_HELP
from engine.host.memory import keep_freed

if TYPE_CHECKING:
    import argparse

    from engine.networks.registry import NetworkConfig
    from engine.training.data import Sample

HELP = "train a network on images with masks"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Data, network, schedule, and where the model goes."""
    add_sample_options(parser)
    _add_further_images(parser)
    parser.add_argument(
        "--out", type=safetensors, required=True, metavar="FILE", help="a new file, ends in .safetensors"
    )
    parser.add_argument(
        "--backbone", type=Path, metavar="FILE", help="EfficientNet-Lite0's published weights, for the encoder to start"
        " from; without them a plain U-Net starts from nothing"
    )  # fmt: skip
    parser.add_argument("--start", type=safetensors, metavar="FILE", help="an earlier model to go on from, of any size")
    parser.add_argument(
        "--teacher", type=safetensors, metavar="FILE", help="an earlier model, as a rule a larger one, whose answers"
        " are learned beside the masks; or the supervised network unet-pretrained of `diffseg compare --work`"
    )  # fmt: skip
    parser.add_argument(
        "--teacher-share", type=share, default=0.5, metavar="SHARE", help="of each mask in the loss that is the"
        " teacher's, 0 to 1 (default: 0.5)"
    )  # fmt: skip
    parser.add_argument(
        "--licence", metavar="TEXT", help="under which others may use the model, a line kept in its description"
        " (default: that of the models given with --start and --teacher, else not stated)"
    )  # fmt: skip
    parser.add_argument("--steps", type=positive, default=4500, help="of the optimiser (default: 4500)")
    parser.add_argument("--batch", type=positive, default=16, help="images a step, over all processes")
    parser.add_argument(
        "--rate", type=rate, help="AdamW's peak learning rate (default: 8e-4 with a backbone, else 4e-4)"
    )
    _add_network_options(parser)
    parser.add_argument("--validate-every", type=positive, default=300, metavar="STEPS")
    parser.add_argument("--seed", type=seed, default=0, help="of every random choice (default: 0)")
    parser.add_argument("--threads", type=positive, help="CPU threads (default: all)")
    parser.add_argument("--device", choices=DEVICES, default="auto", help=DEVICES_HELP)
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint beside --out")


def _add_further_images(parser: argparse.ArgumentParser) -> None:
    """Images beside the annotated ones, and how annotators draw."""
    parser.add_argument("--val-images", type=Path, metavar="DIR", help="images to choose the best weights on")
    parser.add_argument("--val-masks", type=Path, metavar="DIR", help="their masks; an index names its own")
    parser.add_argument(
        "--results", type=Path, metavar="DIR", help="results that `diffseg segment` or the window exported, to train on"
        " too: corrected ones, and those whose masks agree"
    )  # fmt: skip
    parser.add_argument(
        "--photographs", type=Path, metavar="DIR", help="where those results' photographs lie, in whatever folders and"
        " under whatever names; those with an annotation in the training, validation or any other split are left out"
    )  # fmt: skip
    parser.add_argument(
        "--annotation-style", metavar="NAME", help="where sources outline differently: the style in which the model is"
        " to outline, one of the names in the index's column `annotation_style`"
    )  # fmt: skip


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    """The shape of the network."""
    parser.add_argument(
        "--size", type=positive, help="side of the network's square, pixels (default: the earlier model's with --start,"
        " 192 with a backbone, else 128)"
    )  # fmt: skip
    parser.add_argument("--base", type=positive, default=32, help="channels of a plain U-Net's highest level")
    parser.add_argument(
        "--widths", type=widths, metavar="N,…", help="the decoder's channels behind a pretrained encoder, at 1/2 to"
        " 1/32 of the side, or, four of them, at 1/4 to 1/32 (default: the earlier model's with --start, else"
        " 32,48,80,128,192); what has another shape than in the earlier model begins anew"
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Check what was asked, read the data, train."""
    import torch

    from engine.host.device import choose
    from engine.training.config import TrainConfig
    from engine.training.data import load_pairs
    from engine.training.start import Start
    from engine.training.styles import styles_of
    from engine.training.train import check, train

    _check_together(options)
    if choose(options.device).kind == "cpu":
        keep_freed()
    if options.threads:
        torch.set_num_threads(options.threads)
    config = TrainConfig(
        network=_network(options),
        steps=options.steps,
        batch=options.batch,
        rate=(8e-4 if options.backbone else 4e-4) if options.rate is None else options.rate,
        seed=options.seed,
        teacher_share=options.teacher_share,
        validate_every=options.validate_every,
    )
    start = Start(options.backbone, options.start, options.licence, options.teacher)
    check(config, options.out, options.resume, start)
    size = config.network.size
    with Bars(quiet=not _first_process()) as bars:  # drawn into a file too: long trainings are watched there
        chosen, held_out = _samples(options, bars)
        config = replace(config, styles=styles_of((s.annotation_style for s in chosen), options.annotation_style))
        validation = load_pairs(held_out, size, options.seed, bars.report) if held_out else None
        pairs = load_pairs(chosen, size, options.seed, bars.report, config.styles)
        train(pairs, validation, config, options.out, options.device, options.resume, start, bars.report, bars.say)
    return 0


def _first_process() -> bool:
    """Whether no other of torchrun's processes speaks for this one."""
    return os.environ.get("RANK", "0") == "0"


def _check_together(options: argparse.Namespace) -> None:
    """Refuse options that mean nothing alone, or nothing together."""
    if (options.results is None) != (options.photographs is None):
        raise RecipeError("--results needs --photographs beside it, the folder where their photographs lie.")
    if options.backbone and options.start:
        raise RecipeError("An earlier model has an encoder of its own; give --start or --backbone, not both.")
    if (options.val_images is None) != (options.val_masks is None):
        raise RecipeError("--val-images and --val-masks belong together; give both folders, or neither.")
    if options.index and options.val_images:
        raise RecipeError("--index names its own validation images; leave out --val-images and --val-masks.")


def _samples(options: argparse.Namespace, bars: Bars) -> tuple[list[Sample], list[Sample]]:
    """What is trained on, and what the best weights are chosen on."""
    from engine.training.data import from_folders, from_index

    chosen = samples(options, "train")
    if options.index:
        held_out = from_index(options.index, "val")
    else:
        held_out = from_folders(options.val_images, options.val_masks) if options.val_images else []
    if options.results:
        annotated = from_index(options.index, None) if options.index else chosen + held_out
        chosen += _from_results(options, annotated, bars)
    return chosen, held_out


def _from_results(options: argparse.Namespace, annotated: list[Sample], bars: Bars) -> list[Sample]:
    """Pseudo-masks of other photographs than the annotated ones; says in a line how many lack their photograph."""
    from engine.training.data import from_results

    already = [sample.image for sample in annotated]
    found, without = from_results(options.results, options.photographs, already, bars.report)
    if without and _first_process():
        missing = f"{len(without)} results have no photograph in {options.photographs} and are left out"
        bars.say(f"diffseg: {missing} (first: {without[0]}).")
    return found


def _network(options: argparse.Namespace) -> NetworkConfig:
    """The shape of the network: an earlier model's, one for a pretrained encoder, or a plain U-Net."""
    from engine.networks.pretrained import PretrainedConfig
    from engine.networks.unet import UNetConfig
    from engine.networks.weights import load_model

    try:
        if options.start:
            shape = load_model(options.start).network.config
        else:
            shape = PretrainedConfig(size=192) if options.backbone else UNetConfig(base=options.base)
        if options.widths and not isinstance(shape, PretrainedConfig):
            raise RecipeError("--widths are those behind a pretrained encoder; give --backbone, or --base instead.")
        changes = {"size": options.size, "widths": options.widths}
        return replace(shape, **{name: value for name, value in changes.items() if value})
    except ValueError as error:
        raise RecipeError(f"Such a network cannot be built: {error}.") from None


def rate(text: str) -> float:
    """An option's value as a finite number above zero."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def share(text: str) -> float:
    """An option's value as a number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def widths(text: str) -> tuple[int, ...]:
    """An option's value as integers above zero, between commas."""
    return tuple(positive(part) for part in text.split(","))
