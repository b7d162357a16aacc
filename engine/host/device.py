"""Choosing the device that does the work, and saying which one it was."""

from __future__ import annotations

import os
import platform

import torch

from engine.errors import DeviceError
from engine.host.choices import DEVICES
from engine.results import DeviceUse

LIMITS = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")  # variables by which a person holds oneDNN to older instructions
UNLIMITED = ("DEFAULT", "ALL")
WITH_BFLOAT16 = ("BF16", "FP16", "AMX", "AVX10")  # parts of oneDNN's names


def available() -> tuple[str, ...]:
    """The kinds of device that this machine has, the fastest first; the CPU is always the last."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return tuple(kind for kind, is_there in there.items() if is_there)


def choose(device: str = "auto") -> DeviceUse:
    """Resolve a name ("auto", "cpu", "cuda", "mps") to a device that is there.

    ``auto`` takes CUDA, then Apple's MPS, then the CPU. Raises :class:`DeviceError` for a device that is not there.
    """
    kinds = available()
    if device == "auto":
        kind = kinds[0]
        return _describe(kind, "no GPU found" if kind == "cpu" else "")
    if device not in DEVICES:
        raise DeviceError(f"There is no device {device!r}; choose one of {', '.join(DEVICES)}.")
    if device not in kinds:
        *others, last = (repr(kind) for kind in ("auto", *kinds))
        raise DeviceError(
            f"The device {device!r} was asked for, but this machine has none; use {', '.join(others)} or {last}."
        )
    return _describe(device, "")


def fall_back(note: str) -> DeviceUse:
    """The CPU, with the reason why it had to take over."""
    return _describe("cpu", note)


def training_precision(kind: str) -> torch.dtype:
    """bfloat16 where the hardware computes in it, float32 elsewhere."""
    if kind == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    return torch.bfloat16 if kind == "cpu" and _cpu_has_bfloat16() else torch.float32


def instructions() -> str:
    """With which vector instructions torch computes on the CPU: "AVX2", "AVX512", or "AVX512, held to AVX2"."""
    capability, held = torch.backends.cpu.get_cpu_capability(), _held()
    return f"{capability}, held to {held}" if held else capability


def _held() -> str:
    """What oneDNN, which does torch's convolutions, may use at most, by its own names; empty: all there is."""
    named = next((os.environ[name] for name in LIMITS if os.environ.get(name)), "").upper()
    return "" if named in UNLIMITED else named


def _cpu_has_bfloat16() -> bool:
    """Whether the processor computes in it, and may: elsewhere it would be emulated, slower than float32."""
    held = _held()
    if held and not any(part in held for part in WITH_BFLOAT16):
        return False
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _describe(kind: str, note: str) -> DeviceUse:
    if kind == "cuda":
        # float16 has three more mantissa bits than bfloat16 and the activations' range fits it.
        return DeviceUse("cuda", torch.cuda.get_device_name(), "float16", note)
    if kind == "mps":
        return DeviceUse("mps", "Apple GPU", "float32", note)
    precision = "bfloat16" if _cpu_has_bfloat16() else "float32"
    return DeviceUse("cpu", platform.processor() or platform.machine(), precision, note)
