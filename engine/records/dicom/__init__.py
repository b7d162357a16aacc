"""DICOM objects made of a record: the photograph, its segmentations, and the report of its measures.

What they share of patient and study is in :mod:`header`. pydicom and highdicom are imported within functions, so that
only who writes a DICOM file waits for them.
"""
