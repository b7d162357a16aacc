"""Two timesteps' masks side by side."""

from diffseg_gui.features.pair.pair import PairFeature

__all__ = ["PairFeature"]
