"""Export: which formats, where to, and what came of it."""

from diffseg_gui.features.export.export import EXPORT, Export

__all__ = ["EXPORT", "Export"]
