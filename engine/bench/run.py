"""All measurements in order: first those in processes of their own, which this one starts and waits for."""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from engine import __version__
from engine.bench import batch, crf, native, network, photographs, window
from engine.host import device as devices
from engine.host.cores import cores
from engine.networks.weights import Model, load_model
from engine.photograph.read import read_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.bench.plan import Plan
    from engine.photograph.image import SkinImage
    from engine.results import DeviceUse


def bench(plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure everything; ``say`` is told what is next. Returns groups of figures by name.

    Raises :class:`engine.errors.DiffSegError` where an image, model, device or process cannot be used.
    """
    devices.choose(plan.device)  # a device, model or photograph that is not there is said at once
    model = load_model(plan.model)
    found: dict[str, Any] = {"version": __version__, "quick": plan.quick}
    with tempfile.TemporaryDirectory(prefix="diffseg-bench-") as temporary:
        folder = Path(temporary)
        photo = plan.image.resolve() if plan.image is not None else photographs.native(folder)
        image = read_image(photo)
        say("start of the window")
        found["start"] = window.start(plan)
        say("opening a photograph, moving delta")
        found["open"], found["delta"] = window.handle(plan, photo)
        say(f"memory over {plan.counts.session} photographs")
        found["memory"] = window.memory(plan, photo, folder)
        say(f"a batch of {plan.counts.batch} images")
        found["batch"] = batch.measure(plan, folder)
        say("network")
        found["network"] = network.measure(image, model, plan.device, plan.counts)
        evidence = network.evidence_of(image, model, plan.device)
        say("CRF")
        found["crf"] = crf.measure(image, evidence, plan.counts.crf)
        say("refinement at the photograph's resolution")
        found["refine_native"] = native.measure(photo, evidence, folder, plan.counts.native)
    return found | _setting(image, model, evidence.device)


def _setting(image: SkinImage, model: Model, use: DeviceUse) -> dict[str, Any]:
    """On what, and with what, it was measured."""
    return {
        "device": use.kind,
        "machine": {
            "device": use.name,
            "precision": use.precision,
            "note": use.note,
            "instructions": devices.instructions(),
            "cores": cores(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
        "model": {"name": model.name, "sha256": model.sha256},
        "photograph": {"width": image.width, "height": image.height},
    }
