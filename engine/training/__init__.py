"""Training: data, lesion removal, augmentation, losses, the loop, and evaluation against annotations."""
