"""What a DICOM header says of a photograph: scale, date, place on the body, device, patient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from engine.photograph.about import IDENTIFIERS, LEAST_SIDE_MM, MOST_SIDE_MM, PATIENT_AND_STUDY, Patient, Spacing
from engine.photograph.exif import plain

if TYPE_CHECKING:
    from pydicom import Dataset

SQUARE = 0.01  # share by which a pixel's sides may differ
SIDES = {"R": "right", "L": "left", "B": "both sides", "U": "unpaired"}
DATES = (("AcquisitionDateTime", ""), ("ContentDate", "ContentTime"), ("AcquisitionDate", "AcquisitionTime"),
         ("SeriesDate", "SeriesTime"), ("StudyDate", "StudyTime"))  # fmt: skip
OF_DETECTOR = "its pixel spacing is that of the sensor, not of the skin, and is not used: lay the ruler"
NOT_SQUARE = "its pixels are not square ({} x {} mm), so their spacing is not used: lay the ruler"
NOT_ITS_SIZE = "its pixel spacing is for a picture of the size in its header, and is not used: lay the ruler"
NOT_LIKELY = "with its pixel spacing it would be {:.4g} mm wide, so this is not used: lay the ruler"


def spacing(data: Dataset, frame: int, size: tuple[int, ...]) -> tuple[Spacing | None, tuple[str, ...]]:
    """The size of a pixel on the skin, where the header gives it; and why what it gives is not taken.

    size: height and width of the picture that is really there; a spacing is that of pixels in the header's size.
    Pixel Spacing (0028,0030) alone is one, of the whole file or of its frame. Imager Pixel Spacing (0018,1164) is that
    of the sensor; where both are equal and nothing says how they were calibrated, the former only repeats the latter
    (PS3.3 10.7.1.3).
    """
    source = _measures(data, frame)
    both = _numbers(source.get("PixelSpacing"))
    if both is None:
        return None, ()
    how = plain(str(source.get("PixelSpacingCalibrationType") or "")).lower()
    if not how and both == _numbers(data.get("ImagerPixelSpacing")):
        return None, (OF_DETECTOR,)
    if size != (data.Rows, data.Columns):
        return None, (NOT_ITS_SIZE,)
    high, wide = both
    if abs(high - wide) > SQUARE * max(high, wide):
        return None, (NOT_SQUARE.format(f"{wide:g}", f"{high:g}"),)
    mm = math.sqrt(high * wide)
    side = mm * max(size)
    if not LEAST_SIDE_MM <= side <= MOST_SIDE_MM:
        return None, (NOT_LIKELY.format(side),)
    return Spacing(mm, f"DICOM Pixel Spacing, calibrated by {how}" if how else "DICOM Pixel Spacing"), ()


def is_lossy(data: Dataset) -> bool:
    """Whether something of the pixels was lost: to what compresses them now, or before, as only the header can say.

    What was lost stays lost in a file that was decompressed since (PS3.3 C.7.6.1.1.5).
    """
    name = data.file_meta.TransferSyntaxUID.name.replace("Near-Lossless", "")
    return ("JPEG" in name and "Lossless" not in name) or str(data.get("LossyImageCompression") or "").strip() == "01"


def date(data: Dataset) -> str:
    """When it was taken, as "2026-01-01 12:00:00", as far as that is known."""
    for day, hour in DATES:
        digits = plain(str(data.get(day) or ""))
        if said := _day(digits):
            clock = digits[8:14] if not hour else plain(str(data.get(hour) or ""))[:6]
            clock = clock if len(clock) == 6 and clock.isdigit() else ""
            return f"{said} {clock[:2]}:{clock[2:4]}:{clock[4:]}" if clock else said
    return ""


def body_site(data: Dataset) -> str:
    """Where on the body, in the words of its code."""
    region = _first(data, "AnatomicRegionSequence") or _first(data, "PrimaryAnatomicStructureSequence")
    return plain(str((region or {}).get("CodeMeaning") or data.get("BodyPartExamined") or "")).capitalize()


def region(data: Dataset) -> tuple[str, str, str] | None:
    """The code of the place on the body, as (value, scheme, meaning), where it is a whole one."""
    coded = _first(data, "AnatomicRegionSequence") or {}
    names = ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")
    value, scheme, meaning = (plain(str(coded.get(name) or "")).replace("\\", "/") for name in names)
    return (value[:16], scheme[:16], meaning[:64]) if value and scheme and meaning else None


def filed(data: Dataset) -> dict[str, str]:
    """What the file is filed by: patient, study, series, itself."""
    return {name: plain(str(data.get(name) or "")).strip() for name in (*PATIENT_AND_STUDY, *IDENTIFIERS)}


def laterality(data: Dataset) -> str:
    """Which side of the body."""
    letter = str(data.get("ImageLaterality") or data.get("Laterality") or "").strip()
    modifier = _first(_first(data, "AnatomicRegionSequence") or {}, "AnatomicRegionModifierSequence") or {}
    return SIDES.get(letter, plain(str(modifier.get("CodeMeaning") or "")).lower())


def device(data: Dataset) -> str:
    """Maker and model."""
    maker, model = (plain(str(data.get(name) or "")) for name in ("Manufacturer", "ManufacturerModelName"))
    return model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()


def patient(data: Dataset) -> Patient:
    """Whom it shows: for the window alone."""
    texts = {name: plain(str(data.get(f"Patient{name}") or "")) for name in ("Name", "ID", "BirthDate", "Sex")}
    family, _, given = texts["Name"].partition("=")[0].partition("^")  # "=" parts other ways to write it
    entries = {
        "Name": ", ".join(part for part in (family, " ".join(given.replace("^", " ").split())) if part),
        "ID": texts["ID"],
        "Born": _day(texts["BirthDate"]) or texts["BirthDate"],
        "Sex": texts["Sex"],
    }
    return Patient(tuple((title, value) for title, value in entries.items() if value))


def _day(digits: str) -> str:
    """A date "20260101…" as "2026-01-01"; empty where it is none."""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if len(digits) >= 8 and digits[:8].isdigit() else ""


def _measures(data: Dataset, frame: int) -> Any:
    """What holds the pixel spacing: the header itself, or its groups for this frame or for all."""
    if "PixelSpacing" in data:
        return data
    frames = data.get("PerFrameFunctionalGroupsSequence") or []
    for group in (frames[frame] if frame < len(frames) else {}, _first(data, "SharedFunctionalGroupsSequence") or {}):
        if (found := _first(group, "PixelMeasuresSequence")) is not None:
            return found
    return {}


def _first(data: Any, sequence: str) -> Any:
    """A sequence's first item, or None."""
    items = data.get(sequence) or []
    return items[0] if len(items) else None


def _numbers(value: Any) -> tuple[float, float] | None:
    """Two finite numbers above 0, or None."""
    try:
        high, wide = (float(part) for part in value)
    except (TypeError, ValueError):
        return None
    return (high, wide) if all(0 < part < math.inf for part in (high, wide)) else None
