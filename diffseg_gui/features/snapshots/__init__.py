"""Snapshots of the correction: to take one, to go back to it, to delete it."""

from diffseg_gui.features.snapshots.snapshots import Snapshots

__all__ = ["Snapshots"]
