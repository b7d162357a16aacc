"""All keys of the window, by menu, made from the commands of a window that nobody sees."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from diffseg_gui.app.workbench import Workbench
from diffseg_gui.feature import keys_of, menu_of
from diffseg_gui.features.help import HELD
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker.worker import Setup


def keys() -> str:
    """A table for each menu, and one of what the mouse does."""
    qInstallMessageHandler(lambda *_: None)  # what Qt says of a window without a screen helps nobody here
    app = QApplication.instance() or QApplication(["docs"])
    setup = Setup(None, "cpu")
    bench = Workbench(setup, setup.defaults(), Preferences(None))
    sections: dict[str, list[tuple[str, str, str]]] = {}
    for command in sorted(bench.window.commands.commands, key=menu_of):
        if held := keys_of(command):
            title = command.menu.replace("&", "").replace("/", " › ")
            sections.setdefault(title, []).append((held, command.text.replace("&", ""), command.tip))
    sections["Mouse and held keys"] = [(held, text, "") for held, text in HELD]
    bench.window.close()
    app.processEvents()
    return "\n\n".join(_table(title, rows) for title, rows in sections.items())


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    cells = (" | ".join(cell.replace("|", "\\|").replace("`", "\\`") for cell in row) for row in rows)
    lines = "\n".join(f"| {row} |" for row in cells)
    return f"## {title}\n\n| key | command | what it does |\n| --- | --- | --- |\n{lines}"
