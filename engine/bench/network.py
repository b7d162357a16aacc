"""Stage 1: one photograph through ten timesteps and two labels.

Timed is the whole stage, as the pipeline runs it: shrinking the photograph to the network's square, noise, network, and
bringing each difference to the working grid. The reference, two networks of the published size in float32, is timed on
its forward passes alone, one timestep at a time, with all cores; one timestep is timed and multiplied by their number.

Nobody's computer is idle: a busy ratio is the same stage's time beside other programs over its time without them. Of
one ratio these are a busy process for every two cores; of the other, one that multiplies matrices with all of torch's
threads.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from engine.bench.plan import TEN
from engine.bench.reference import PublishedPair
from engine.bench.samples import Figures, seconds, summary
from engine.host import device as devices
from engine.host.cores import cores
from engine.method.evidence import gather
from engine.progress import drain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.bench.plan import Counts
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

PLAIN = """
print(flush=True)
while True:
    pass
"""
TORCH = """
import torch
matrix = torch.ones(1024, 1024)
matrix @ matrix
print(flush=True)
while True:
    matrix @ matrix
"""


def evidence_of(photo: SkinImage, model: Model, device: str) -> Evidence:
    """Stage 1 at ten timesteps."""
    return drain(gather(photo, TEN, model.on, model.size, device))


def measure(photo: SkinImage, model: Model, device: str, counts: Counts) -> Figures:
    """Seconds of stage 1, and how many times as long the reference takes. A first run of each warms up."""
    kind = evidence_of(photo, model, device).device.kind
    samples = _samples(photo, model, device, counts)
    with neighbours(PLAIN, max(1, cores() // 2)):
        beside_plain = _samples(photo, model, device, counts)
    with neighbours(TORCH, 1):
        beside_torch = _samples(photo, model, device, counts)
    torch.set_num_threads(cores())  # evaluations have one each; the reference has them all
    pair = PublishedPair(devices.choose(kind).kind)
    pair.timestep()
    reference = len(TEN.timesteps) * statistics.median(seconds(pair.timestep) for _ in range(counts.reference))
    return {
        **summary("seconds", samples),
        "busy_ratio": round(statistics.median(beside_plain) / statistics.median(samples), 3),
        "busy_ratio_torch": round(statistics.median(beside_torch) / statistics.median(samples), 3),
        "reference_seconds": round(reference, 4),
        "reference_parameters": pair.parameters,
        "speedup": round(reference / statistics.median(samples), 3),
        "samples": len(samples),
    }


def _samples(photo: SkinImage, model: Model, device: str, counts: Counts) -> list[float]:
    return [seconds(lambda: evidence_of(photo, model, device)) for _ in range(counts.network)]


@contextmanager
def neighbours(program: str, number: int) -> Iterator[None]:
    """Have some processes beside this one, all busy from the beginning on. program: begins by printing a line."""
    command = [sys.executable, "-c", program]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(number)]
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        yield
    finally:
        for process in processes:
            process.kill()
            process.communicate()
