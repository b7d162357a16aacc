"""What is open and what was done to it: one truth, with undo and autosave. Nothing here knows a widget."""
