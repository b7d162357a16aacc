"""What the mouse and the keys do on a photograph instead of panning."""
