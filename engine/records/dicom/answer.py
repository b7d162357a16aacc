"""What an archive says of files that were to be stored: the answer of STOW-RS as DICOM JSON (PS3.18 10.5.3, F.2)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

FAILED, STORED = "00081198", "00081199"  # FailedSOPSequence, ReferencedSOPSequence
UID, FAILURE_REASON, WARNING_REASON = "00081155", "00081197", "00081196"  # in an item of these
REASONS = {  # PS3.18 table I.2-2, by the first digits of a failure's code
    "0110": "it failed to process it",
    "0111": "it has another file of this identifier",
    "0117": "it takes the file for damaged",
    "0122": "it takes no files of this kind",
    "0124": "this user may not store it",
    "A7": "it has no room",
    "A9": "it takes the file for one of another kind",
    "C": "it does not understand the file",
}

Item = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What is said of each file, by its identifier: of those that were not stored, and of those that were."""

    failed: dict[str, Item] = field(default_factory=dict)
    stored: dict[str, Item] = field(default_factory=dict)


def items(content: bytes) -> Answer:
    """The content of an answer; one that says nothing where it is of another form."""
    try:
        said = json.loads(content)
    except ValueError:
        return Answer()
    return Answer(*(_by_uid(said, sequence) for sequence in (FAILED, STORED)))


def why_not(item: Item) -> str:
    """Why a file was not stored, with the code that says so."""
    code = _code(item, FAILURE_REASON)
    words = next((words for digits, words in REASONS.items() if code.startswith(digits)), "it does not say why")
    return f"{words} ({code})" if code else words


def warning(item: Item) -> str:
    """The code of what was changed, or amiss, in a file that was stored; empty where there is none."""
    return _code(item, WARNING_REASON)


def _by_uid(said: Any, sequence: str) -> dict[str, Item]:
    found = [item for item in _values(said, sequence) if isinstance(item, dict)]
    return {str(uid): item for item in found for uid in _values(item, UID)}


def _values(said: Any, tag: str) -> list[Any]:
    """The values of an entry; none where it is not there, or not as it should be."""
    entry = said.get(tag) if isinstance(said, dict) else None
    values = entry.get("Value") if isinstance(entry, dict) else None
    return values if isinstance(values, list) else []


def _code(item: Item, tag: str) -> str:
    """Four hexadecimal digits, as the standard lists codes; empty where there are none."""
    return next((f"{value:04X}" for value in _values(item, tag) if isinstance(value, int)), "")
