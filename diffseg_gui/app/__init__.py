"""The program around the features: entry, the one place that wires the parts, and the window that arranges them."""
