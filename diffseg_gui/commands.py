"""Every action as one row of a table: menu, text, shortcut, what it says, and the window's method it calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from diffseg_gui.views import VIEWS
from engine.resources import ROOT

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow


@dataclass(frozen=True)
class Command:
    """One action. handler: the window's method; argument: passed to it, where given; group: of exclusive choices."""

    name: str
    menu: str
    text: str
    shortcut: str
    tip: str
    handler: str
    argument: object = None
    group: str = ""
    checked: bool = False


SEPARATOR = None

COMMANDS: tuple[Command | None, ...] = (
    Command("open", "File", "&Open…", "Ctrl+O", "Open a dermoscopy image", "choose_image"),
    Command("export", "File", "&Export…", "Ctrl+E", "Write masks, maps and sidecar to a folder", "choose_export"),
    SEPARATOR,
    Command("quit", "File", "&Quit", "Ctrl+Q", "Close the window", "close"),
    *(
        Command(f"view_{key}", "View", view.title, str(number), view.tip, "show_view", argument=key, group="view",
                checked=number == 1)
        for number, (key, view) in enumerate(VIEWS.items(), 1)
    ),
    SEPARATOR,
    Command("zoom_in", "View", "Zoom &in", "+", "Closer", "zoom_in"),
    Command("zoom_out", "View", "Zoom &out", "-", "Farther", "zoom_out"),
    Command("fit", "View", "&Fit", "F", "Show the whole photograph", "fit"),
    Command("actual", "View", "&1:1", "Ctrl+1", "One screen pixel for each of the photograph's", "actual_size"),
    SEPARATOR,
    Command("contour", "View", "&Contour", "C", "Draw the border only", "set_overlay", argument="contour",
            group="overlay", checked=True),
    Command("fill", "View", "F&ill", "I", "Tint the lesion", "set_overlay", argument="fill", group="overlay"),
    Command("off", "View", "Of&f", "O", "Draw nothing over the photograph", "set_overlay", argument="off",
            group="overlay"),
    Command("band", "View", "Border confidence &band", "B", "Where 10 % and 90 % of the timesteps agree", "set_band",
            group="band", checked=True),
    Command("run", "Analysis", "&Run again", "F5", "Analyse the open image; what is known is kept", "run_again"),
    Command("cancel", "Analysis", "&Cancel", "Esc", "Stop the analysis; what is found so far stays", "cancel"),
    Command("reset", "Analysis", "Reset &all settings", "Ctrl+R", "Back to the defaults", "reset_settings"),
    SEPARATOR,
    *(
        Command(f"device_{kind}", "Analysis", f"Device: {text}", "", f"Analyse on {text}", "set_device", argument=kind,
                group="device", checked=kind == "auto")
        for kind, text in (("auto", "fastest"), ("cpu", "CPU"), ("cuda", "NVIDIA GPU"), ("mps", "Apple GPU"))
    ),
    Command("about", "Help", "&About DiffSeg", "F1", "Version, model and purpose", "about"),
)  # fmt: skip


def build(window: MainWindow) -> dict[str, QAction]:
    """Make every action, put it into its menu, and connect it; returns them by name."""
    menus: dict[str, QMenu] = {}
    groups: dict[str, QActionGroup] = {}
    actions: dict[str, QAction] = {}
    menu = None
    for command in COMMANDS:
        if command is None:
            if menu is not None:
                menu.addSeparator()
            continue
        if command.menu not in menus:
            menus[command.menu] = window.menuBar().addMenu(f"&{command.menu}")
        menu = menus[command.menu]
        action = _make(window, command, groups)
        menu.addAction(action)
        actions[command.name] = action
    return actions


def _make(window: MainWindow, command: Command, groups: dict[str, QActionGroup]) -> QAction:
    action = QAction(command.text, window)
    action.setObjectName(command.name)
    action.setShortcut(QKeySequence(command.shortcut))
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{command.tip} ({keys})" if keys else command.tip)
    action.setStatusTip(command.tip)
    icon = ROOT / "icons" / f"{command.name}.svg"
    if icon.exists():
        action.setIcon(QIcon(str(icon)))
    handler = getattr(window, command.handler)
    if command.group:
        action.setCheckable(True)
        action.setChecked(command.checked)
        if command.group != "band":  # a choice of one
            group = groups.setdefault(command.group, QActionGroup(window))
            group.addAction(action)
            action.triggered.connect(lambda _=False: handler(command.argument))
        else:
            action.toggled.connect(handler)
    else:
        action.triggered.connect(lambda _=False: handler())
    return action


def add_recent_menu(window: QMainWindow, before: QAction) -> QMenu:
    """A submenu of the File menu for recent files."""
    menu = QMenu("Open &recent", window)
    menu.setToolTipsVisible(True)
    file_menu = before.associatedObjects()
    for owner in file_menu:
        if isinstance(owner, QMenu):
            owner.insertMenu(before, menu)
            break
    return menu
