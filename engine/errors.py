"""What can go wrong for a user. Every message is one sentence fit to show a clinician: what, where, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DiffSegError(Exception):
    """Base of all errors that a user can act upon; anything else that escapes the engine is a bug."""


class ImageError(DiffSegError):
    """A file that cannot be read as a dermoscopy image or as a mask."""


class ModelError(DiffSegError):
    """A model file that is missing, damaged or of the wrong shape."""


class RecipeError(DiffSegError):
    """A setting outside its range, or a recipe file that cannot be read."""


class DeviceError(DiffSegError):
    """A computing device that was asked for and is not there."""


class MemoryShortageError(DiffSegError):
    """An image that needs more memory than there is."""

    @classmethod
    def of(cls, path: Path) -> MemoryShortageError:
        """That of the photograph at a path."""
        return cls(f"There is not enough memory for {path}; close other programs, or reduce the image.")


class ExportError(DiffSegError):
    """Results that could not be written."""


class ArchiveError(DiffSegError):
    """An archive that cannot be reached, or takes nothing from this user: no further file need be sent."""


class RefusedError(DiffSegError):
    """A file that an archive did not take."""


class ReadingError(DiffSegError):
    """Corrections, decisions or a ruler that cannot be used, or a kept reading that cannot be read."""


class TrainingError(DiffSegError):
    """Training data that does not fit together, or a checkpoint that does not belong to this run."""
