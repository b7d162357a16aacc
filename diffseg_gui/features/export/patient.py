"""The part of the dialog that asks under whom DICOM files are filed: nobody, unless a person says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from diffseg_gui.look.named import named
from engine.records.filing import NOBODY, PATIENT_ID, Filing, missing

if TYPE_CHECKING:
    from engine.photograph.about import About

INDENT = 19  # pixels: where a button's text begins
NAMELESS = "Its file names no patient"
OF_NOBODY = "The DICOM files hold nothing that the photograph's file says of a patient or a study."
OF_SOURCE = (
    "The DICOM files will hold the patient's name, ID, date of birth and sex, the study's date and numbers, and the"
    " referring physician; no other file will."
)
OF_ID = "The DICOM files will hold this ID and no other entry of a patient; no other file will."
NO_ID = "Type the patient's ID."


class PatientChoice(QWidget):
    """Without a patient, in the photograph's own study, or under an ID. It begins with the first, every time."""

    changed = Signal()

    def __init__(self, about: About) -> None:
        """about: what the photograph's file says; whom it names is shown."""
        super().__init__()
        self.nobody, self.own, self.given = (
            QRadioButton(text)
            for text in ("&Without a patient", "In the photograph's own &study:", "Under this &patient ID:")
        )
        self.nobody.setChecked(True)
        self.id = QLineEdit()
        self.id.setValidator(QRegularExpressionValidator(QRegularExpression(PATIENT_ID), self.id))
        self.id.setAccessibleName("Patient ID")
        self.said = named(QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop), "muted")
        self.said.setMinimumHeight(2 * self.said.fontMetrics().lineSpacing())  # nothing moves where it grows
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(named(QLabel("Patient in the DICOM files"), "title"))
        column.addWidget(self._card(about))
        column.addWidget(self.said)
        for button in (self.nobody, self.own, self.given):
            button.toggled.connect(self._follow)
        self.given.clicked.connect(self.id.setFocus)
        self.id.textEdited.connect(lambda: self.given.setChecked(True))
        self.id.textChanged.connect(self._follow)
        self._follow()

    def filing(self) -> Filing:
        """What is chosen now."""
        if self.own.isChecked():
            return Filing(as_source=True)
        return Filing(patient_id=self.id.text().strip()) if self.given.isChecked() else NOBODY

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be said: an ID is there where one is to be."""
        return not self.given.isChecked() or bool(self.id.text().strip())

    # Within

    def _card(self, about: About) -> QFrame:
        """The three buttons; the one of the photograph's own study only where its file says which that is."""
        card = named(QFrame(), "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(11, 8, 11, 8)
        column.setSpacing(6)
        column.addWidget(self.nobody)
        if about.clinical and not missing(about):
            self.whose = QLabel(about.patient.called or NAMELESS, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
            self.whose.setIndent(INDENT)
            self.own.setAccessibleDescription(self.whose.text())
            study = QVBoxLayout()
            study.setSpacing(1)
            study.addWidget(self.own)
            study.addWidget(self.whose)
            column.addLayout(study)
        row = QHBoxLayout()
        row.addWidget(self.given)
        row.addWidget(self.id, 1)
        column.addLayout(row)
        return card

    def _follow(self) -> None:
        given = OF_ID if self.is_whole else NO_ID
        self.said.setText(OF_SOURCE if self.own.isChecked() else given if self.given.isChecked() else OF_NOBODY)
        self.changed.emit()
