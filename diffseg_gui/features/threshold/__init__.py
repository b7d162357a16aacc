"""The threshold delta and its stability curve."""

from diffseg_gui.features.threshold.section import Threshold

__all__ = ["Threshold"]
