"""``diffseg info``: what each file is to the program, and what it passes over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.cli.failures import Failures
from engine.cli.options import photographs
from engine.photograph.read import read_image
from engine.study.batch import outcomes

if TYPE_CHECKING:
    import argparse

    from engine.photograph.about import About
    from engine.photograph.image import SkinImage

HELP = "say what each file is: kind, size, frames, colours, depth, scale, date, what is left out"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Files, and the form of the answer."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a photograph, or a folder of such")
    parser.add_argument("--json", action="store_true", help="as a list in JSON")


def run(options: argparse.Namespace) -> int:
    """Describe the files; one line on stderr for each that cannot be read."""
    failures, described = Failures(), []
    for done in failures.done(outcomes(photographs(options.files), read_image, lambda path: path)):
        if options.json:
            described.append(_described(done.value))
        else:
            print("\n".join(_lines(done.value)))
    if options.json:
        print(json.dumps(described, indent=2))
    return 1 if failures.count else 0


def _described(image: SkinImage) -> dict[str, Any]:
    """What is known of a file; of the patient nothing."""
    about = image.about
    return {
        "file": str(image.path),
        "sha256": image.sha256,
        "kind": about.kind,
        "width": image.width,
        "height": image.height,
        "frames": about.frames,
        "turned": about.turned,
        "profile": about.profile,
        "depth": about.depth,
        "depth_used": about.used,
        "mm_per_px": about.spacing.mm_per_px if about.spacing else None,
        "mm_per_px_from": about.spacing.source if about.spacing else None,
        "date": about.date,
        "body_site": about.body_site,
        "laterality": about.laterality,
        "device": about.device,
        "left_out": list(about.left_out),
        "notes": list(about.notes),
    }


def _lines(image: SkinImage) -> list[str]:
    about = image.about
    left_out = [*about.left_out, *(["who the patient is"] if about.patient else [])]
    entries = {
        "kind": about.kind,
        "size": f"{image.width} x {image.height} pixels",
        "frames": str(about.frames),
        "orientation": about.turned or "as stored",
        "colours": f"{about.profile}, brought to sRGB" if about.profile else "taken as sRGB, for no profile says other",
        "depth": _depth(about),
        "scale": f"{about.spacing.mm_per_px:g} mm a pixel ({about.spacing.source})" if about.spacing else "not known",
        "date": about.date or "not known",
        "body site": " ".join(part for part in (about.body_site, about.laterality and f"({about.laterality})") if part),
        "device": about.device,
        "left out": ", ".join(left_out) or "nothing",
    }
    lines = [f"  {name:<12} {value}" for name, value in entries.items() if value]
    return [str(image.path), *lines, *(f"  {'note':<12} {note}" for note in about.notes)]


def _depth(about: About) -> str:
    return f"{about.depth} bits" + ("" if about.used == about.depth else f", of which {about.used} are used")
