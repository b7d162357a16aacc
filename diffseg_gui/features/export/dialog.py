"""The dialog that asks where to export, and in which formats."""

from __future__ import annotations

from functools import partial
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

from diffseg_gui.features.export.choice import Choice, names_patients, offered
from diffseg_gui.features.export.patient import PatientChoice
from diffseg_gui.look.elided import ElidedLabel
from diffseg_gui.look.named import named
from engine.records.filing import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QBoxLayout

    from engine.photograph.about import About
    from engine.records.filing import Filing

WIDTH, HEIGHT, AROUND = 560, 720, 40  # pixels; what is left of the window about it
INDENT = 19  # pixels: where a check box's text begins
BELOW = 32  # pixels: a format's sentence
ALWAYS = "The program's own files"
ALWAYS_ABOUT = "Mask, border, maps, and result.json with all settings. Always written."
ALONE = "Exports the open photograph. Ctrl+E does the same for the next ones, without asking."
NEVER_NAMED = "Exports the open photograph. Ctrl+E exports the next ones, without a patient."


class ExportDialog(QDialog):
    """Where to, and in which formats; Enter exports, Escape does not."""

    chosen = Signal(object, object)  # a Choice, and the Filing of this export alone

    def __init__(self, choice: Choice, look: Callable[[Path], None], about: About, parent: QWidget) -> None:
        """choice: what is proposed. look: has :meth:`show_place` told of a folder. about: what the file says."""
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder, self._look, self._there = choice.folder, look, ""
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
        self.patient = PatientChoice(about)
        layout.addWidget(self.patient)
        self.alone = named(QLabel(wordWrap=True), "muted")
        layout.addWidget(self.alone)
        self._add_buttons(layout)
        for box in self.boxes.values():
            box.toggled.connect(partial(self._toggled, box))
        self.patient.changed.connect(self._follow)
        self._follow()
        self._show_folder(choice.folder)
        room = parent.window().size()
        self.resize(min(WIDTH, room.width() - AROUND), min(HEIGHT, room.height() - AROUND))

    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(self._folder, tuple(name for name, box in self.boxes.items() if box.isChecked()))

    def filing(self) -> Filing:
        """Under whom DICOM files are filed; under nobody where none are written."""
        return self.patient.filing() if names_patients(self.choice().formats) else NOBODY

    def show_place(self, place: Path, there: str) -> None:
        """Where the files would lie is known, and where another folder can be looked for."""
        self.path.say(str(place))
        self._there = there

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
        self._area = area
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
        if folder := QFileDialog.getExistingDirectory(self, "Export into", self._there):
            self._show_folder(Path(folder))

    def _show_folder(self, folder: Path) -> None:
        self._folder, self._there = folder, ""
        self.path.say(str(folder / "…"))
        self._look(folder)
        self.path.setAccessibleDescription("The folder that gets the files")

    def _export(self) -> None:
        choice, filing = self.choice(), self.filing()
        self.accept()
        self.chosen.emit(choice, filing)

    def _toggled(self, box: QCheckBox, _: bool) -> None:
        """Keep in sight what was chosen, though the list may have become shorter."""
        self._follow()
        if (layout := self.layout()) is not None:
            layout.activate()
        self._area.ensureWidgetVisible(box, 0, BELOW)

    def _follow(self) -> None:
        """The patient is asked for only where a file could name one."""
        named_there = names_patients(self.choice().formats)
        self.patient.setVisible(named_there)
        self.alone.setText(NEVER_NAMED if named_there else ALONE)
        self.export.setEnabled(not named_there or self.patient.is_whole)


def _add(column: QBoxLayout, box: QCheckBox, about: str) -> None:
    """A box, and what it is good for, which a screen reader tells with it."""
    box.setAccessibleDescription(about)
    column.addWidget(box)
    if about:
        said = named(QLabel(about, wordWrap=True), "muted")
        said.setIndent(INDENT)
        column.addWidget(said)
    column.addSpacing(6)
