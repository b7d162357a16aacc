"""Measures of the lesion, and the ruler that brings them to mm."""

from diffseg_gui.features.measures.measures import Measures
from diffseg_gui.features.measures.ruler import Ruling

__all__ = ["Measures", "Ruling"]
