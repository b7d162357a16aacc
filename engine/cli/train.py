"""``diffseg train``: train a network on images with masks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.options import DEVICES, add_sample_options, positive, safetensors, samples, seed
from engine.errors import RecipeError

if TYPE_CHECKING:
    import argparse

    from engine.pretrained import PretrainedConfig
    from engine.unet import UNetConfig

HELP = "train a network on images with masks"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Data, network, schedule, and where the model goes."""
    add_sample_options(parser)
    parser.add_argument("--val-images", type=Path, metavar="DIR", help="images to choose the best weights on")
    parser.add_argument("--val-masks", type=Path, metavar="DIR", help="their masks; an index names its own")
    parser.add_argument("--out", type=safetensors, required=True, metavar="FILE", help="ends in .safetensors")
    parser.add_argument(
        "--backbone", type=Path, metavar="FILE", help="EfficientNet-Lite0's published weights, for the encoder to start"
        " from; without them a plain U-Net starts from nothing"
    )  # fmt: skip
    parser.add_argument("--start", type=safetensors, metavar="FILE", help="an earlier model to go on from, of any size")
    parser.add_argument(
        "--results", type=Path, metavar="DIR", help="results that `diffseg segment` or the window exported, to train on"
        " too: corrected ones, and those whose masks agree"
    )  # fmt: skip
    parser.add_argument("--steps", type=positive, default=4500, help="of the optimiser (default: 4500)")
    parser.add_argument("--batch", type=positive, default=16, help="images a step, over all processes")
    parser.add_argument(
        "--rate", type=float, help="AdamW's peak learning rate (default: 8e-4 with a backbone, else 4e-4)"
    )
    parser.add_argument("--size", type=positive, help="side of the network's square, pixels (default: 192, else 128)")
    parser.add_argument("--base", type=positive, default=32, help="channels of a plain U-Net's highest level")
    parser.add_argument("--validate-every", type=positive, default=300, metavar="STEPS")
    parser.add_argument("--seed", type=seed, default=0, help="of every random choice (default: 0)")
    parser.add_argument("--threads", type=positive, help="CPU threads (default: all)")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint beside --out")


def run(options: argparse.Namespace) -> int:
    """Read the data, check the network, train."""
    import torch

    from engine.training.data import from_folders, from_index, from_results, load_pairs
    from engine.training.start import Start
    from engine.training.train import TrainConfig, train

    if options.threads:
        torch.set_num_threads(options.threads)
    chosen = samples(options, "train")
    if options.index:
        held_out = from_index(options.index, "val")
    else:
        both = options.val_images and options.val_masks
        held_out = from_folders(options.val_images, options.val_masks) if both else []
    if options.results:
        known = {sample.id for sample in chosen + held_out}
        chosen += [sample for sample in from_results(options.results) if sample.id not in known]
    config = TrainConfig(
        network=_network(options),
        steps=options.steps,
        batch=options.batch,
        rate=options.rate or (8e-4 if options.backbone else 4e-4),
        seed=options.seed,
        validate_every=options.validate_every,
    )
    size = config.network.size
    validation = load_pairs(held_out, size, options.seed) if held_out else None
    pairs = load_pairs(chosen, size, options.seed)
    start = Start(options.backbone, options.start)
    train(pairs, validation, config, options.out, options.device, options.resume, start)
    return 0


def _network(options: argparse.Namespace) -> UNetConfig | PretrainedConfig:
    """The shape of the network: an earlier model's, one for a pretrained encoder, or a plain U-Net."""
    from engine.pretrained import PretrainedConfig
    from engine.unet import UNetConfig
    from engine.weights import load_model

    try:
        if options.start:
            earlier = load_model(options.start).network.config
            return replace(earlier, size=options.size or earlier.size)
        if options.backbone:
            return PretrainedConfig(size=options.size or 192)
        return UNetConfig(size=options.size or 128, base=options.base)
    except ValueError as error:
        raise RecipeError(f"Such a network cannot be built: {error}.") from None
