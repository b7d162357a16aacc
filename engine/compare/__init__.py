"""The comparison of the paper's table 1: DiffSeg's modes and other networks, same images, same budget, one table."""
