"""Commands made into actions, in menus; each shows whether it can be used, and whether it is on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from diffseg_gui.feature import Command, keys_of, menu_of
from diffseg_gui.look import icons

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

    from diffseg_gui.document.signals import DocumentSignals


class Actions(QObject):
    """Every command's action, by its name. :meth:`update` has them show what holds now; each use of one does so."""

    def __init__(self, commands: Iterable[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.commands = tuple(commands)
        self.by_name = {command.name: _make(command, parent) for command in self.commands}
        self._tips = {command.name: _with_keys(command) for command in self.commands}  # too slow for each update
        for command in self.commands:
            self.by_name[command.name].triggered.connect(lambda on, command=command: self._run(command, on))
        self.update()

    def follow(self, *signals: SignalInstance, source: DocumentSignals | None = None) -> None:
        """Update whenever one of these tells of a change; of those that ``source`` brings about, once after all."""
        for signal in signals:
            signal.connect(partial(self._follow, source))
        if source is not None:
            source.changed.connect(self.update)

    def update(self) -> None:
        """Show what can be used now, what is on, and texts that change."""
        for command in self.commands:
            action, enabled = self.by_name[command.name], command.enabled()
            if command.offered is not None:
                action.setVisible(command.offered())
            if enabled != action.isEnabled():
                action.setEnabled(enabled)
            if command.checked is not None and (on := command.checked()) != action.isChecked():
                action.setChecked(on)
            if command.label is not None:
                action.setText(command.label())
            if command.why_not is not None:
                tip = command.tip if enabled else command.why_not()
                action.setStatusTip(tip)
                action.setToolTip(self._tips[command.name] if enabled else tip)

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Put every action into its menu; returns the menus by their paths."""
        menus: dict[str, QMenu] = {}
        for command in sorted(self.commands, key=menu_of):  # stable: they keep their order within each
            menu = _menu(bar, menus, command)
            if command.line and not menu.isEmpty():
                menu.addSeparator()
            menu.addAction(self.by_name[command.name])
        return menus

    def _follow(self, source: DocumentSignals | None, *_: object) -> None:
        if source is None or not source.is_changing:
            self.update()

    def _run(self, command: Command, on: bool) -> None:
        if not command.enabled():
            pass  # nobody told that it no longer can be used, so its action did not know
        elif command.checked is not None and not command.one_of:
            command.run(on)
        else:
            command.run()
        self.update()


def _make(command: Command, parent: QWidget) -> QAction:
    action = QAction(command.text, parent)
    action.setObjectName(command.name)
    action.setShortcuts(QKeySequence.listFromString(command.shortcut))
    action.setToolTip(_with_keys(command))
    action.setStatusTip(command.tip)
    action.setCheckable(command.checked is not None)
    if (icon := icons.find(command.icon or command.name)) is not None:
        action.setIcon(icon)
        action.setIconVisibleInMenu(False)  # a check mark would have to give way to it
    return action


def _with_keys(command: Command) -> str:
    """The explanation, with the shortcut."""
    return f"{command.tip} ({keys})" if (keys := keys_of(command)) else command.tip


def _menu(bar: QMenuBar, menus: dict[str, QMenu], command: Command) -> QMenu:
    top, _, below = command.menu.partition("/")
    if top not in menus:
        menus[top] = bar.addMenu(f"&{top}")
        menus[top].setToolTipsVisible(True)
    if below and command.menu not in menus:
        menus[command.menu] = menus[top].addMenu(below)
        menus[command.menu].setToolTipsVisible(True)
    return menus[command.menu]
