"""Where the files that come with the program lie: beside the packages, also when installed or frozen."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "resources"
PREFERRED = ("diffseg-256-ham", "diffseg-256")  # of the bundled models; the first may be left out, for its licence


def default_model() -> Path:
    """Weights of the bundled model that is used where nobody names another: the first preferred one that is there."""
    paths = [ROOT / "models" / f"{name}.safetensors" for name in PREFERRED]
    return next((path for path in paths if path.exists()), paths[-1])


def models() -> list[Path]:
    """Weights of all bundled models, the default one first, then by name; a model is named by its file's stem."""
    default = default_model()
    return sorted((ROOT / "models").glob("*.safetensors"), key=lambda path: (path != default, path.stem))


def model_named(name: str) -> Path | None:
    """Weights of the bundled model of a name; None where there is no such."""
    return next((path for path in models() if path.stem == name), None)


def samples() -> list[Path]:
    """The bundled synthetic photographs, by name; the true mask lies beside each as ``NAME_segmentation.png``."""
    return sorted(p for p in (ROOT / "samples").glob("*.jpg"))
