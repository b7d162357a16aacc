"""DICOM files to test with: photographs of made-up patients."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, generate_uid

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

CLASSES = "1.2.840.10008.5.1.4.1.1."
DERMOSCOPY, VL, CAPTURE = f"{CLASSES}77.1.7", f"{CLASSES}77.1.4", f"{CLASSES}7"
PATIENT = "PLANTED^PATIENT"


def header(kind: str = DERMOSCOPY, **entries: Any) -> Dataset:
    """A header without pixels; entries by their keywords win over what it says otherwise, None takes them out."""
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = kind, generate_uid(entropy_srcs=[kind, repr(entries)])
    data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex = PATIENT, "ID-4711", "19700102", "F"
    data.StudyDate, data.AcquisitionDateTime = "20260503", "20260504101112"
    data.Manufacturer, data.ManufacturerModelName = "Maker", "DX-1"
    data.AnatomicRegionSequence = [Dataset()]
    data.AnatomicRegionSequence[0].CodeMeaning, data.ImageLaterality = "Back", "L"
    for name, value in entries.items():
        setattr(data, name, value)
        if value is None:
            delattr(data, name)
    return data


def native(pixels: np.ndarray, kind: str = DERMOSCOPY, syntax: str = ExplicitVRLittleEndian, **entries: Any) -> bytes:
    """An uncompressed file: (H, W), (H, W, 3), or several of such, uint8 or uint16."""
    samples = 3 if pixels.shape[-1] == 3 else 1
    shape = pixels.shape[:-1] if samples == 3 else pixels.shape
    bits = 8 * pixels.itemsize
    said: dict[str, Any] = {
        "Rows": shape[-2], "Columns": shape[-1], "SamplesPerPixel": samples, "BitsAllocated": bits, "BitsStored": bits,
        "PixelRepresentation": 0, "PhotometricInterpretation": "RGB" if samples == 3 else "MONOCHROME2",
    }  # fmt: skip
    if samples == 3:
        said["PlanarConfiguration"] = 0
    if len(shape) == 3:
        said["NumberOfFrames"] = shape[0]
    said |= entries
    data = header(kind, **said)
    data.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    data["PixelData"].VR = "OB" if bits == 8 else "OW"
    return saved(data, syntax)


def encapsulated(
    frames: Sequence[bytes], size: tuple[int, int], syntax: str = JPEGBaseline8Bit, offsets: bool = True, **entries: Any
) -> bytes:
    """A compressed file of frames that are encoded already. size: width and height. offsets: it has a table of them."""
    said = {
        "Rows": size[1], "Columns": size[0], "SamplesPerPixel": 3, "BitsAllocated": 8, "BitsStored": 8,
        "PixelRepresentation": 0, "PhotometricInterpretation": "YBR_FULL_422", "PlanarConfiguration": 0,
        "NumberOfFrames": len(frames),
    }  # fmt: skip
    data = header(**(said | entries))
    data.PixelData = encapsulate(list(frames), has_bot=offsets)
    data["PixelData"].VR = "OB"
    return saved(data, syntax)


def saved(data: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """A header as a file's content."""
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
