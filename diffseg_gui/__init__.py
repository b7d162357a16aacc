"""DiffSeg's window. It knows the screen and leaves the mathematics to ``engine``."""
