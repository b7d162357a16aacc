"""What the commands share that take results: which folders they are, which formats, where photographs lie."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import ExportError, RecipeError
from engine.records.atomic import PARTIAL
from engine.records.filing import PATIENT_ID, Filing
from engine.records.sidecar import SIDECAR
from engine.records.style import COMMA, LANGUAGES, PAPERS, POINT, Style, decimal_of
from engine.records.writers import writers
from engine.study.finding import Photographs

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage

KINDS_OF_RESULTS = f"a {SIDECAR}, the folder that holds one, or a folder of such folders"
SIGNS = {"point": POINT, "comma": COMMA}


def add_result_options(parser: argparse.ArgumentParser) -> None:
    """Results, and where their photographs lie."""
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULT", help=KINDS_OF_RESULTS)
    where = "where the photographs are, in whatever folder below it and by whatever name (default: beside each result);"
    parser.add_argument(
        "--photographs", type=Path, action="append", default=[], metavar="DIR", help=f"{where} repeatable"
    )


def add_filing_options(parser: argparse.ArgumentParser) -> None:
    """Under whom DICOM files are filed."""
    own = "file dicom-seg and dicom-sr of DICOM photographs under their own patient and study (default: under nobody)"
    parser.add_argument("--patient", action="store_true", help=own)
    other = "the patient ID in DICOM files of all other photographs, which must be of one patient (default: empty)"
    parser.add_argument("--patient-id", type=_patient_id, default="", metavar="ID", help=other)


def _patient_id(text: str) -> str:
    """An option's value as a patient ID that a DICOM file can hold as it is."""
    if not re.fullmatch(PATIENT_ID, text.strip()):
        raise argparse.ArgumentTypeError(
            "a patient ID has at most 64 characters, and no backslash or control character"
        )
    return text.strip()


class Filings:
    """Under whom the DICOM files of each photograph are filed, as it was chosen: one patient ID is for one patient."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._chosen = Filing(options.patient, options.patient_id)
        self._named = ""  # by the first file that names a patient

    def of(self, image: SkinImage) -> Filing:
        """The choice. Raises :class:`ExportError` for a photograph of another patient than those before it."""
        named = "" if self._chosen.as_source or not self._chosen.patient_id else image.about.patient.called
        self._named = self._named or named
        if named and named != self._named:
            raise ExportError(
                f"{image.path.name} names another patient than a photograph before it, so {self._chosen.patient_id}"
                " cannot be the ID of both; file it by itself, or each under its own with --patient."
            )
        return self._chosen


def photographs(options: argparse.Namespace) -> Photographs:
    """Where to look for photographs. Raises :class:`RecipeError` for what is no folder."""
    for below in options.photographs:
        if not below.is_dir():
            raise RecipeError(f"{below} is not a folder; name the one that holds the photographs.")
    return Photographs(*options.photographs)


def result_folders(paths: list[Path]) -> list[Path]:
    """The folders of the results that these paths stand for, each once.

    A path that holds no result stays, for the command to say so. Raises :class:`RecipeError` for a folder without any.
    """
    folders: list[Path] = []
    for path in paths:
        if path.name == SIDECAR or not path.is_dir() or (path / SIDECAR).exists():
            folders.append(path.parent if path.name == SIDECAR else path)
            continue
        found = (one.parent for one in path.glob(f"*/{SIDECAR}"))
        inside = sorted(one for one in found if not one.name.startswith(PARTIAL))  # which a crash has left
        if not inside:
            raise RecipeError(f"{path} holds no {SIDECAR}; name a folder that does, or one of such folders.")
        folders += inside
    return list(dict.fromkeys(folders))


def chosen_formats(text: str) -> tuple[str, ...]:
    """An option's value as the names of formats."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in writers()]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"there is no format {text!r}; choose from {', '.join(writers())}")
    return names


def add_style_options(parser: argparse.ArgumentParser) -> None:
    """How reports look."""
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help="of reports (default: en)")
    parser.add_argument("--paper", choices=tuple(PAPERS), default="a4", help="of reports (default: a4)")
    usual = "of reports (default: as is usual in their language)"
    parser.add_argument("--decimal", choices=tuple(SIGNS), help=f"the decimal sign {usual}")


def style(options: argparse.Namespace) -> Style:
    """What these options say."""
    decimal = SIGNS[options.decimal] if options.decimal else decimal_of(options.language)
    return Style(options.language, options.paper, decimal)
