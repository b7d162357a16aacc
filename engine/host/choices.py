"""What a person can ask for: devices, told without torch, which alone knows those that are there, and models."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.host.resources import model_named, models

DEVICES = ("auto", "cpu", "cuda", "mps")
DEVICES_HELP = "auto (default): a GPU where there is one; cuda (NVIDIA) and mps (Apple) need one in this machine"


def model_file(text: str) -> Path:
    """An option's value as a model's weights: a file, or the name of a bundled model that no file here has."""
    path, bundled = Path(text), model_named(text)
    if path.suffix == ".safetensors" or path.exists():
        return path
    if bundled is None:
        there = ", ".join(one.stem for one in models())
        raise argparse.ArgumentTypeError(f"{text} is no .safetensors file and no bundled model; there is: {there}")
    return bundled
