"""DICOM files: what they are, what they say of the photograph in them, and its pixels."""
