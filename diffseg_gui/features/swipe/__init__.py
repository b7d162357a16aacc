"""The photograph with and without its overlay, on either side of a line that is dragged."""

from diffseg_gui.features.swipe.swipe import Swipe

__all__ = ["Swipe"]
