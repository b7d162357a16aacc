"""Correcting the mask by hand: brush, eraser, lasso, polygon, and what can be undone."""

from diffseg_gui.features.correction.correction import Correction

__all__ = ["Correction"]
