"""Where the files that come with the program lie: beside the packages, also when installed or frozen."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "resources"


def default_model() -> Path:
    """Weights of the bundled model."""
    return ROOT / "models" / "diffseg-256.safetensors"


def samples() -> list[Path]:
    """The bundled synthetic photographs, by name; the true mask lies beside each as ``NAME_segmentation.png``."""
    return sorted(p for p in (ROOT / "samples").glob("*.jpg"))
