"""What a training run leaves beside its model: the log, and the checkpoint that a resumed run goes on from."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import pickle
from typing import TYPE_CHECKING, Any

import torch

from engine.errors import TrainingError
from engine.records.atomic import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from engine.progress import Say

OTHER = {"images": "other images", "start": "another start", "processes": "another number of processes"}


class Log:
    """A CSV file, one row per validation, appended to when a run resumes.

    A row that cannot be written (Excel holds the file open, say) waits for the next: no log is worth the run.
    """

    COLUMNS = ("step", "seconds", "noise", "pair", "mask", "total", "val_dice")

    def __init__(self, path: Path, resume: bool, say: Say) -> None:
        """Begin the file, or go on with it. say: hears once that a row has to wait, and why.

        Raises :class:`TrainingError` if the file cannot be begun.
        """
        self.path = path
        self._say = say
        self._waiting: list[tuple[object, ...]] = []
        self._warned = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not (resume and path.exists()):
                self._put("w", [self.COLUMNS])
        except OSError as error:
            raise TrainingError(f"{path} cannot be written ({error.strerror}); choose another --out.") from None

    def write(self, step: int, seconds: float, terms: dict[str, float], dice: float) -> None:
        """Append a row, or say once that it has to wait."""
        values = [f"{terms[name]:.5f}" for name in self.COLUMNS[2:-1]]
        self._waiting.append((step, round(seconds, 1), *values, f"{dice:.5f}"))
        try:
            self._put("a", self._waiting)
            self._waiting = []
        except OSError as error:
            if not self._warned:
                why = f"{self.path} cannot be written ({error.strerror})"
                self._say(f"diffseg: {why}; close it elsewhere, training goes on meanwhile.")
            self._warned = True

    def _put(self, mode: str, rows: list[tuple[object, ...]]) -> None:
        with self.path.open(mode, newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


def origin(ids: list[str], start: dict[str, Any], processes: int) -> dict[str, str]:
    """What decides a run beside its settings: the order of its images, its start, who takes which share of a batch."""
    return {"images": _digest(ids), "start": _digest(start), "processes": str(processes)}


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint whole or not at all. Raises :class:`ExportError`; the one before it then remains."""
    held = io.BytesIO()
    torch.save(state, held)
    write_whole(path, held.getvalue())


def load_checkpoint(path: Path, made_from: dict[str, str]) -> dict[str, Any]:
    """Read a checkpoint. made_from: :func:`origin` of the run that resumes.

    Raises :class:`TrainingError` if it cannot be read, or is of a run of other origin.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        before = state["origin"]
        changed = [OTHER[name] for name, value in made_from.items() if before[name] != value]
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError, KeyError, TypeError, IndexError):
        raise TrainingError(
            f"The checkpoint {path} is damaged, or of an earlier version; start anew with another --out."
        ) from None
    if changed:
        raise TrainingError(
            f"The checkpoint {path} was made with {' and '.join(changed)}; resume with the same, or start anew."
        )
    return dict(state)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
