"""Comparing with an annotation: how well the masks agree with it, and where they differ, drawn on the photograph."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.actions import Command
from diffseg_gui.background import Background
from diffseg_gui.panels.annotation import EMPTY
from diffseg_gui.panels.measures import HIDDEN
from diffseg_gui.scene import Curve, to_path
from diffseg_gui.views import PHOTOGRAPH
from engine.photograph.read import SUFFIXES
from engine.reading.annotation import Annotation, Comparison, compare, read_annotation

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow

ENDING = "_segmentation"  # of annotations' names, in ISIC's archives
MISSED, EXTRA, BORDER = QColor("#f5e663"), QColor("#6d9bff"), QColor("#ff8ad8")  # apart for every kind of sight
DASH_DOT = (7, 3, 1.5, 3)

COMMANDS = (
    Command("compare", "Measure", "Compare with &annotation…", "Ctrl+Shift+A", "Open the mask that an expert drew",
            "comparing.choose", line=True, icon="annotation"),
    Command("difference", "Measure", "Show &difference", "Shift+A", "Annotation, missed and extra on the photograph",
            "comparing.show_difference", checkable=True, checked=True),
    Command("remove_annotation", "Measure", "Re&move annotation", "Ctrl+Shift+X", "Compare with nothing any more",
            "comparing.remove", icon="close"),
)  # fmt: skip


class Comparing(QObject):
    """Keeps the open image's annotation, if there is one; forgets it with the image."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state, self._edit = window, window.state, window.edit
        self._panel = window.annotation
        self.annotation: Annotation | None = None
        self._shown = True
        self._compared: tuple[object, ...] = ()  # what the comparison was made from
        self._border: tuple[Curve, ...] = ()
        self._difference: tuple[Curve, ...] = ()
        self._reader, self._work = Background(self), Background(self)
        self._reader.answered.connect(self._receive_annotation)
        self._work.answered.connect(self._receive)
        for background in (self._reader, self._work):
            background.failed.connect(window.show_failure)
            window.closing.connect(background.close)
        self._panel.choose.clicked.connect(self.choose)
        self._panel.remove.clicked.connect(self.remove)
        self._panel.difference.toggled.connect(lambda on: window.actions_by_name["difference"].setChecked(on))
        self._state.imageChanged.connect(self.remove)
        self._state.resultChanged.connect(self._follow)
        self._edit.maskChanged.connect(self._follow)
        window.refreshed.connect(self._refreshed)
        window.scenes.layers.insert(0, self.difference_layer)  # below the result's border, which bounds it
        window.scenes.layers.append(self.border_layer)
        window.installEventFilter(self)

    # What actions call

    def choose(self) -> None:
        """Ask for a file and compare with it."""
        if self._state.image is None:
            return
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        folder = self._window.preferences.text("annotations", str(self._state.image.path.parent))
        name, _ = QFileDialog.getOpenFileName(self._window, "Compare with annotation", folder, f"Masks ({kinds})")
        if name:
            self._window.preferences.set("annotations", str(Path(name).parent))
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Read a mask and compare with it; one that cannot be read leaves the annotation that was there."""
        if self._state.image is not None:
            self._reader.ask(partial(read_annotation, path, self._state.image))

    def remove(self) -> None:
        """Compare with nothing."""
        self._reader.forget()
        self._take(None)

    def show_difference(self, on: bool) -> None:
        """Draw the annotation and where the final mask differs from it, or do not."""
        self._shown = on
        self._panel.difference.setChecked(on)
        self._window.refresh()

    # What is drawn

    def difference_layer(self, key: str) -> tuple[Curve, ...]:
        """Missed and extra, while they are those of the result shown."""
        return self._difference if key == PHOTOGRAPH and self._shown and self._is_current() else ()

    def border_layer(self, key: str) -> tuple[Curve, ...]:
        """The annotation's border; a blind reader must not see it."""
        return self._border if key == PHOTOGRAPH and self._shown and not self._edit.blind else ()

    def _is_current(self) -> bool:
        return self._is_compared() and self._state.current and not self._edit.blind

    def _is_compared(self) -> bool:
        return bool(self._compared) and all(a is b for a, b in zip(self._compared, self._inputs(), strict=True))

    def _inputs(self) -> tuple[object, ...]:
        """What a comparison is made from, compared by identity."""
        return self._state.segmentation, self._edit.mask, self.annotation

    # What follows

    def _follow(self) -> None:
        """A new result, correction or annotation: compare beside the main thread."""
        found, final, annotation = self._state.segmentation, self._edit.mask, self.annotation
        if annotation is None:
            return
        if self._edit.blind or found is None or final is None:
            self._work.forget()
            self._compared, self._difference = (), ()
            self._panel.show_agreement(None, HIDDEN if self._edit.blind else "")
        elif self._state.current and not self._is_compared():
            inputs = self._inputs()
            self._work.ask(lambda: (compare(found, final, annotation.mask), inputs))
        self._panel.set_current(self._is_current())

    @Slot(object)
    def _receive_annotation(self, annotation: Annotation) -> None:
        if annotation.image is self._state.image:
            self._take(annotation)
            self._window.docks.annotation.show_or_hide(True)

    def _take(self, annotation: Annotation | None) -> None:
        self.annotation = annotation
        self._work.forget()
        self._compared, self._difference, self._border = (), (), ()
        if annotation is not None:
            self._border = (Curve(to_path(annotation.border), BORDER, 1.8, dashed=DASH_DOT, name="annotation"),)
            self._panel.show_annotation(annotation.path, float(annotation.mask.mean()))
        else:
            self._panel.show_annotation(None)
        self._panel.show_agreement(None, EMPTY if annotation is None else "")
        self._follow()
        self._window.refresh()

    @Slot(object)
    def _receive(self, answer: tuple[Comparison, tuple[object, ...]]) -> None:
        comparison, self._compared = answer
        self._difference = (
            Curve(to_path(comparison.missed_border), MISSED, 1.0, hatch=Qt.BrushStyle.BDiagPattern, name="missed"),
            Curve(to_path(comparison.extra_border), EXTRA, 1.0, fill=0.25, hatch=Qt.BrushStyle.FDiagPattern,
                  name="extra"),
        )  # fmt: skip
        self._panel.show_agreement(comparison)
        self._panel.set_current(self._is_current())
        self._window.refresh()

    def _refreshed(self) -> None:
        actions = self._window.actions_by_name
        actions["compare"].setEnabled(self._state.image is not None)
        self._panel.choose.setEnabled(self._state.image is not None)
        for name in ("difference", "remove_annotation"):
            actions[name].setEnabled(self.annotation is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A file dropped on the window that is named as an annotation is one, if there is an image open."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and self._state.image is not None:
            paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
            if len(paths) == 1 and paths[0].stem.lower().endswith(ENDING):
                event.acceptProposedAction()
                self.open(paths[0])
                return True
        return super().eventFilter(watched, event)
