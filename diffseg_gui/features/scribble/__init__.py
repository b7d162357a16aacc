"""Scribbling: "this is lesion", "this is skin", and the refined border follows."""

from diffseg_gui.features.scribble.scribble import Scribbling

__all__ = ["Scribbling"]
