"""DiffSeg's engine: skin-lesion segmentation by diffusion difference, with no screen attached.

Reading order: ``recipe``, ``results`` and ``pipeline`` (what goes in, what comes out, and all of it in order);
``networks.unet`` and ``method.schedule`` (the diffusion model); ``method.evidence`` (noise differences, equation 2),
``method.consensus`` (votes, consistency, ambiguity, GED: equations 3 to 7), ``method.refine`` (ensemble DenseCRF:
equations 8 to 12).
"""

__version__ = "0.1.0"
NOTICE = "Research use only. Not a medical device."
