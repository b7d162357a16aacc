"""What a feature is made of: commands, a panel, layers over the photograph. The window arranges them by these alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

    from diffseg_gui.look.card import Card
    from diffseg_gui.view.layers import Layer

MENUS = ("File", "Edit", "View", "Analysis", "Review", "Measure", "Help")


def always() -> bool:
    """Of a command that can be used at any time."""
    return True


@dataclass(frozen=True)
class Command:
    """One action, as an entry of a menu and of the tool bar.

    menu: one of MENUS, or a submenu such as "View/&Theme". shortcut: one or several ("F1; ?"); single keys do not fire
    while a number or a text is being typed. run: what it does. enabled: whether it can be used now; why_not: what the
    tooltip says while it cannot. checked: makes it a switch, which tells its state; ``run(on)`` is called then. one_of:
    names the switches of which one is always on; choosing one calls ``run()``. label: its text where that changes.

    line: a line above it in its menu. icon: a file of resources/icons, where it is not the command's own name. bar: its
    place in the tool bar, with a line wherever the tens change; 0: not there. named: its text stands there as well.
    offered: whether it is there at all, where that changes.
    """

    name: str
    menu: str
    text: str
    shortcut: str
    tip: str
    run: Callable[..., object] = field(compare=False)
    enabled: Callable[[], bool] = field(default=always, compare=False)
    why_not: Callable[[], str] | None = field(default=None, compare=False)
    checked: Callable[[], bool] | None = field(default=None, compare=False)
    label: Callable[[], str] | None = field(default=None, compare=False)
    one_of: str = ""
    line: bool = False
    icon: str = ""
    bar: int = 0
    named: bool = False
    offered: Callable[[], bool] | None = field(default=None, compare=False)


def keys_of(command: Command) -> str:
    """A command's shortcuts as this system writes them; empty where it has none."""
    found = QKeySequence.listFromString(command.shortcut)
    return "  or  ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in found)


def menu_of(command: Command) -> int:
    """The place of a command's menu among MENUS, to sort by."""
    return MENUS.index(command.menu.split("/")[0])


class Place(Enum):
    """Where a panel stands by default: in a column beside the photograph, below it, or in the clinical view alone."""

    LEFT = "left"
    RIGHT = "right"
    BOTTOM = "bottom"
    COLUMN = "column"


EVERY = "every"  # the step of a panel that the clinical view has below the photograph at all times


class Panel(QObject):
    """A card about the photograph, which the window puts into a dock.

    name: for the layout that is remembered. place: where it stands by default; behind: an earlier panel, whose tabs it
    joins. height: pixels by default, stretched to the window where its whole column names some; 0: what the others
    leave. scrolls: its content scrolls where the dock is too low for it. While a photograph is read blind every panel
    is covered.

    step: in the clinical view it stands in the column at that step (:data:`diffseg_gui.arrangement.STEPS`), or below
    the photograph (EVERY); empty: it is hidden there. plain: its title there, in a clinician's words.
    """

    seen = Signal(bool)  # it has come to where it can be seen, or has gone
    wanted = Signal()  # it is to be shown, in front of its tabs

    def __init__(
        self,
        name: str,
        title: str,
        tip: str,
        card: Card,
        place: Place = Place.RIGHT,
        behind: str = "",
        height: int = 0,
        scrolls: bool = True,
        step: str = "",
        plain: str = "",
    ) -> None:
        super().__init__(card)
        self.name, self.title, self.tip, self.card = name, title, tip, card
        self.place, self.behind, self.height, self.scrolls = place, behind, height, scrolls
        self.step, self.plain = step, plain or title


class Feature(QObject):
    """One thing that the program can do, built from the few things that it uses and never from the window.

    What a feature offers it sets in its constructor; all of it is optional. ``menus`` fill submenus that change, by
    their path, before they are shown. ``head`` is a line above the photograph, ``foot`` one below it, ``large`` a
    widget that can take the photograph's place, with its name, ``status`` a figure in the status bar. ``top`` is a
    figure in the clinical view's top line, ``ends`` are widgets at the head and the foot of its column. ``buttons``
    stand for commands, by name.
    """

    changed = Signal()  # what its commands can do may be other now

    commands: Sequence[Command] = ()
    panel: Panel | None = None
    layers: Sequence[Layer] = ()
    head: QWidget | None = None
    foot: QWidget | None = None
    large: tuple[str, QWidget] | None = None
    status: QWidget | None = None
    top: QWidget | None = None
    ends: tuple[QWidget, QWidget] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.menus: Mapping[str, Callable[[QMenu], None]] = {}
        self.buttons: dict[str, QAbstractButton] = {}

    def accepts(self, paths: Sequence[Path]) -> bool:
        """Take files that were dropped, or leave them to another feature (False)."""
        return False

    def escape(self) -> bool:
        """Escape was pressed and nothing else wanted it; returns whether it did something here."""
        return False

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Connect the buttons with the actions that were made of the commands."""
        from diffseg_gui.look.mirror import mirror

        for name, button in self.buttons.items():
            mirror(button, actions[name])

    def close(self) -> None:
        """The window is closing: stop timers, wait for threads."""
