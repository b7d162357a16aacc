"""Snapshots of the correction: taken under a name, gone back to, deleted; each can be undone.

They are kept with the photograph's reading. While it is read blind there are none: they would tell what was seen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.snapshots.name_box import NameBox
from diffseg_gui.messages import LONG
from engine.errors import ReadingError
from engine.reading.correction import changed
from engine.reading.snapshots import MOST, added, without, wrong_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas
    from engine.reading.snapshots import Snapshot

MENU = "Edit/Sn&apshots"
TAKE, BLIND = "Keep the correction as it is now, under a name, to go back to", "Not while you read blind"
FULL = f"There are {MOST} snapshots of this photograph; delete one first"
TAKEN = "Snapshot {} is taken; Edit > Snapshots brings it back"


class Snapshots(Feature):
    """The submenu, and the box that asks for a name."""

    def __init__(self, document: Document, editing: Editing, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._editing, self._messages = document, editing, messages
        self.box = NameBox(canvas, lambda name: wrong_name(name, self._taken))
        self.box.accepted.connect(self.take)
        for signal in (document.opened, document.blindChanged):
            signal.connect(self.box.drop)
        self.menus = {MENU: self.fill}
        self.commands = (
            Command("take_snapshot", MENU, "&Take a snapshot…", "Ctrl+T", TAKE, self.ask, self._can_take,
                    self._why_not),
        )  # fmt: skip

    # What commands and the menu do

    def ask(self) -> None:
        """Ask for a name; what time it is is proposed."""
        self.box.ask(self.proposed(datetime.now()))

    def proposed(self, now: datetime) -> str:
        """A name that no snapshot has."""
        said = f"{now.day} {now:%b %H:%M}"
        names = (said if number == 1 else f"{said} ({number})" for number in count(1))
        return next(name for name in names if not wrong_name(name, self._taken))

    def take(self, name: str) -> None:
        """Keep the correction as it is now."""
        if self._editing.layer is not None and self._can_take():
            snapshots = added(self._taken, name, self._editing.layer)
            self._editing.change(f"snapshot {name}", replace(self._document.reading, snapshots=snapshots))
            self._messages.notice(TAKEN.format(name), LONG)

    def go_back(self, snapshot: Snapshot) -> None:
        """Make the correction what it was; Undo brings back what it is now."""
        layer = self._editing.layer
        if layer is None or self._document.blind is not None:
            return
        try:
            patch = changed(layer, 0, 0, snapshot.layer())
        except ReadingError as error:
            self._messages.failure(f"Snapshot {snapshot.name}: {error}")
            return
        if patch is None:
            self._messages.notice(f"The correction is that of {snapshot.name} already")
        else:
            self._editing.put(f"going back to {snapshot.name}", patch)
            self._messages.notice(f"The correction is that of {snapshot.name} again")

    def delete(self, snapshot: Snapshot) -> None:
        """Forget a snapshot; Undo brings it back."""
        snapshots = without(self._taken, snapshot.name)
        self._editing.change(f"deletion of {snapshot.name}", replace(self._document.reading, snapshots=snapshots))
        self._messages.notice(f"Snapshot {snapshot.name} is deleted; Undo brings it back")

    def fill(self, menu: QMenu) -> None:
        """Put the snapshots into the menu, the newest first, above its last action; and below, what deletes them."""
        *former, last = menu.actions()
        for action in former:
            menu.removeAction(action)
            if (below := action.menu()) is not None:  # it would stay as long as the window
                below.deleteLater()
            action.deleteLater()
        if self._document.blind is not None or not self._taken:
            return
        newest = self._taken[::-1]
        menu.insertActions(last, [_action(menu, f"Back to {one.name}", partial(self.go_back, one)) for one in newest])
        menu.insertSeparator(last)
        deleting = QAction("&Delete", menu)
        deleting.setMenu(_submenu(menu, [(one, partial(self.delete, one)) for one in newest]))
        menu.insertAction(last, deleting)

    # Within

    @property
    def _taken(self) -> tuple[Snapshot, ...]:
        return self._document.reading.snapshots

    def _can_take(self) -> bool:
        there = self._document.photograph is not None and self._document.blind is None
        return there and len(self._taken) < MOST

    def _why_not(self) -> str:
        if self._document.blind is not None:
            return BLIND
        return FULL if len(self._taken) >= MOST else TAKE


def _action(menu: QMenu, text: str, run: Callable[[], None]) -> QAction:
    action = QAction(text.replace("&", "&&"), menu)
    action.triggered.connect(run)
    return action


def _submenu(menu: QMenu, entries: list[tuple[Snapshot, Callable[[], None]]]) -> QMenu:
    below = QMenu(menu)
    below.addActions([_action(below, snapshot.name, run) for snapshot, run in entries])
    return below
