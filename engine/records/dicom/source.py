"""The photograph that segmentations and reports refer to: the clinic's own DICOM file, or one that is made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.reading.scale import scale_of
from engine.records.dicom import header

if TYPE_CHECKING:
    from pydicom import Dataset

    from engine.records.record import Record

DERMOSCOPY = "1.2.840.10008.5.1.4.1.1.77.1.7"  # Dermoscopic Photography Image Storage (PS3.3 A.32.11)
SIDES = {"right": "R", "left": "L", "both sides": "B", "unpaired": "U"}
LOSSY, LOSSLESS = "01", "00"


def source(record: Record) -> Dataset:
    """The photograph's header, without its pixels and its patient: what the other objects refer to.

    Raises :class:`ExportError` as :func:`engine.records.dicom.header.stays_in_its_study` does.
    """
    from pydicom.dataset import Dataset

    image = record.found.image
    data = Dataset()
    header.leave_open(data, record)
    own = header.stays_in_its_study(record)
    if own:
        for name in ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID"):
            setattr(data, name, image.about.filed[name])
    else:
        data.SOPClassUID = DERMOSCOPY
        data.SOPInstanceUID, data.SeriesInstanceUID = (
            header.uid(what, header.study(record), *_shown(record))
            for what in ("photograph", "series of the photograph")
        )
    data.Modality = "DMS"
    data.Rows, data.Columns, data.SamplesPerPixel = image.height, image.width, 3
    data.PatientOrientation = ""  # nobody knows how the camera was held
    data.LossyImageCompression = LOSSY if image.about.lossy else LOSSLESS
    return data


def frame_number(record: Record) -> int | None:
    """Which frame of the clinic's own file the other objects refer to, from 1; None for a file of one photograph."""
    frame = record.found.image.frame
    return None if frame is None or not header.stays_in_its_study(record) else frame + 1


def photograph(record: Record) -> Dataset:
    """The photograph as a Dermoscopic Photography object: upright sRGB pixels, and what is known; all else is empty."""
    data = source(record)
    image, about = record.found.image, record.found.image.about
    header.file_under(data, record)
    header.made_by(data, record)
    data.SeriesNumber = data.InstanceNumber = 1
    data.SeriesDescription = "Photograph"
    data.FrameOfReferenceUID = header.uid("frame of reference", data.SOPInstanceUID)
    data.PositionReferenceIndicator = ""
    data.ImageType = ["DERIVED", "PRIMARY"]
    data.DerivationDescription = "Upright pixels in sRGB"
    if taken := about.kept().get("date"):
        data.AcquisitionDateTime = header.digits(taken)
    data.AcquisitionContextSequence = []
    data.AnatomicRegionSequence = [_coded(*header.region(record))]
    data.ImageLaterality = SIDES.get(about.laterality, "")  # with an entry, the series need not have one
    _of_the_skin(data, record)
    data.PhotometricInterpretation, data.PlanarConfiguration = "RGB", 0
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    if scale := scale_of(image, record.reading):
        data.PixelSpacing = [_decimal(scale.mm_per_px)] * 2
    pixels = np.ascontiguousarray(image.pixels).tobytes()
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OB"
    return data


def _shown(record: Record) -> tuple[str, ...]:
    """All that the photograph's object says which could be different another time."""
    said = record.said
    return str(scale_of(record.found.image, record.reading)), said["version"], said["model"]["sha256"]


def _of_the_skin(data: Dataset, record: Record) -> None:
    """What the Dermoscopic Image module asks for (PS3.3 C.8.12.13): how the picture was taken, which nobody said."""
    data.LightSourcePolarization = data.EmitterColorTemperature = None
    data.ContactMethod = data.OpticalMagnificationFactor = None
    data.RecognizableVisualFeatures = "YES"  # it must be answered, and this is the answer that makes people careful
    data.TrackingUID, data.TrackingID = header.lesion(record)


def _coded(value: str, scheme: str, meaning: str) -> Dataset:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def _decimal(value: float) -> str:
    """A decimal string, of which DICOM allows 16 characters."""
    return f"{value:.10g}"[:16]
