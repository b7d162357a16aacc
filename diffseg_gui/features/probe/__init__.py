"""All that is known of the pixel under the cursor."""

from diffseg_gui.features.probe.probe import Probe

__all__ = ["Probe"]
