"""Under whom the DICOM files of an export are filed: nobody, unless a person chose otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Filing:
    """A person's choice for one export; no result remembers it.

    as_source: a photograph that is a DICOM file has its results filed beside it, under its own patient and study.
    patient_id: that of all others.
    """

    as_source: bool = False
    patient_id: str = ""


NOBODY = Filing()
