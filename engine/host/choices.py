"""What a person can ask for: devices, told without torch, which alone knows those that are there, and models."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.host.resources import models

DEVICES = ("auto", "cpu", "cuda", "mps")
DEVICES_HELP = "auto (default): a GPU where there is one; cuda (NVIDIA) and mps (Apple) need one in this machine"


def model_file(text: str) -> Path:
    """An option's value as a model's weights: a file, or the name of a bundled model that no file here has."""
    path, bundled = Path(text), {one.stem: one for one in models()}
    if path.suffix == ".safetensors" or path.exists():
        return path
    if text not in bundled:
        there = ", ".join(bundled)
        raise argparse.ArgumentTypeError(f"{text} is no .safetensors file and no bundled model; there is: {there}")
    return bundled[text]
