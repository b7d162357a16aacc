"""The final mask and the calibrated probability as DICOM segmentations."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import NOTICE
from engine.photograph.resize import resize
from engine.reading.scale import scale_of
from engine.records.dicom import header
from engine.records.dicom.source import DERMOSCOPY, frame_number, source

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom import Dataset

    from engine.records.record import Record

UNCOMPRESSED, RLE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5"
INTELLIGENCE = ("123109", "DCM", "Artificial Intelligence")
ABNORMAL = ("49755003", "SCT", "Morphologically Altered Structure")
LESION = ("52988006", "SCT", "Lesion")
SERIES = {"BINARY": 101, "FRACTIONAL": 102}  # numbers beyond those of a clinic's own series


def mask(record: Record) -> Dataset:
    """The final mask, bit for bit; also where it is empty."""
    return _segmentation(record, record.mask, "BINARY")


def probability(record: Record) -> Dataset | None:
    """The calibrated probability at the photograph's size in steps of 1/255; None for a model that is not calibrated.

    It is what the model says: corrections do not change it.
    """
    found = record.found
    if found.probability is None:
        return None
    values = resize(found.probability, found.image.width, found.image.height)
    return _segmentation(record, np.clip(values, 0, 1), "FRACTIONAL")


def _segmentation(record: Record, pixels: NDArray[Any], kind: str) -> Dataset:
    """A segmentation of one segment. pixels: bool, or float in [0, 1], (height, width)."""
    from highdicom import PixelMeasuresSequence
    from highdicom.seg import Segmentation

    identity = header.study(record), header.content(record), kind
    photograph = source(record)
    kind_of_photograph, photograph.SOPClassUID = photograph.SOPClassUID, DERMOSCOPY  # a class with frames has groups
    scale = scale_of(record.found.image, record.reading)
    guided = kind == "BINARY" and record.is_guided
    data = Segmentation(
        [photograph], pixels[np.newaxis], kind, [_segment(record, guided)],
        header.uid("series", *identity), SERIES[kind], header.uid("instance", *identity), 1,
        header.MAKER, header.MAKER, header.long_string(record.said["version"]), record.said["model"]["sha256"],
        content_label=kind, content_description=NOTICE, omit_empty_frames=False,
        transfer_syntax_uid=UNCOMPRESSED if kind == "BINARY" else RLE,
        pixel_measures=scale and PixelMeasuresSequence([scale.mm_per_px] * 2, scale.mm_per_px),  # readers want a depth
        series_description="Lesion" if kind == "BINARY" else "Probability of lesion",
    )  # fmt: skip
    header.file_under(data, record)
    header.date_with(data, record)
    data.PatientOrientation = data.ContentCreatorName = ""
    del data.ContributingEquipmentSequence  # says when it was written
    _name_dimensions(data, header.uid("dimensions", *identity))
    _refer(data, kind_of_photograph, frame_number(record))
    return data


def _segment(record: Record, corrected: bool) -> Any:
    """What the segment shows, and by what it was made."""
    from highdicom import AlgorithmIdentificationSequence
    from highdicom.seg import SegmentDescription

    algorithm = AlgorithmIdentificationSequence(
        header.MAKER, header.code(*INTELLIGENCE), header.long_string(record.said["version"]),
        parameters=header.parameters(record),
    )  # fmt: skip
    uid, name = header.lesion(record)
    return SegmentDescription(
        1, "Lesion", header.code(*ABNORMAL), header.code(*LESION), "SEMIAUTOMATIC" if corrected else "AUTOMATIC",
        algorithm, tracking_uid=uid, tracking_id=name, anatomic_regions=[header.code(*header.region(record))],
    )  # fmt: skip


def _name_dimensions(data: Dataset, uid: str) -> None:
    """Give the dimensions an identifier that is the same each time."""
    for item in (*data.DimensionOrganizationSequence, *data.DimensionIndexSequence):
        item.DimensionOrganizationUID = uid


def _refer(data: Dataset, kind: str, number: int | None) -> None:
    """Say of which class the photograph is, and which frame of its file the segment is of; None: it is a single one."""
    derived = data.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0]
    data.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPClassUID = kind
    for holder in (data, derived):
        holder.SourceImageSequence = deepcopy(holder.SourceImageSequence)  # other sequences share its items
        holder.SourceImageSequence[0].ReferencedSOPClassUID = kind
        if number is not None:
            holder.SourceImageSequence[0].ReferencedFrameNumber = number
