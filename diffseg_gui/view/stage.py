"""The middle of the window: one view, large, with tabs to change it and a legend of what is drawn over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QLabel, QPushButton, QVBoxLayout, QWidget

from diffseg_gui.look import wording
from diffseg_gui.look.card import Card
from diffseg_gui.look.named import checkable, named
from diffseg_gui.view.canvas import Canvas
from diffseg_gui.view.colour_bar import ColourBar
from diffseg_gui.view.legend import Legend
from diffseg_gui.view.notice import Banner
from diffseg_gui.view.views import PHOTOGRAPH, VIEWS, view_of
from diffseg_gui.view.welcome import DropTarget, Welcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QLayout

    from diffseg_gui.document.document import Document
    from diffseg_gui.view.scenes import Scenes
    from diffseg_gui.view.viewport import Viewport
    from diffseg_gui.view.views import Display


MARGINS = (11, 4, 11, 6)  # pixels: left, top, right, bottom


class Stage(Card):
    """The large view, with the welcome before the first photograph and the banner after a failure.

    Features may lay lines above and below it (:meth:`add_head`, :meth:`add_foot`) and widgets that take its place
    (:meth:`add_large`).
    """

    shownAnew = Signal()  # what is shown may be other now

    def __init__(
        self, document: Document, scenes: Scenes, display: Display, viewport: Viewport, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self._document, self._scenes, self._display = document, scenes, display
        self._large: dict[str, QWidget] = {}
        self.title.hide()
        self.header.row.setSpacing(0)
        self.outer.setContentsMargins(*MARGINS)
        self._group = QButtonGroup(self)
        self.tabs = {key: self._add_tab(position, key) for position, key in enumerate(VIEWS)}
        self.banner = Banner(self.content)
        self.canvas = Canvas(viewport, "Photograph", hides_overlay=True)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.doubleClicked.connect(lambda: display.show(PHOTOGRAPH))
        self.canvas.toolChanged.connect(self._show_canvas)
        self.welcome = Welcome()
        QVBoxLayout(self.canvas).addWidget(self.welcome, 0, Qt.AlignmentFlag.AlignCenter)
        self.legend = Legend()
        self.bars = {key: ColourBar(view.scale) for key, view in VIEWS.items() if view.scale is not None}
        self.caption = named(QLabel("", wordWrap=True), "muted")
        self.drop_target = DropTarget(self)
        self.banner.lie_over(self.canvas)
        self.body.addWidget(self.canvas, 1)
        for below in (self.legend, *self.bars.values(), self.caption):
            self.body.addWidget(below)
        scenes.changed.connect(self.refresh)
        document.progressChanged.connect(self._greet)
        self.refresh()

    def _add_tab(self, position: int, key: str) -> QPushButton:
        tab = named(checkable(QPushButton(VIEWS[key].short)), "view")
        tab.clicked.connect(lambda: self._display.choose(key))
        self._group.addButton(tab)
        self.header.row.insertWidget(position, tab)
        return tab

    def sizeHint(self) -> QSize:
        """As large as may be."""
        return QSize(700, 560)

    def add_head(self, widget: QWidget) -> None:
        """Lay a line above the large view."""
        self.body.insertWidget(self.body.indexOf(self.canvas), widget)

    def add_foot(self, widget: QWidget) -> None:
        """Lay a line below the large view, and below all that explains it."""
        self.body.addWidget(widget)

    def add_large(self, name: str, widget: QWidget) -> None:
        """Have a widget that takes the large view's place while ``display.large`` is its name."""
        self._large[name] = widget
        self.body.insertWidget(self.body.indexOf(self.canvas) + 1, widget, 1)
        self.banner.lie_over(widget)
        widget.hide()

    def make_room(self, on: bool) -> None:
        """Give the large view all there is: no frame about it, and the tabs are another's; or have all as it was."""
        self.outer.setContentsMargins(*((0, 0, 0, 0) if on else MARGINS))
        if not on:
            self.outer.insertWidget(0, self.header)

    def lend_legend(self, to: QLayout | None) -> None:
        """Let the legend stand elsewhere, or below the large view again."""
        if to is not None:
            to.addWidget(self.legend)
        else:
            self.body.insertWidget(self.body.indexOf(next(iter(self.bars.values()))), self.legend)

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Have the tabs enabled as the actions that choose their views are, with the same tooltips."""
        for key, tab in self.tabs.items():
            action = actions[f"view_{key}"]
            action.changed.connect(lambda tab=tab, action=action: _follow(tab, action))
            _follow(tab, action)

    def refresh(self) -> None:
        """Show what there is to show now."""
        key, alone = self._display.view, not self._display.large
        view, scene = view_of(key), self._scenes.scene(key)
        self.canvas.show_scene(scene)
        self.canvas.setAccessibleName(view.title)
        self._bring_to_front(self.canvas if alone else self._large[self._display.large])
        self._greet()
        with QSignalBlocker(self._group):
            self._group.setExclusive(False)
            for name, tab in self.tabs.items():
                tab.setChecked(name == key)
            self._group.setExclusive(True)
        self.note.setText("" if key in VIEWS else view.title)
        warning = wording.implausible(self._document)
        self.legend.show_curves(scene.curves if scene is not None and key not in self.bars else (), warning)
        self.legend.setVisible(alone and (key not in self.bars or bool(warning)))
        for name, bar in self.bars.items():
            bar.setVisible(alone and name == key)
        self.caption.setText(f"{view.tip}.")
        self.caption.setVisible(alone and view.captioned)
        self.shownAnew.emit()

    def _bring_to_front(self, large: QWidget) -> None:
        """Show one of the large widgets alone; it takes the keyboard from another that had it.

        A widget that is hidden with the keyboard passes it on to a panel, which then comes to the front of its tabs.
        """
        others = [one for one in (self.canvas, *self._large.values()) if one is not large]
        holder = QApplication.focusWidget()
        hands_over = holder is not None and any(one is holder or one.isAncestorOf(holder) for one in others)
        if hands_over:
            self.setFocus()
        for one in others:
            one.hide()
        large.show()
        if hands_over:
            large.setFocus()

    def _greet(self) -> None:
        empty = self._document.photograph is None and self._document.opening is None
        if (hint := wording.nothing_to_show(self._document)) != self.canvas.hint:
            self.canvas.hint = hint
            self.canvas.update()
        self.welcome.setVisible(empty)

    def _show_canvas(self) -> None:
        """Tools work on the large view."""
        if self.canvas.tool is not None:
            self._display.show_large("")


def _follow(tab: QPushButton, action: QAction) -> None:
    tab.setEnabled(action.isEnabled())
    tab.setToolTip(action.toolTip())
