"""Colours and hatches of what is drawn over photographs and maps: the same in both themes, apart for every sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from engine.records.render import CONTOUR

FADED = 0.45  # opacity of what is out of date

RESULT = QColor(*CONTOUR)
BAND = QColor("#ffffff")
HALO = QColor("#c9fbf4")  # pale cyan, so that pigment is seen through it
HALO_OPACITY = 0.30
PENDING = QColor("#ffd27f")
EDGE = QColor(10, 16, 20, 150)  # about light lines, so that they are seen on light skin
CASING = QColor(6, 22, 27, 110)  # on either side of a border; several lie over each other
LETTERS = QColor("#14181c")  # on light grounds
CROSS = QColor(255, 255, 255, 200)
ADDED, REMOVED = QColor("#ffb000"), QColor("#7aa2ff")
ADDED_HATCH, REMOVED_HATCH = Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern
HATCHED_FILL = 0.18  # opacity beneath a hatch
MISSED, EXTRA, ANNOTATION = QColor("#f5e663"), QColor("#6d9bff"), QColor("#ff8ad8")
REGION = QColor("#ff9f4a")
OPEN, DECIDED = (QColor("#f5b04c"), QColor("#20180a")), (QColor("#2f7a55"), QColor("#ffffff"))  # discs and letters
OUTLINE = QColor("#c8f560")  # a blind reader's
