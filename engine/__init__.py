"""DiffSeg's engine: skin-lesion segmentation by diffusion difference, with no screen attached.

Reading order: ``schedule`` and ``unet`` (the diffusion model), ``evidence`` (noise differences, equation 2),
``consensus`` (votes, consistency, ambiguity, GED: equations 3 to 7), ``refine`` (ensemble DenseCRF: equations 8
to 12), ``pipeline`` (all of it in order).
"""

__version__ = "0.1.0"
