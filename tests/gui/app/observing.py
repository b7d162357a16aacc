"""All that a workbench shows, to be compared: words, states and pixels, what is covered included."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QScrollArea,
    QTabBar,
    QWidget,
)

from diffseg_gui.view.views import VIEWS

if TYPE_CHECKING:
    from diffseg_gui.app.workbench import Workbench


def observe(bench: Workbench, painted: bool = False) -> dict[str, object]:
    """All that the program shows, by what shows it. painted: as pixels, too."""
    for feature in bench.features:
        if feature.panel is not None:
            feature.panel.seen.emit(True)  # those that are hidden, too, show what they would if somebody looked
    QApplication.processEvents()
    message = bench.window.statusBar().currentMessage()
    seen: dict[str, object] = {"legend": bench.stage.legend.names(), "message": message}
    for name, action in bench.window.actions_by_name.items():
        seen[f"action {name}"] = (action.isEnabled(), action.isChecked(), action.text(), action.toolTip())
    panels = {type(one).__name__: one.panel.card for one in bench.features if one.panel is not None}
    for name, root in {"window": bench.window, **panels}.items():
        there = (widget for widget in root.findChildren(QWidget) if widget.isVisibleTo(root) and not _is_spare(widget))
        seen |= Counter(f"{name}: {type(widget).__name__} {words(widget)}" for widget in there)
    if painted:
        seen |= {f"pixels of {name}": pixels(root) for name, root in {"window": bench.window, **panels}.items()}
    for key in (*VIEWS, *(f"t{t}" for t in bench.document.recipe.noise.timesteps)):
        seen[f"view {key}"] = scene(bench, key)
    return seen


def _is_spare(widget: QWidget) -> bool:
    """A bar without tabs, which Qt keeps outside the window for docks that may come to stand behind each other."""
    return isinstance(widget, QTabBar) and widget.count() == 0


def words(widget: QWidget) -> tuple[object, ...]:
    """What a widget says in words and figures, also to those who cannot see it, and whether it can be used."""
    said: object = None
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit | QAbstractSpinBox):
        said = widget.text()
    elif isinstance(widget, QAbstractSlider | QProgressBar):
        said = (widget.minimum(), widget.maximum(), widget.value())
    elif isinstance(widget, QListWidget):
        said = [widget.item(row).text() for row in range(widget.count())]
    elif isinstance(widget, QTabBar):
        said = [widget.tabText(tab) for tab in range(widget.count())]
    told = (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    return said, *told, widget.isEnabled()


def pixels(widget: QWidget) -> bytes:
    """A widget as it is painted, were it covered or not."""
    widget.grab()  # which lays out what is covered
    area = widget.parentWidget().parentWidget() if widget.parentWidget() is not None else None
    if isinstance(area, QScrollArea):  # one that is covered keeps the size of what it showed last
        QApplication.sendEvent(area, QEvent(QEvent.Type.LayoutRequest))
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits())


def scene(bench: Workbench, key: str) -> object:
    """A view's picture and curves."""
    found = bench.scenes.scene(key)
    if found is None:
        return None
    curves = [(c.name, c.colour.name(), c.dashed, c.path.toFillPolygons()) for c in found.curves]
    return found.stale, bytes(found.picture.levels[0].constBits()), curves


def differing(first: dict[str, object], second: dict[str, object]) -> list[str]:
    """By what two programs can be told apart."""
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
