"""What all DICOM objects of a record have in common: identifiers, patient and study, dates, and bytes."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import warnings
from typing import TYPE_CHECKING, Any

from engine.errors import ExportError
from engine.photograph.about import PATIENT_AND_STUDY
from engine.records.filing import missing
from engine.records.text import plain

if TYPE_CHECKING:
    from pydicom import Dataset

    from engine.records.record import Record

MAKER = "DiffSeg"
UTF_8 = "ISO_IR 192"
LONGEST = 64  # characters of a long string (VR LO)
OURS = uuid.UUID("4f2b7b0a-7a35-5d0e-9a53-0d8f1c0c5a11")  # the name space of all identifiers that are derived here
SKIN = ("39937001", "SCT", "Skin")


def uid(*parts: str) -> str:
    """A unique identifier (PS3.5 B.2) that is always the same for the same parts."""
    return f"2.25.{uuid.uuid5(OURS, chr(0).join(parts)).int}"


def lesion(record: Record) -> tuple[str, str]:
    """Identifier and name by which the lesion of a photograph is known again, whatever result it is of."""
    identity = record.found.image.identity
    return uid("lesion", identity), f"Lesion {identity[:16]}"


def study(record: Record) -> str:
    """The identifier of the study: the photograph's own, or one of this photograph alone."""
    if stays_in_its_study(record):
        return record.found.image.about.filed["StudyInstanceUID"]
    return uid("study", record.found.image.identity, record.filing.patient_id)


def stays_in_its_study(record: Record) -> bool:
    """Whether the results are filed beside the photograph's own DICOM file.

    Raises :class:`ExportError` where that was chosen, and the file does not say what it takes.
    """
    about = record.found.image.about
    if not (record.filing.as_source and about.clinical):
        return False
    if lacks := missing(about):
        name = record.found.image.path.name
        raise ExportError(f"{name} has no {lacks[0]}, so nothing can be filed beside it; export without --patient.")
    return True


def content(record: Record) -> str:
    """A digest of all that a record says: files of other content have other identifiers."""
    said = json.dumps(record.said, sort_keys=True).encode()
    return hashlib.sha256(said + record.mask.tobytes()).hexdigest()


def file_under(data: Dataset, record: Record) -> None:
    """Fill in patient and study: empty, but for what was chosen.

    Raises :class:`ExportError` as :func:`stays_in_its_study` does.
    """
    about, own = record.found.image.about, stays_in_its_study(record)
    day, _, clock = about.kept().get("date", "").partition(" ")
    new = {"PatientID": long_string(record.filing.patient_id), "StudyDate": digits(day), "StudyTime": digits(clock)}
    entries = about.filed if own else new
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about entries of the clinic's own that are not quite right
        for name in PATIENT_AND_STUDY:
            setattr(data, name, entries.get(name, ""))
    data.StudyInstanceUID = study(record)
    data.SpecificCharacterSet = UTF_8


def leave_open(data: Dataset, record: Record) -> None:
    """Fill in the study, and an empty patient: what a clinic's file says is not always as highdicom wants it."""
    for name in PATIENT_AND_STUDY:
        setattr(data, name, "")
    data.StudyInstanceUID = study(record)


def date_with(data: Dataset, record: Record) -> None:
    """Fill in when the object's content came to be: when the result was made, never when it is written.

    Raises :class:`ExportError` for a result that does not say it.
    """
    day, _, clock = str(record.said.get("made", "")).partition("T")
    if not clock:
        name = record.found.image.path.name
        raise ExportError(f"The result of {name} does not say when it was made, as DICOM wants; segment it again.")
    data.InstanceCreationDate = data.ContentDate = digits(day)
    data.InstanceCreationTime = data.ContentTime = digits(clock)


def made_by(data: Dataset, record: Record) -> None:
    """Fill in the equipment: the program, and as its serial number its model's digest."""
    data.Manufacturer = data.ManufacturerModelName = MAKER
    data.SoftwareVersions = long_string(record.said["version"])
    data.DeviceSerialNumber = long_string(record.said["model"]["sha256"])


def parameters(record: Record) -> dict[str, str]:
    """How the result was made, as DICOM lists the parameters of an algorithm."""
    said, made = record.said, record.provenance
    return {
        "model": long_string(made["model"]),
        "model_sha256": made["model_sha256"],
        "photograph_sha256": made["photograph_sha256"],
        "timesteps": " ".join(map(str, made["timesteps"])),
        "delta": f"{made['delta']:.6g}",
        "refined": "yes" if said["refined"] else "no",
    }


def region(record: Record) -> tuple[str, str, str]:
    """The code of the place on the body, as (value, scheme, meaning); the skin where nobody said more."""
    return record.found.image.about.region or SKIN


def long_string(text: str) -> str:
    """Text from outside as one value: a backslash would begin another one."""
    return plain(text).replace("\\", "/").strip()[:LONGEST]


def digits(text: str) -> str:
    """A date or a time of day as DICOM writes it."""
    return "".join(filter(str.isdigit, text))


def saved(data: Dataset) -> bytes:
    """An object as a file's content, uncompressed unless it says otherwise."""
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    syntax = getattr(getattr(data, "file_meta", None), "TransferSyntaxUID", ExplicitVRLittleEndian)
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in file_under
        data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def code(value: str, scheme: str, meaning: str) -> Any:
    """A coded concept."""
    from pydicom.sr.coding import Code

    return Code(value, scheme, meaning)
