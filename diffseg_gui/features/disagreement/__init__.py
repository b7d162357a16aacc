"""How far the timesteps' masks lie apart, and what did the work."""

from diffseg_gui.features.disagreement.disagreement import Disagreement

__all__ = ["Disagreement"]
