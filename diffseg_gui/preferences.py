"""What is remembered between two starts: the window's place, the last folders, recent files. Never a result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

RECENT = 8


class Preferences:
    """A thin face on QSettings."""

    def __init__(self, settings: QSettings | None = None) -> None:
        """settings: where to keep them; None: nowhere, they are forgotten when the program ends."""
        self._settings: QSettings | dict[str, object] = {} if settings is None else settings

    def _value(self, key: str) -> object:
        return self._settings.get(key) if isinstance(self._settings, dict) else self._settings.value(key)

    def _set(self, key: str, value: object) -> None:
        if isinstance(self._settings, dict):
            self._settings[key] = value
        else:
            self._settings.setValue(key, value)

    def recent(self) -> list[Path]:
        """Files opened lately, newest first, that still exist."""
        stored = self._value("recent") or []
        names = [stored] if isinstance(stored, str) else list(stored)  # a list of one comes back as text
        return [Path(name) for name in names if Path(name).exists()]

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        names = [str(path), *(str(p) for p in self.recent() if p != path)]
        self._set("recent", names[:RECENT])
        self._set("folder", str(path.parent))

    def folder(self, key: str = "folder") -> str:
        """The folder last used for opening ("folder") or exporting ("export")."""
        return str(self._value(key) or "")

    def set_folder(self, key: str, folder: Path) -> None:
        """Remember a folder."""
        self._set(key, str(folder))

    def geometry(self) -> QByteArray | None:
        """The window's place on the screen."""
        value = self._value("geometry")
        return value if isinstance(value, QByteArray) else None

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's place."""
        self._set("geometry", geometry)
