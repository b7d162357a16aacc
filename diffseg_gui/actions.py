"""Commands as rows of a table, and the actions and menus made from them."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from diffseg_gui import icons

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QMenu

    from diffseg_gui.window import MainWindow

MENUS = ("File", "Edit", "View", "Analysis", "Review", "Measure", "Help")


@dataclass(frozen=True)
class Command:
    """One action.

    menu: one of MENUS, or a submenu such as "View/&Theme". shortcut: one or several ("F1; ?"); single keys do not fire
    while a number or a text is being typed. handler: a dotted path from the window to what is called: "fit",
    "review.next". How it is called:

    - plainly: ``handler()``, or ``handler(argument)`` where there is an argument;
    - ``group``: one of the group is always chosen; ``handler(argument)`` when it is;
    - ``checkable``: ``handler(on)`` when it is switched;
    - ``group`` and ``checkable``: at most one of the group is on; ``handler(on)``. Canvas tools share group "tool":
      one that is switched on switches the one before off first.

    line: a line above it in its menu. icon: a file of resources/icons, where it is not the command's own name.
    """

    name: str
    menu: str
    text: str
    shortcut: str
    tip: str
    handler: str
    argument: object = None
    group: str = ""
    checkable: bool = False
    checked: bool = False
    line: bool = False
    icon: str = ""


def keys(command: Command) -> str:
    """A command's shortcuts as this system writes them; empty where it has none."""
    found = QKeySequence.listFromString(command.shortcut)
    return "  or  ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in found)


def build(window: MainWindow, table: Iterable[Command]) -> tuple[dict[str, QAction], dict[str, QMenu]]:
    """Make every action and put it into its menu; returns the actions by name and the menus by path.

    Handlers are looked up when an action is used, so what they name may be made later.
    """
    rows = sorted(table, key=lambda command: MENUS.index(command.menu.split("/")[0]))  # stable: rows keep their order
    menus: dict[str, QMenu] = {}
    groups: dict[str, QActionGroup] = {}
    actions: dict[str, QAction] = {}
    for command in rows:
        menu = _menu(window, menus, command)
        if command.line and not menu.isEmpty():
            menu.addSeparator()
        actions[command.name] = _make(window, command, groups)
        menu.addAction(actions[command.name])
    return actions, menus


def _menu(window: MainWindow, menus: dict[str, QMenu], command: Command) -> QMenu:
    top, _, below = command.menu.partition("/")
    if top not in menus:
        menus[top] = window.menuBar().addMenu(f"&{top}")
        menus[top].setToolTipsVisible(True)
    if below and command.menu not in menus:
        menus[command.menu] = menus[top].addMenu(below)
        menus[command.menu].setToolTipsVisible(True)
    return menus[command.menu]


def _make(window: MainWindow, command: Command, groups: dict[str, QActionGroup]) -> QAction:
    action = QAction(command.text, window)
    action.setObjectName(command.name)
    action.setShortcuts(QKeySequence.listFromString(command.shortcut))
    shortcut = keys(command)
    action.setToolTip(f"{command.tip} ({shortcut})" if shortcut else command.tip)
    action.setStatusTip(command.tip)
    if (icon := icons.find(command.icon or command.name)) is not None:
        action.setIcon(icon)
        action.setIconVisibleInMenu(False)  # a check mark would have to give way to it
    if command.group:
        group = groups.get(command.group) or groups.setdefault(command.group, QActionGroup(window))
        group.setObjectName(command.group)
        if command.checkable:
            group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        group.addAction(action)
    action.setCheckable(bool(command.group) or command.checkable)
    action.setChecked(command.checked)
    handler = attrgetter(command.handler)
    if command.checkable:
        action.toggled.connect(lambda on: handler(window)(on))
    elif command.argument is not None:
        action.triggered.connect(lambda: handler(window)(command.argument))
    else:
        action.triggered.connect(lambda: handler(window)())
    return action
