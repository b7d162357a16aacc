"""The devices that a person can ask for, to be told without torch, which alone knows those that are there."""

from __future__ import annotations

DEVICES = ("auto", "cpu", "cuda", "mps")
DEVICES_HELP = "auto (default): a GPU where there is one; cuda (NVIDIA) and mps (Apple) need one in this machine"
