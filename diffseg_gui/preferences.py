"""What is remembered between two starts: the window's place, the last folders, recent files. Never a result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

RECENT = 8


class Preferences:
    """A thin face on QSettings."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings if settings is not None else QSettings("DiffSeg", "DiffSeg")

    def recent(self) -> list[Path]:
        """Files opened lately, newest first, that still exist."""
        stored = self._settings.value("recent", [])
        names = [stored] if isinstance(stored, str) else list(stored or [])
        return [Path(name) for name in names if Path(name).exists()]

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        names = [str(path), *(str(p) for p in self.recent() if p != path)]
        self._settings.setValue("recent", names[:RECENT])
        self._settings.setValue("folder", str(path.parent))

    def folder(self, key: str = "folder") -> str:
        """The folder last used for opening ("folder") or exporting ("export")."""
        return str(self._settings.value(key, ""))

    def set_folder(self, key: str, folder: Path) -> None:
        """Remember a folder."""
        self._settings.setValue(key, str(folder))

    def geometry(self) -> QByteArray | None:
        """The window's place on the screen."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else None

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's place."""
        self._settings.setValue("geometry", geometry)
