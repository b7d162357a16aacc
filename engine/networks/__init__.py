"""The networks that predict noise, and the files of trained weights."""
