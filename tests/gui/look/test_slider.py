"""A slider with its box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from diffseg_gui.look.slider import SliderRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Painted(QObject):
    """Counts how often something is painted."""

    times = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Count."""
        self.times += event.type() == QEvent.Type.Paint
        return False


def test_a_number_that_stands_there_is_not_painted_again(qtbot: QtBot) -> None:
    row, painted = SliderRow("cut", 0.0, 1.0, 0.01, 2, ""), Painted()
    qtbot.addWidget(row)
    row.set_value(0.3)
    with qtbot.waitExposed(row):
        row.show()
    QApplication.processEvents()
    row.box.installEventFilter(painted)
    row.set_value(0.3)
    QApplication.processEvents()
    assert painted.times == 0
    row.set_value(0.4)
    QApplication.processEvents()
    assert painted.times
    assert (row.value(), row.slider.value()) == (0.4, 40)


def test_a_number_beyond_the_range_widens_it_while_it_is_shown(qtbot: QtBot) -> None:
    row = SliderRow("cut", 0.0, 1.0, 0.01, 2, "")
    qtbot.addWidget(row)
    row.set_value(1.5)
    assert (row.value(), row.slider.value(), row.box.maximum()) == (1.5, 150, 1.5)
    row.set_value(1.5)
    assert row.box.maximum() == 1.5
    row.set_value(0.5)
    assert (row.box.maximum(), row.slider.maximum()) == (1.0, 100)
    row.set_maximum(0.4)
    assert (row.value(), row.box.maximum()) == (0.5, 0.5)
