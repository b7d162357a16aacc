"""The photograph and its maps on the screen: canvases, what they show, and which part of it."""
