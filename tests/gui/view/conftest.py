"""Canvases on the screen: a large one and a small one, with a field to write in beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from diffseg_gui.view.canvas import Canvas
from diffseg_gui.view.qimage import Picture
from diffseg_gui.view.scene import Scene
from diffseg_gui.view.viewport import Viewport

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.photograph.image import SkinImage


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    """A window with room for a large canvas and a small one, and a field to write in."""
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(QLineEdit())
    window.resize(700, 700)
    return window


@pytest.fixture
def canvas(place: QWidget, photo: SkinImage, qtbot: QtBot) -> Canvas:
    """A large canvas that shows the photograph, 96 x 72, on the screen."""
    canvas = Canvas(Viewport(place), "Photograph", hides_overlay=True)
    canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    canvas.show_scene(Scene(Picture(photo.pixels), photo.width, photo.height))
    place.layout().addWidget(canvas)
    canvas.setMinimumHeight(480)
    with qtbot.waitActive(place):
        place.show()
    return canvas


@pytest.fixture
def field(place: QWidget) -> QLineEdit:
    """Something else that takes keys."""
    return place.findChild(QLineEdit)


@pytest.fixture
def other(place: QWidget, canvas: Canvas) -> Canvas:
    """A small canvas beside it, which shows the same through the same viewport."""
    small = Canvas(canvas.viewport, "Small")
    small.show_scene(canvas.scene)
    place.layout().addWidget(small)
    QApplication.processEvents()
    return small
