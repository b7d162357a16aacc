"""The clinical view's guide: four steps, what each shows beside other features' panels, and what to do next."""

from diffseg_gui.features.guide.detail import Detail
from diffseg_gui.features.guide.guide import Guide
from diffseg_gui.features.guide.hand import Hand
from diffseg_gui.features.guide.readings import Readings
from diffseg_gui.features.guide.sensitivity import Sensitivity
from diffseg_gui.features.guide.summary import Summary

__all__ = ["Detail", "Guide", "Hand", "Readings", "Sensitivity", "Summary"]
