"""Stage 3 at the photograph's own resolution: from evidence to the final mask, in a process of its own.

``python -m engine.bench.native PHOTOGRAPH EVIDENCE.npz REPEATS`` prints the seconds of each repeat and the memory that
the first run needs on top of what the process held before: the rise of the resident set's high-water mark. It runs
without torch. Each repeat builds its kernels anew, as for a photograph just opened.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import numpy as np

from engine.bench.children import ask
from engine.bench.memory import forget_peak, held_mb, peak_mb, resident_mb
from engine.bench.samples import Figures, seconds, summary
from engine.method.refine import Refiner
from engine.networks.description import default_recipe
from engine.photograph.read import read_image
from engine.progress import drain
from engine.results import DeviceUse, Evidence

if TYPE_CHECKING:
    from pathlib import Path


def measure(photo: Path, evidence: Evidence, folder: Path, repeats: int) -> Figures:
    """Seconds and additional memory of a refinement with the bundled model's own settings."""
    path = folder / "evidence.npz"
    np.savez(path, timesteps=evidence.timesteps, difference=evidence.difference)
    answer = ask("engine.bench.native", str(photo), str(path), str(repeats))
    return {**summary("seconds", answer["seconds"]), "peak_mb": answer["peak_mb"], "samples": repeats}


def main() -> None:
    """The process: see the module's description."""
    photo, stored, own = read_image(sys.argv[1]), np.load(sys.argv[2]), default_recipe()
    timesteps, difference = tuple(stored["timesteps"].tolist()), stored["difference"]
    skin = np.zeros((*difference.shape[1:], 3), np.uint8)
    evidence = Evidence(timesteps, difference, skin, DeviceUse("cpu", "", "float32"))

    def refine() -> None:
        drain(Refiner().run(photo, evidence, own.vote.delta, own.crf))

    before = held_mb() or resident_mb()  # without what reading the photograph has left to be used again
    forget_peak()
    refine()
    peak = peak_mb()
    needed = None if before is None or peak is None else round(peak - before, 3)
    samples = [seconds(refine) for _ in range(int(sys.argv[3]))]
    print(json.dumps({"seconds": samples, "peak_mb": needed}))


if __name__ == "__main__":
    main()
