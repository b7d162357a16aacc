"""What a file says of its photograph, beside the pixels: shown to the person, listed by ``diffseg info``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENT_AND_STUDY = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"),
    *("AccessionNumber", "ReferringPhysicianName"),
)
IDENTIFIERS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
LEAST_SIDE_MM, MOST_SIDE_MM = 1.0, 3000.0  # of a photograph, from a close-up to a whole person


@dataclass(frozen=True)
class Spacing:
    """The size of a pixel in mm, and which entry of the file says so."""

    mm_per_px: float
    source: str


@dataclass(frozen=True)
class Patient:
    """Whom a photograph shows, as (name of the entry, value). It is shown to the person, and is part of no export."""

    entries: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def called(self) -> str:
        """Name and ID, as "Doe, Jane, ID 4711"; empty where neither is known."""
        known = dict(self.entries)
        return ", ".join(part for part in (known.get("Name", ""), f"ID {known['ID']}" if "ID" in known else "") if part)


@dataclass(frozen=True)
class About:
    """A file's kind, and what it says of the photograph in it; empty where it says nothing.

    kind: "JPEG", or a DICOM file's kind and compression. depth: bits a channel in the file; used: those that its values
    need. turned: what was done to bring it upright. profile: name of its colour profile. frames: how many photographs
    it holds. date: "2026-05-03" or "2026-05-03 14:02:11". left_out: what the program passes over. notes: one sentence
    each, where something is not as one would expect. clinical: a clinic's file, whose date, site, side and device are
    kept with results; those of a camera (EXIF) are not. lossy: something of the pixels was, or may have been, lost to
    compression, now or in an earlier file. region: the code of the body site, as (value, scheme, meaning).
    filed: what its DICOM header says of patient, study and itself, by keyword; part of no export but by a person's
    choice.
    """

    kind: str = ""
    depth: int = 8
    used: int = 8
    turned: str = ""
    profile: str = ""
    frames: int = 1
    spacing: Spacing | None = None
    date: str = ""
    body_site: str = ""
    laterality: str = ""
    device: str = ""
    patient: Patient = field(default_factory=Patient, repr=False)
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    clinical: bool = False
    lossy: bool = False
    region: tuple[str, str, str] | None = None
    filed: Mapping[str, str] = field(default_factory=dict, repr=False)

    def kept(self) -> dict[str, Any]:
        """What is kept with results, JSON-ready: nothing that tells who the patient is."""
        said: dict[str, Any] = {}
        if self.spacing is not None:
            said["mm_per_px"], said["mm_per_px_from"] = self.spacing.mm_per_px, self.spacing.source
        if self.clinical:
            entries = {name: getattr(self, name) for name in ("date", "body_site", "laterality", "device")}
            said |= {name: value for name, value in entries.items() if value}
        return said
