"""Many photographs: which there are, and the one loop that goes through them."""
