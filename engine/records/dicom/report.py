"""The measures of a lesion as a DICOM structured report (TID 1500), with their ranges, and a person's verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.records.dicom import header, segmentation
from engine.records.dicom.source import frame_number, source
from engine.records.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from pydicom import Dataset

    from engine.records.record import Record

    Code: TypeAlias = tuple[str, str, str]  # value, scheme, meaning

SERIES = 103
OWN = "99DIFFSEG"  # the scheme of what has no code in SNOMED CT
NAMES = {
    "area": ("42798000", "SCT", "Area"),
    "perimeter": ("131191004", "SCT", "Perimeter"),
    "largest_diameter": ("103339001", "SCT", "Long Axis"),
    "smallest_diameter": ("103340004", "SCT", "Short Axis"),
    "asymmetry": ("asymmetry", OWN, "Asymmetry, share that its mirror image misses"),
    "compactness": ("irregularity", OWN, "Border irregularity, perimeter squared / 4 pi area"),
}
GED = ("ged", OWN, "Generalised energy distance of the outlines")
READERS = ("readers", OWN, "Dice that two readers' outlines would have")
VERDICT = ("verdict", OWN, "Verdict on the border by who reviewed it")
VERDICTS = {
    "good": ("good", OWN, "Good"),
    "usable": ("usable", OWN, "Usable"),
    "not usable": ("not-usable", OWN, "Not usable"),
}
COMMENT = ("121106", "DCM", "Comment")
INTERVAL = {
    "value": None,
    "low": ("interval_low", OWN, "Lower end of the 80 % interval"),
    "high": ("interval_high", OWN, "Upper end of the 80 % interval"),
}
RANGE = {
    "value": None,
    "low": ("255605001", "SCT", "Minimum"),
    "high": ("56851009", "SCT", "Maximum"),
}
UNITS = {
    "mm": ("mm", "UCUM", "millimeter"),
    "mm²": ("mm2", "UCUM", "square millimeter"),
    "px": ("{pixels}", "UCUM", "Pixels"),
    "px²": ("{pixels}", "UCUM", "Pixels"),  # an area is a number of them
    "": ("1", "UCUM", "no units"),
}
PROCEDURE = ("363679005", "SCT", "Imaging procedure")
TITLE = ("126000", "DCM", "Imaging Measurement Report")


def report(record: Record) -> Dataset:
    """The measures of the final mask, with the photograph and the segmentation as what they are of."""
    from highdicom.sr import ComprehensiveSR, MeasurementReport

    of, mask = source(record), segmentation.mask(record)
    identity = header.study(record), header.content(record), "report"
    content = MeasurementReport(
        _context(record), header.code(*PROCEDURE), [_group(record, of, mask)], header.code(*TITLE)
    )
    data = ComprehensiveSR(
        [of, mask], content[0], header.uid("series", *identity), SERIES, header.uid("instance", *identity), 1,
        header.MAKER, is_complete=True, series_description="Measures of the lesion",
    )  # fmt: skip
    header.file_under(data, record)
    header.date_with(data, record)
    header.made_by(data, record)
    del data.ContributingEquipmentSequence  # says when it was written
    return data


def _context(record: Record) -> Any:
    """By whom the report is: the program. Whoever corrected a mask is not known by name."""
    from highdicom.sr import DeviceObserverIdentifyingAttributes, ObservationContext, ObserverContext

    version = header.long_string(record.said["version"])
    observer = DeviceObserverIdentifyingAttributes(
        header.uid("program", version), header.MAKER, header.MAKER, header.MAKER, header.long_string(version)
    )
    return ObservationContext(ObserverContext(header.code("121007", "DCM", "Device"), observer))


def _group(record: Record, of: Dataset, mask: Dataset) -> Any:
    """All measures of the one lesion (TID 1411), a segment of the segmentation, and what a person said of it."""
    from highdicom.sr import (
        AlgorithmIdentification,
        FindingSite,
        ReferencedSegment,
        SourceImageForSegmentation,
        TrackingIdentifier,
        VolumetricROIMeasurementsAndQualitativeEvaluations,
    )

    uid, name = header.lesion(record)
    number = frame_number(record)
    image = SourceImageForSegmentation(of.SOPClassUID, of.SOPInstanceUID, None if number is None else [number])
    made = [f"{key}={value}" for key, value in header.parameters(record).items()]
    group = VolumetricROIMeasurementsAndQualitativeEvaluations(
        TrackingIdentifier(uid, name),
        referenced_segment=ReferencedSegment(mask.SOPClassUID, mask.SOPInstanceUID, 1, source_images=[image]),
        finding_type=header.code(*segmentation.LESION),
        finding_sites=[FindingSite(header.code(*header.region(record)))],
        algorithm_id=AlgorithmIdentification(header.MAKER, header.long_string(record.said["version"]), made),
        measurements=_measurements(record),
        qualitative_evaluations=_verdict(record),
    )
    group[0].ContentSequence.extend(_note(record))
    return group


def _verdict(record: Record) -> list[Any] | None:
    """The verdict of a person who gave one."""
    from highdicom.sr import QualitativeEvaluation

    verdict = record.reading.verdict
    return [QualitativeEvaluation(header.code(*VERDICT), header.code(*VERDICTS[verdict]))] if verdict else None


def _note(record: Record) -> list[Any]:
    """The person's own words, in one line, as reports have them."""
    from highdicom.sr import RelationshipTypeValues, TextContentItem

    note = plain(record.reading.note).strip()
    return [TextContentItem(header.code(*COMMENT), note, RelationshipTypeValues.CONTAINS)] if note else []


def _measurements(record: Record) -> list[Any]:
    """Value, minimum and maximum of each measure, as the sidecar has them; and how far the outlines differ.

    Beside it stands how well readers would agree, where the model knows.
    """
    made: list[Any] = []
    for name, measure in record.said["measures"].items():
        made += _figures(NAMES[name], measure, RANGE, UNITS[measure["unit"]])
    made += _figures(GED, {"value": record.said["ged"]}, {"value": None}, UNITS[""])
    if expected := record.said.get("expected_agreement"):
        made += _figures(READERS, expected, INTERVAL, UNITS[""])
    return made


def _figures(
    name: Code, figures: Mapping[str, float], derivations: Mapping[str, Code | None], unit: Code
) -> Iterator[Any]:
    """A measurement for each figure, with how it was derived."""
    from highdicom.sr import Measurement

    for key, derivation in derivations.items():
        how = None if derivation is None else header.code(*derivation)
        yield Measurement(header.code(*name), float(figures[key]), header.code(*unit), derivation=how)
