"""Training: data, lesion removal, augmentation, losses, the loop."""
