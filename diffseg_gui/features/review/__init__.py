"""Going through the regions where the timesteps disagree."""

from diffseg_gui.features.review.review import Review

__all__ = ["Review"]
