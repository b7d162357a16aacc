"""The photograph brighter, with more contrast, or with hair softened: on the screen alone."""

from diffseg_gui.features.adjust.adjust import Adjust

__all__ = ["Adjust"]
