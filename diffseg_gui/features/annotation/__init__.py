"""Comparing with the mask that an expert drew."""

from diffseg_gui.features.annotation.annotation import AnnotationFeature

__all__ = ["AnnotationFeature"]
