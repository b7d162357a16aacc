"""The answers in figures: GED on its scale with its pairwise matrix, the model's area, and what did the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.features.disagreement.matrix import GedScale, Matrix
from diffseg_gui.look.card import Card
from diffseg_gui.look.figures import number, spread
from diffseg_gui.look.named import named
from diffseg_gui.look.numbers import percent
from diffseg_gui.look.wording import INCOMPLETE, OUT_OF_DATE, in_figures
from engine.method.consensus import agreement_in_words
from engine.method.doubt import ged_iou
from engine.reading.pair import farthest
from engine.reading.scale import mm_per_px

if TYPE_CHECKING:
    from diffseg_gui.document.document import Document

EMPTY = "How far the masks of the timesteps lie apart (GED) is shown here."
NO_LESION = "no lesion"
RANGE = "Area's range"
READERS = "Readers would agree"
NORMALISED = "GED with 1 − IoU"
ROWS = {  # title: what it means
    NORMALISED: "The same distance with 1 − IoU instead of equation 7: unlike GED it does not shrink with the lesion",
    READERS: "The Dice with which two experts would agree on such a lesion, and the range for four of five.\n"
    "It follows from how far the timesteps overlap, and does not say whether the model is right.",
    "Model's area": "The area of the model's own mask, without your correction. Measures has that of the final mask.",
    RANGE: "The smallest and the largest area of all timesteps' masks and the final mask, as in Measures",
    "Device": "",
    "Model": "",
    "Time": "",
}


class DisagreementPanel(Card):
    """GED, area, and provenance; dimmed while out of date."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Disagreement", parent)
        self.setToolTip("The generalised energy distance between the timesteps' masks (equation 5); 0: all are equal")
        self._document = document
        self.range: tuple[float, float] | None = None  # of the areas, px²; None while it is not known
        self.figure = named(QLabel("–"), "figure")
        self.words = named(QLabel("", wordWrap=True), "muted")
        self.scale = GedScale()
        self.matrix = Matrix()
        left = QVBoxLayout()
        left.setSpacing(2)
        for widget in (named(QLabel("GED (D²)"), "muted"), self.figure, self.words, self.scale):
            left.addWidget(widget)
        left.addStretch()
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addLayout(left, 1)
        top.addWidget(self.matrix, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.farthest = QPushButton("")
        self.farthest.setToolTip("Show the two masks side by side, and where they differ (Ctrl+D)")
        self.body.addWidget(self.farthest)
        self.values: dict[str, QLabel] = {}
        self.body.addLayout(self._make_rows())
        self.body.addStretch(1)
        self.refresh()

    def _make_rows(self) -> QGridLayout:
        """Titles and values."""
        rows = QGridLayout()
        rows.setVerticalSpacing(4)
        for row, (name, tip) in enumerate(ROWS.items()):
            value = named(QLabel("–", alignment=Qt.AlignmentFlag.AlignRight, wordWrap=True), "", tip)
            value.setMinimumWidth(20)  # a model's long name must not widen its column
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            rows.addWidget(named(QLabel(name), "muted", tip), row, 0)
            rows.addWidget(value, row, 1)
            self.values[name] = value
        rows.setColumnStretch(1, 1)
        return rows

    def refresh(self) -> None:
        """Show what may be seen of the document as it is now."""
        shown = self._document.shown
        consensus = shown.consensus
        timesteps = shown.evidence.timesteps if shown.evidence else ()
        self.matrix.show_matrix(timesteps, consensus)
        self.figure.setText("–" if consensus is None else f"{consensus.ged:.3f}")
        stale = consensus is not None and not shown.votes_current
        self.content.setEnabled(not stale)
        self.note.setText((INCOMPLETE if shown.partial else OUT_OF_DATE) if stale else "")
        self.words.setText(EMPTY if consensus is None else agreement_in_words(consensus))
        self.scale.value = consensus.ged if consensus else None
        self.scale.update()
        self._show_normalised()
        self._show_farthest(timesteps)
        self.show_area()
        self._show_provenance()

    def _show_normalised(self) -> None:
        consensus, expected = self._document.shown.consensus, self._document.answers.expected
        self.values[NORMALISED].setText("–" if consensus is None else f"{ged_iou(consensus.votes):.3f}")
        self.values[READERS].setText("–" if expected is None else in_figures(expected))

    def _show_farthest(self, timesteps: tuple[int, ...]) -> None:
        consensus, current = self._document.shown.consensus, self._document.shown.votes_current
        self.farthest.setVisible(consensus is not None and len(timesteps) > 1)
        if consensus is not None:
            pair = farthest(timesteps, consensus)
            equal = "All masks are equal" if consensus.votes.any() else "All masks are empty"
            self.farthest.setEnabled(pair is not None and current)
            two = "Compare the two most different: t = {} and {}"
            self.farthest.setText(equal if pair is None else two.format(*pair))

    def show_area(self) -> None:
        """Of the model's mask, and the range that Measures has; about, until that is known."""
        shown, image = self._document.shown, self._document.photograph
        found, consensus = shown.segmentation, shown.consensus
        ours, theirs = self.values["Model's area"], self.values[RANGE]
        if image is None or consensus is None:
            ours.setText("–")
            theirs.setText("–")
            return
        if shown.current and found is not None and found.refined is not None:
            share, about = found.refined.area_px / (image.width * image.height), ""
        else:
            share, about = consensus.area, "≈ "
        pixels, roughly = image.width * image.height, self.range is None
        low, high = self.range or (consensus.areas.min() * pixels, consensus.areas.max() * pixels)
        ours.setText(f"{about}{self._area(share)} {self._unit}  ({percent(share)})" if share else NO_LESION)
        scale = (self._scale or 1.0) ** 2
        ends = spread(low * scale, high * scale, self._unit)
        theirs.setText(f"{'≈ ' if roughly else ''}{ends} {self._unit}" if high else NO_LESION)

    @property
    def _scale(self) -> float | None:
        return mm_per_px(self._document.photograph, self._document.reading)

    @property
    def _unit(self) -> str:
        return "px²" if self._scale is None else "mm²"

    def _area(self, share: float) -> str:
        """A share of the photograph in the present unit."""
        image = self._document.photograph
        assert image is not None
        return number(share * image.width * image.height * (self._scale or 1.0) ** 2, self._unit)

    def _show_provenance(self) -> None:
        found, evidence = self._document.shown.segmentation, self._document.shown.evidence
        for name in ("Device", "Model", "Time"):
            self.values[name].setText("–")
        if evidence is not None:
            note = f" ({evidence.device.note})" if evidence.device.note else ""
            self.values["Device"].setText(f"{evidence.device.kind.upper()}{note}")
            self.values["Device"].setToolTip(f"{evidence.device.name}, {evidence.device.precision}")
        if found is not None:
            self.values["Model"].setText(found.model.name)
            self.values["Model"].setToolTip(f"SHA-256 {found.model.sha256}")
            parts = ", ".join(f"{name} {value:.2f} s" for name, value in found.seconds.items() if name != "total")
            self.values["Time"].setText(f"{found.seconds['total']:.1f} s")
            self.values["Time"].setToolTip(parts)
