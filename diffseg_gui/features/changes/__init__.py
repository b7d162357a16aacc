"""What refinement changed of the majority's mask."""

from diffseg_gui.features.changes.changes import Changes

__all__ = ["Changes"]
