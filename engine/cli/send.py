"""``diffseg send``: send the DICOM files of results to an archive. The one command that uses the network."""

from __future__ import annotations

import os
import sys
from collections import Counter
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.failures import Failures
from engine.cli.options import positive
from engine.cli.results import KINDS_OF_RESULTS, result_folders
from engine.errors import ArchiveError, RecipeError
from engine.records.dicom.files import KINDS, DicomFile, dicom_files
from engine.records.sending import PASSWORD, TOKEN, USER, Archive, Credentials, checked_address
from engine.study.batch import Failed, outcomes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

HELP = "send the DICOM files of results to an archive (DICOMweb)"
SURE = ("y", "yes")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Results, where to, and what is allowed."""
    parser.description = (
        "Send the DICOM files that dicom-seg and dicom-sr wrote for results to an archive, under whom they were filed"
        f" then. The archive's user is taken from {USER} and {PASSWORD}, a token from {TOKEN}, or the user from netrc."
    )
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULT", help=KINDS_OF_RESULTS)
    parser.add_argument(
        "--to", required=True, metavar="URL", help="the archive's DICOMweb, as https://pacs.example.org/dicom-web"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="send without asking")
    parser.add_argument(
        "--unencrypted", action="store_true", help="allow http:// to another computer; anyone on the way can read it"
    )
    wait = "how long to wait for an answer (default: 120)"
    parser.add_argument("--timeout", type=positive, default=120, metavar="SECONDS", help=wait)


def run(options: argparse.Namespace) -> int:
    """Show what would be sent, ask, send, and say of each file what became of it."""
    url = checked_address(options.to, unencrypted=options.unencrypted)
    archive = Archive(url, Credentials.of(os.environ), options.timeout)
    if not options.yes and not sys.stdin.isatty():
        raise RecipeError("Nothing was sent, for nobody is there to be asked; add --yes to send without a question.")
    files: list[DicomFile] = []
    failures = Failures()
    for done in failures.done(outcomes(result_folders(options.results), dicom_files, lambda folder: folder)):
        files += done.value
    if not files:
        return 1
    print(f"To {url}:")
    for line in overview(files):
        print(f"  {line}")
    if not options.yes and not _is_sure(f"Send {_count(len(files), 'file')}? [y/N] "):
        print("Nothing was sent.")
        return 1
    return 1 if _send(files, archive) < len(files) or failures.count else 0


def overview(files: list[DicomFile]) -> Iterator[str]:
    """A line for each patient: how many files, of how many photographs, and of which kinds."""
    for patient, group in groupby(sorted(files, key=attrgetter("patient")), attrgetter("patient")):
        of = list(group)
        kinds = Counter(file.kind for file in of)
        many = _count(len({file.path.parent for file in of}), "photograph")
        listed = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS if kind in kinds)
        yield f"{patient or 'without a patient'}: {_count(len(of), 'file')} of {many} ({listed})"


def _is_sure(question: str) -> bool:
    """Ask the person; an end of the input is no."""
    print(question, end="", flush=True)
    return sys.stdin.readline().strip().lower() in SURE


def _send(files: list[DicomFile], archive: Archive) -> int:
    """Send files until all are sent, or none can be any more; how many the archive has."""
    stored = 0
    for outcome in outcomes(files, archive.store, attrgetter("path")):
        if not isinstance(outcome, Failed):
            print(f"{outcome.item.path}: {outcome.value}")
            stored += 1
            continue
        print(f"diffseg: {outcome.error}", file=sys.stderr)
        if isinstance(outcome.error, ArchiveError):
            break
    print(f"{stored} of {_count(len(files), 'file')} stored")
    return stored


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
