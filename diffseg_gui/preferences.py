"""What is remembered between two starts: the window's place, its panels and theme, folders, recent files. No result."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

RECENT = 8


class Preferences:
    """A thin face on QSettings."""

    def __init__(self, settings: QSettings | None = None) -> None:
        """settings: where to keep them; None: nowhere, they are forgotten when the program ends."""
        if settings is not None:
            _unlock(settings)
        self._settings: QSettings | dict[str, object] = {} if settings is None else settings

    def value(self, key: str) -> object:
        """What was kept under a key, or None."""
        return self._settings.get(key) if isinstance(self._settings, dict) else self._settings.value(key)

    def text(self, key: str, default: str = "") -> str:
        """A text that was kept under a key."""
        return str(self.value(key) or default)

    def texts(self, key: str) -> list[str]:
        """A list of texts that was kept under a key; empty where something else stands there."""
        stored = self.value(key)
        if isinstance(stored, str):  # as a list of one comes back
            return [stored]
        return [text for text in stored if isinstance(text, str)] if isinstance(stored, list) else []

    def data(self, key: str) -> QByteArray | None:
        """Bytes that were kept under a key: the window's "geometry" or "layout"."""
        value = self.value(key)
        return value if isinstance(value, QByteArray) else None

    def set(self, key: str, value: object) -> None:
        """Keep a text, a list of texts or bytes."""
        if isinstance(self._settings, dict):
            self._settings[key] = value
        else:
            self._settings.setValue(key, value)

    @property
    def remembers(self) -> bool:
        """Whether files that are opened are remembered."""
        return self.text("remember") != "no"

    def remember_files(self, on: bool) -> None:
        """Remember files that are opened from now on, or forget all of them and remember none."""
        self.set("remember", "yes" if on else "no")
        if not on:
            self.forget()

    def recent(self) -> list[Path]:
        """Files opened lately, newest first."""
        # Whether they still exist is not asked: a lost network drive would take its time over each.
        return [path for path in map(Path, self.texts("recent")) if path.is_absolute()]

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones, if any are to be remembered."""
        if not self.remembers:
            return
        path = path.absolute()  # the next start may be from another folder
        others = [name for name in self.texts("recent") if name != str(path)]
        self.set("recent", [str(path), *others][:RECENT])
        self.set("folder", str(path.parent))

    def forget(self) -> None:
        """Empty the list of recent files, and forget the folder of the last one, whose name may tell as much."""
        self.set("recent", [])
        self.set("folder", "")


def _unlock(settings: QSettings) -> None:
    """Remove a lock that a crash has left before it said whose it is: Qt would wait half a minute for its owner."""
    lock = Path(f"{settings.fileName()}.lock")
    with suppress(OSError):
        if lock.stat().st_size == 0:
            lock.unlink()
