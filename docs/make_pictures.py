"""Make all pictures of the manual anew: ``python -m docs.make_pictures [NAME ...]``, from the repository's root.

They show the real window, without a display, on synthetic photographs: the bundled ones, and those of
:mod:`docs.failures`. A NAME is that of a function below; without one all are made, in two or three minutes.
"""

from __future__ import annotations

import math
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from diffseg_gui.app.workbench import Workbench
from diffseg_gui.arrangement import CLINICAL, KEY, RESEARCH
from diffseg_gui.features.measures import Measures
from diffseg_gui.look import theme
from diffseg_gui.preferences import Preferences
from diffseg_gui.worker.worker import Setup
from docs import cases as ten
from docs import failures
from engine import cli
from engine.host.resources import samples
from engine.photograph.read import read_mask
from tests.waiting import pause

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PICTURES = Path(__file__).resolve().parent / "pictures"
KERATOSIS, MELANOMA, NEVUS = samples()
SIZE = (1240, 760)
SETTLE = 900  # ms until flights, fading notices and thumbnails have come to rest
WIDEST = 1240  # pixels of a picture that is no window
QUALITY = 86  # of WebP
LEFT = Qt.MouseButton.LeftButton
MM = 62  # pixels of a millimetre on the synthetic melanoma's printed scale


class Sitting:
    """A window with photographs open, and a hand in it."""

    def __init__(self, *images: Path, arrangement: str = CLINICAL, size: tuple[int, int] = SIZE, look: str = "light"):
        preferences = Preferences(None)
        preferences.set(KEY, arrangement)
        preferences.set("export", "/home/reader/study")
        theme.apply(theme.application(), look)
        setup = Setup(None, "cpu")
        self.bench = Workbench(setup, setup.defaults(), preferences)
        self.window, self.canvas = self.bench.window, self.bench.stage.canvas
        self.window.resize(*size)
        self.window.show()
        pause(SETTLE)
        if images:
            self.bench.series.begin(list(images))
            while self.bench.document.photograph is None:
                pause(20)
        self.wait()

    def wait(self) -> None:
        """Until what is shown is current and nothing moves any more."""
        document = self.bench.document
        pause(50)
        while document.photograph is not None and (document.is_busy or not document.results.current):
            pause(20)
        pause(SETTLE)

    def until(self, holds: Callable[[], bool]) -> None:
        """Until something holds and nothing moves any more."""
        while not holds():
            pause(50)
        pause(SETTLE)

    def do(self, *commands: str) -> None:
        """Use commands by their names."""
        for name in commands:
            self.window.actions_by_name[name].trigger()
            self.wait()

    def at(self, x: float, y: float) -> QPoint:
        """Where a point of the photograph is on the canvas."""
        return self.canvas.to_screen().map(QPointF(x, y)).toPoint()

    def drag(self, *points: tuple[float, float]) -> None:
        """Press at the first of these points of the photograph, move through the others, let go at the last."""
        first, *others = (self.at(*point) for point in points)
        QTest.mouseMove(self.canvas, first)
        QTest.mousePress(self.canvas, LEFT, Qt.KeyboardModifier.NoModifier, first)
        for point in others:
            QTest.mouseMove(self.canvas, point)
        QTest.mouseRelease(self.canvas, LEFT, Qt.KeyboardModifier.NoModifier, others[-1] if others else first)
        self.wait()

    def save(self, name: str, of: QWidget | None = None, part: QRect | None = None) -> None:
        """A picture of the window, of another widget, or of a part of it."""
        widget = of or self.window
        picture = widget.grab(part) if part else widget.grab()
        if not picture.save(str(PICTURES / f"{name}.webp"), "WEBP", QUALITY):
            raise OSError(f"{name}.webp could not be written to {PICTURES}.")

    def dialog(self) -> QWidget:
        """The dialog that is open."""
        found = QApplication.activeModalWidget() or QApplication.activeWindow()
        assert found is not None
        assert found is not self.window
        return found

    def end(self) -> None:
        """Close the window, and have its thread end."""
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()


def guide() -> None:
    """The clinical view through its four steps."""
    sitting = Sitting(MELANOMA, NEVUS, KERATOSIS)
    sitting.save("check")
    sitting.do("next_region")
    sitting.save("place")
    sitting.do("accept_rest", "step_correct", "fit")
    sitting.save("correct")
    x, y = right_end(sitting.bench.editing.mask)
    sitting.do("scribble_everywhere", "scribble_skin")
    sitting.drag((x - 60, y - 60), (x - 55, y), (x - 60, y + 60))
    sitting.save("scribble")
    sitting.do("undo", "drag_border")
    sitting.drag((x, y), (x - 40, y + 10), (x - 80, y + 20))
    sitting.save("drag")
    measured = sitting.bench.feature(Measures).card.figures.isEnabled
    sitting.do("drag_border", "step_measure")
    sitting.until(measured)
    sitting.do("ruler")
    sitting.drag(printed(0), printed(10))
    QTest.keyClicks(QApplication.focusWidget(), "10")
    sitting.wait()
    sitting.save("ruler")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    sitting.do("ruler")
    sitting.until(measured)
    sitting.save("measure")
    sitting.do("step_export", "verdict_usable")
    sitting.save("export")
    sitting.do("export_as")
    sitting.save("formats", sitting.dialog())
    sitting.dialog().close()
    sitting.do("report")
    pages = sitting.dialog()
    sitting.until(lambda: pages.findChildren(QPushButton)[-1].isEnabled())
    sitting.save("report", pages)
    pages.close()
    sitting.end()


def blind() -> None:
    """An outline drawn before the result is seen, and what the reveal shows."""
    sitting = Sitting(NEVUS)
    sitting.do("blind")
    sitting.do("lasso")
    truth = read_mask(NEVUS.with_name("nevus_segmentation.png"))
    sitting.drag(*around(truth, 1.07))
    sitting.save("blind")
    sitting.do("reveal")
    sitting.save("revealed")
    sitting.end()


def research() -> None:
    """The research view, and in it what helps to judge."""
    sitting = Sitting(MELANOMA, arrangement=RESEARCH, size=(1440, 880))
    sitting.save("research")
    sitting.end()


def maps() -> None:
    """The figure of a result: border and maps."""
    with tempfile.TemporaryDirectory() as folder:
        cli.main(["segment", str(MELANOMA), "-o", folder, "--also", "figure", "--device", "cpu"])
        figure = Image.open(Path(folder) / "melanoma" / "figure.png").convert("RGB")
    figure.thumbnail((WIDEST, WIDEST))
    figure.save(PICTURES / "maps.webp", quality=QUALITY, method=6)


def start() -> None:
    """The empty window."""
    sitting = Sitting()
    sitting.save("start")
    sitting.end()


def limits() -> None:
    """Photographs on which it fails."""
    for name, picture in failures.pictures():
        picture.save(PICTURES / f"limit_{name}.webp", quality=QUALITY, method=6)


def cases() -> None:
    """Ten photographs with both borders."""
    ten.sheet().save(PICTURES / "cases.webp", quality=QUALITY, method=6)


def right_end(mask: NDArray[np.bool_]) -> tuple[float, float]:
    """The rightmost point of a mask."""
    rows, columns = mask.nonzero()
    most = columns.argmax()
    return float(columns[most]), float(rows[most])


def printed(mm: float) -> tuple[float, float]:
    """Where the synthetic melanoma's printed scale has a length, as make_samples draws and turns it."""
    turn, x, y = math.radians(1.6), 150 + mm * MM - 800, 1125 - 600
    return 800 + x * math.cos(turn) + y * math.sin(turn), 600 - x * math.sin(turn) + y * math.cos(turn)


def around(mask: NDArray[np.bool_], wider: float) -> list[tuple[float, float]]:
    """A hand's line about a mask, so many times as wide as it is."""
    rows, columns = mask.nonzero()
    x, y = columns.mean(), rows.mean()
    angles = np.linspace(0, 2 * np.pi, 60)
    turned = np.arctan2(rows - y, columns - x) % (2 * np.pi)
    reach = np.hypot(rows - y, columns - x)
    far = [reach[np.abs(turned - angle % (2 * np.pi)) < 0.06].max() for angle in angles]
    return [(x + wider * r * math.cos(a), y + wider * r * math.sin(a)) for a, r in zip(angles, far, strict=True)]


MAKERS: dict[str, Callable[[], None]] = {
    one.__name__: one for one in (start, guide, blind, research, maps, limits, cases)
}


def main(names: list[str]) -> None:
    """Make the pictures that are named, or all."""
    PICTURES.mkdir(exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    for name in names or MAKERS:
        MAKERS[name]()
    app.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
