"""The DICOM files that an export wrote for a result, found again to be sent."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ExportError
from engine.photograph.dicom.header import patient

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom import Dataset

KINDS = ("photograph", "segmentation", "probability", "report")  # what is referred to comes before what refers to it


@dataclass(frozen=True)
class DicomFile:
    """A file of a result. uid: its own. study: the one it is filed in. patient: under whom, in words; empty: nobody."""

    path: Path
    uid: str
    study: str
    patient: str

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return self.path.stem


def dicom_files(folder: Path) -> list[DicomFile]:
    """Those of the result in a folder, in the order of KINDS.

    Raises :class:`ExportError` where there are none, one cannot be read, or they are those of several exports.
    """
    paths = (folder / "dicom" / f"{kind}.dcm" for kind in KINDS)
    found = [_read(path) for path in paths if path.is_file()]
    if not folder.exists():
        raise ExportError(f"{folder} does not exist; name a folder of results.")
    if not found:
        raise ExportError(
            f"{folder} holds no DICOM files; make them with: diffseg export {folder} --to dicom-sr -o {folder.parent}"
            " --photographs FOLDER, the folder of its photograph"
        )
    if len({(file.study, file.patient) for file in found}) > 1:
        raise ExportError(
            f"The files in {folder / 'dicom'} are filed under several patients or studies, from several exports; delete"
            " that folder and export again."
        )
    return found


def filed_elsewhere(folder: Path, study: str) -> list[str]:
    """Names, relative to a result's folder, of DICOM files in it that are filed in another study. study: its UID."""
    found = []
    for name in (f"dicom/{kind}.dcm" for kind in KINDS):
        with suppress(ExportError):  # of one that is not there, or is none
            if read(folder / name, pixels=False).get("StudyInstanceUID") != study:
                found.append(name)
    return found


def read(path: Path, *, pixels: bool = True) -> Dataset:
    """A file as pydicom has it. Raises :class:`ExportError` for what is none."""
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about entries of the clinic's own that are not quite right
            return dcmread(path, stop_before_pixels=not pixels)
    except (InvalidDicomError, OSError, ValueError, EOFError) as error:
        raise ExportError(f"{path} cannot be read as a DICOM file ({error}); export it again.") from None


def _read(path: Path) -> DicomFile:
    data = read(path, pixels=False)
    uid, study = (str(data.get(name) or "") for name in ("SOPInstanceUID", "StudyInstanceUID"))
    if not uid or not study:
        raise ExportError(f"{path} does not say which file of which study it is; export it again.")
    return DicomFile(path, uid, study, patient(data).called)
