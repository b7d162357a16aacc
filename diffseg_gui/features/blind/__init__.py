"""Reading blind: outline first, then see the result."""

from diffseg_gui.features.blind.blind import BlindReading

__all__ = ["BlindReading"]
