"""A series of photographs: one after the other, and all of them in sight."""

from diffseg_gui.features.series.series import Series

__all__ = ["Series"]
