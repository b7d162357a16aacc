"""Which instructions the CPU computes with, where a person holds it to older ones."""

from __future__ import annotations

import pytest
import torch

from engine.host import device as devices


@pytest.fixture(autouse=True)
def unheld(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever holds the tests themselves."""
    for name in devices.LIMITS:
        monkeypatch.delenv(name, raising=False)


def test_nothing_is_held_by_default() -> None:
    assert devices.instructions() == torch.backends.cpu.get_cpu_capability()


@pytest.mark.parametrize("name", devices.LIMITS)
@pytest.mark.parametrize("held", ["AVX2", "avx2", "AVX512_CORE"])
def test_held_to_instructions_without_bfloat16_it_is_not_used(
    name: str, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, held)
    assert devices.choose("cpu").precision == "float32"
    assert devices.training_precision("cpu") == torch.float32
    assert devices.instructions().endswith(f", held to {held.upper()}")


@pytest.mark.parametrize("held", ["AVX512_CORE_BF16", "AVX512_CORE_AMX", "DEFAULT", "ALL"])
def test_held_to_others_the_processor_decides(held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = devices.choose("cpu").precision
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", held)
    assert devices.choose("cpu").precision == usual
