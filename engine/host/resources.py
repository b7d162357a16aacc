"""Where the files that come with the program lie: beside the packages, also when installed or frozen."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "resources"
DEFAULT = "diffseg-256"  # of the bundled models


def default_model() -> Path:
    """Weights of the bundled model that is used where nobody names another."""
    return ROOT / "models" / f"{DEFAULT}.safetensors"


def models() -> list[Path]:
    """Weights of all bundled models, the default one first, then by name; a model is named by its file's stem."""
    return sorted((ROOT / "models").glob("*.safetensors"), key=lambda path: (path.stem != DEFAULT, path.stem))


def model_named(name: str) -> Path | None:
    """Weights of the bundled model of a name; None where there is no such."""
    return next((path for path in models() if path.stem == name), None)


def samples() -> list[Path]:
    """The bundled synthetic photographs, by name; the true mask lies beside each as ``NAME_segmentation.png``."""
    return sorted(p for p in (ROOT / "samples").glob("*.jpg"))
