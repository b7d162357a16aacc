"""Writes the software bill of materials, in CycloneDX: dist/diffseg-VERSION.cdx.json, of what is installed here.

cyclonedx-py lists the whole environment. Here only what the program runs with stays, which is what the built program
ships, and the models are added, each with its licence and the SHA-256 that the program checks. Nothing is downloaded.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from engine import __version__
from engine.host.libraries import libraries
from engine.host.resources import default_model
from engine.networks.description import read_description

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "dist" / f"diffseg-{__version__}.cdx.json"


def listed() -> dict[str, Any]:
    """All that is installed beside this Python, as cyclonedx-py says it. Raises CalledProcessError if it fails."""
    command = (sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", ROOT / "pyproject.toml")
    options = ("--output-reproducible", sys.executable)
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def narrowed(bill: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """A bill with the components of these canonical names alone, and what these depend on of each other."""
    kept = [one for one in bill["components"] if canonicalize_name(one["name"]) in names]
    refs = {one["bom-ref"] for one in kept} | {bill["metadata"]["component"]["bom-ref"]}
    edges = [
        {"ref": one["ref"], "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in refs]}
        for one in bill["dependencies"]
        if one["ref"] in refs
    ]
    return {**bill, "components": kept, "dependencies": edges}


def models() -> list[dict[str, Any]]:
    """Every model that comes with the program, as a component."""
    return [_model(path) for path in sorted(default_model().parent.glob("*.safetensors"))]


def _model(path: Path) -> dict[str, Any]:
    said = read_description(path)
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{said.name}",
        "name": said.name,
        "version": said.sha256[:12],
        "hashes": [{"alg": "SHA-256", "content": said.sha256}],
        "licenses": [{"license": {"name": said.licence}}],
    }


def bill() -> dict[str, Any]:
    """The program's bill of materials."""
    made = narrowed(listed(), {canonicalize_name(one.metadata["Name"]) for one in libraries()})
    return {**made, "components": [*made["components"], *models()]}


def main() -> None:
    """Write it, and say where."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(bill(), indent=2) + "\n", encoding="utf-8")
    print(f"The bill of materials is {TARGET.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
