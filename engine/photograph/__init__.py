"""Photographs: reading files into upright RGB pixels, and resampling them."""
