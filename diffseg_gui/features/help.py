"""Help: the sheet of shortcuts, what this program is, and what helps to find a fault. None blocks the work."""

from __future__ import annotations

import sys
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui import log
from diffseg_gui.feature import Command, Feature, keys_of, menu_of
from diffseg_gui.look import wording
from diffseg_gui.look.named import named
from diffseg_gui.worker.background import Background
from engine.errors import ModelError
from engine.host.resources import ROOT, default_model
from engine.networks.description import read_description
from engine.results import ModelName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from diffseg_gui.document.document import Document
    from diffseg_gui.messages import Messages

HELD = (
    ("Wheel, pinch", "Zoom at the cursor"),
    ("Two fingers", "Pan, on a trackpad"),
    ("Drag", "Pan, or what the tool does"),
    ("Space held", "Pan, whatever the tool"),
    ("Arrows", "Pan, once the photograph has the focus"),
    ("Shift+Arrows", "Move the probe, likewise"),
    ("H held", "Hide the overlay"),
    ("Double click, Enter", "Show a small view large"),
)
WIDEST = 1180  # pixels of the sheet; wider ones scroll
SHEET_COLUMNS = 3
READING = "The model's card is being read…"
NO_CARD = "This model has no card beside its weights."


class Help(Feature):
    """What the Help menu opens."""

    def __init__(
        self, document: Document, parent: QWidget, messages: Messages, commands: Callable[[], Iterable[Command]],
        model: Callable[[], Path] = default_model,
    ) -> None:  # fmt: skip
        """parent: in whose window its dialogs stand. commands: all of the program's, once they are known. model: tells
        whose weights are used."""
        super().__init__()
        self._document, self._parent_widget, self._messages, self._all = document, parent, messages, commands
        self._model = model
        self._pages: tuple[QTextBrowser, QTextBrowser] | None = None  # of the model, while they are shown
        self._reading = Background(self, may_stall=True)  # of what stands beside a model, perhaps on a network drive
        self._reading.answered.connect(self._show_model)
        self._reading.failed.connect(messages.failure)
        self.commands = (
            Command("shortcuts", "Help", "&Keyboard shortcuts", "F1; ?", "All keys at a glance", self.show_shortcuts,
                    icon="help"),
            Command("copy_diagnostics", "Help", "&Copy diagnostics", "",
                    "Put versions, system, model and the last errors on the clipboard; nothing of any photograph",
                    self.copy_diagnostics, line=True),
            Command("open_log", "Help", "Open &log folder", "", "Show the folder of the program's log",
                    self.open_log, lambda: log.file() is not None),
            Command("about", "Help", "&About DiffSeg", "Shift+F1", "Version, model, purpose and licences",
                    self.show_about, line=True),
        )  # fmt: skip

    def show_shortcuts(self) -> None:
        """Every command that has a shortcut, by menu, and what the mouse does."""
        _open(self._parent_widget, "Keyboard shortcuts", shortcut_sheet(self._all()), (1180, 800))

    def show_about(self) -> None:
        """Version and purpose, the model with its card, and the licences; nothing is fetched, no link opens."""
        about, card, tabs = _browser(html=wording.about(None)), _browser(READING), QTabWidget()
        for title, page in (
            ("About", about),
            ("Model", card),
            ("Licence", _browser(f"```\n{_own_licence()}\n```")),
            ("Libraries", _browser(html=_libraries())),
        ):
            page.setAccessibleName(title)
            tabs.addTab(page, title)
        _open(self._parent_widget, "About DiffSeg", tabs, (720, 560)).finished.connect(self._forget)
        self._pages = about, card
        self._reading.ask(partial(_said_of, self._model()))

    def copy_diagnostics(self) -> None:
        """Put what helps to find a fault on the clipboard."""
        from diffseg_gui.diagnostics import diagnostics  # here, as all that reads what is installed: it starts slowly

        QGuiApplication.clipboard().setText(diagnostics(self._document.shown.segmentation))
        self._messages.notice("The diagnostics are on the clipboard; they hold nothing of any photograph")

    def open_log(self) -> None:
        """Have the system's file manager show where the log is."""
        path = log.file()
        if path is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(path.parent)):
            self._messages.failure(f"{path.parent} could not be shown here; open it in your file manager.")

    def close(self) -> None:
        """Read no more."""
        self._reading.close()

    def _show_model(self, said: tuple[ModelName | None, str]) -> None:
        if self._pages is not None:
            about, card = self._pages
            about.setHtml(wording.about(said[0]))
            card.setMarkdown(said[1])

    def _forget(self) -> None:
        self._pages = None
        self._reading.forget()


def shortcut_sheet(commands: Iterable[Command]) -> QWidget:
    """Commands with their shortcuts, in columns by menu."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for command in sorted(commands, key=menu_of):
        if held := keys_of(command):
            sections.setdefault(command.menu.replace("&", "").replace("/", " › "), []).append(
                (held, command.text.replace("&", ""))
            )
    sections["Mouse and held keys"] = list(HELD)
    columns: list[QVBoxLayout] = [QVBoxLayout() for _ in range(SHEET_COLUMNS)]
    heights = [0] * SHEET_COLUMNS
    for title, rows in sections.items():  # into the shortest column
        shortest = heights.index(min(heights))
        columns[shortest].addLayout(_section(title, rows))
        heights[shortest] += len(rows) + 2
    inner = QWidget()
    layout = QHBoxLayout(inner)
    layout.setSpacing(28)
    for column in columns:
        column.setSpacing(14)
        column.addStretch()
        layout.addLayout(column)
    area = QScrollArea(widgetResizable=True)
    area.setWidget(inner)
    area.setMinimumWidth(min(WIDEST, inner.sizeHint().width() + area.verticalScrollBar().sizeHint().width() + 2))
    return area


def _section(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(4)
    grid.setHorizontalSpacing(10)
    grid.addWidget(named(QLabel(title), "title"), 0, 0, 1, 2)
    for number, (keys, text) in enumerate(rows, 1):
        grid.addWidget(named(QLabel(keys), "key"), number, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(text), number, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _browser(markdown: str = "", html: str = "") -> QTextBrowser:
    browser = QTextBrowser()
    browser.setOpenLinks(False)
    if html:
        browser.setHtml(html)
    else:
        browser.setMarkdown(markdown)
    return browser


def _said_of(model: Path) -> tuple[ModelName | None, str]:
    """What stands beside a model's weights: its description, and its card."""
    card = model.with_suffix(".md")
    return _described(model), card.read_text("utf-8") if card.exists() else NO_CARD


def _described(model: Path) -> ModelName | None:
    """Name, digest and licence of a model; None where its description cannot be read, which its analysis says."""
    try:
        described = read_description(model)
    except ModelError:
        return None
    return ModelName(described.name, described.sha256, described.licence)


def _own_licence() -> str:
    """From the source tree or the program's folder, or as it was installed."""
    path = ROOT.parent / "LICENSE"
    if path.exists():
        return path.read_text(encoding="utf-8")
    from importlib import metadata

    try:
        return metadata.distribution("diffseg").read_text("licenses/LICENSE") or "MIT License"
    except metadata.PackageNotFoundError:
        return "MIT License"


def _libraries() -> str:
    from engine.host.libraries import libraries, licence

    rows = [("Python", sys.version.split()[0], "Python Software Foundation License")]
    rows += [(one.metadata["Name"], one.version, licence(one)) for one in libraries()]
    table = [("<b>Library</b>", "<b>Version</b>", "<b>Licence</b>"), *(tuple(map(escape, row)) for row in rows)]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
    return f"<table cellpadding='4'>{cells}</table>"


def _open(parent: QWidget, title: str, content: QWidget, size: tuple[int, int]) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layout = QVBoxLayout(dialog)
    layout.addWidget(content)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())  # the style's is another set's
    buttons.rejected.connect(dialog.reject)
    layout.addWidget(buttons)
    window = parent.window().size()
    dialog.resize(min(size[0], window.width() - 40), min(size[1], window.height() - 40))
    dialog.open()
    return dialog
