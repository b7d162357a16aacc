"""The dialog that asks where to export, and in which formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from diffseg_gui.features.export.choice import Choice, offered
from diffseg_gui.look.elided import ElidedLabel
from diffseg_gui.look.named import named

if TYPE_CHECKING:
    from PySide6.QtWidgets import QBoxLayout

WIDTH, HEIGHT, AROUND = 560, 720, 40  # pixels; what is left of the window about it
INDENT = 19  # pixels: where a check box's text begins
ALWAYS = "The program's own files"
ALWAYS_ABOUT = "Mask, border, maps, and result.json with all settings. Always written."
ALONE = "Exports the open photograph. Ctrl+E does the same for the next ones, without asking."


class ExportDialog(QDialog):
    """Where to, and in which formats; Enter exports, Escape does not."""

    chosen = Signal(object)  # a Choice

    def __init__(self, choice: Choice, folder_name: str, parent: QWidget) -> None:
        """choice: what is proposed. folder_name: of the photograph's own folder."""
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder, self._name = choice.folder, folder_name
        self.path = ElidedLabel()
        self.change = QPushButton("C&hange…")
        self.change.setToolTip("Choose another folder")
        self.change.clicked.connect(self._ask_folder)
        self.boxes: dict[str, QCheckBox] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(8)
        self._add_folder(layout)
        layout.addSpacing(4)
        layout.addWidget(named(QLabel("What to write"), "title"))
        layout.addWidget(self._formats(choice.formats), 1)
        layout.addWidget(named(QLabel(ALONE, wordWrap=True), "muted"))
        self._add_buttons(layout)
        self._show_folder(choice.folder)
        room = parent.window().size()
        self.resize(min(WIDTH, room.width() - AROUND), min(HEIGHT, room.height() - AROUND))

    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(self._folder, tuple(name for name, box in self.boxes.items() if box.isChecked()))

    # Within

    def _add_folder(self, layout: QBoxLayout) -> None:
        layout.addWidget(named(QLabel("Where to"), "title"))
        frame = named(QFrame(), "card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(11, 7, 8, 7)
        row.addWidget(self.path, 1)
        row.addWidget(self.change)
        layout.addWidget(frame)

    def _formats(self, chosen: tuple[str, ...]) -> QScrollArea:
        """A check box for each format, with a sentence below."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(11, 8, 11, 8)
        column.setSpacing(1)
        always = QCheckBox(ALWAYS)
        always.setChecked(True)
        always.setEnabled(False)
        _add(column, always, ALWAYS_ABOUT)
        for writer in offered():
            box = QCheckBox(writer.title.replace("&", "&&"))
            box.setChecked(writer.name in chosen)
            self.boxes[writer.name] = box
            _add(column, box, writer.about)
        column.addStretch(1)
        area = named(QScrollArea(widgetResizable=True), "framed")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab leads to the boxes, and they scroll into sight
        area.setWidget(inner)
        return area

    def _add_buttons(self, layout: QBoxLayout) -> None:
        self.export = named(QPushButton("&Export"), "primary")
        self.export.setDefault(True)
        self.export.clicked.connect(self._export)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch()
        for button in (cancel, self.export):
            button.setMinimumWidth(96)
            row.addWidget(button)
        for button in (cancel, self.change):
            button.setAutoDefault(False)  # Enter exports, wherever the focus is
        layout.addLayout(row)
        self.export.setFocus()

    def _ask_folder(self) -> None:
        start = next((str(one) for one in (self._folder, *self._folder.parents) if one.is_dir()), "")
        if folder := QFileDialog.getExistingDirectory(self, "Export into", start):
            self._show_folder(Path(folder))

    def _show_folder(self, folder: Path) -> None:
        self._folder = folder
        self.path.say(str(folder / self._name))
        self.path.setAccessibleDescription("The folder that gets the files")

    def _export(self) -> None:
        choice = self.choice()
        self.accept()
        self.chosen.emit(choice)


def _add(column: QBoxLayout, box: QCheckBox, about: str) -> None:
    """A box, and what it is good for, which a screen reader tells with it."""
    box.setAccessibleDescription(about)
    column.addWidget(box)
    if about:
        said = named(QLabel(about, wordWrap=True), "muted")
        said.setIndent(INDENT)
        column.addWidget(said)
    column.addSpacing(6)
