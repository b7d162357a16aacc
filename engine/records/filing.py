"""Under whom the DICOM files of an export are filed: nobody, unless a person chose otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.photograph.about import IDENTIFIERS

if TYPE_CHECKING:
    from engine.photograph.about import About

PATIENT_ID = r"[^\\\x00-\x1f\x7f]{0,64}"  # what a DICOM file can hold of one (VR LO), as a regular expression


@dataclass(frozen=True)
class Filing:
    """A person's choice for one export; no result remembers it.

    as_source: a photograph that is a DICOM file has its results filed beside it, under its own patient and study.
    patient_id: that of all others.
    """

    as_source: bool = False
    patient_id: str = ""


NOBODY = Filing()


def missing(about: About) -> list[str]:
    """The identifiers, by keyword, that a photograph's file lacks for anything to be filed beside it."""
    return [name for name in IDENTIFIERS if not about.filed.get(name)]


def filed_under(about: About, filing: Filing) -> str:
    """Under whom a choice files the DICOM files of such a photograph, in words; empty where they name nobody."""
    if filing.as_source and about.clinical:
        return about.patient.called
    return f"ID {filing.patient_id}" if filing.patient_id else ""
