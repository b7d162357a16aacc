"""Which drawing tool is in hand, what it paints and how large it is; and the Edit menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from diffseg_gui.actions import Command
from diffseg_gui.corrected import Corrected
from diffseg_gui.editing import NOTICE
from diffseg_gui.panels.toolstrip import ToolStrip
from diffseg_gui.tools import Drawing, Lasso, Polygon, Stroke
from engine.reading.correction import AS_FOUND, LESION, SKIN

if TYPE_CHECKING:
    from diffseg_gui.window import MainWindow

COMMANDS = (
    Command("undo", "Edit", "&Undo", "Ctrl+Z", "Take the last change back", "edit.stack.undo"),
    Command("redo", "Edit", "&Redo", "Ctrl+Shift+Z; Ctrl+Y", "Do again what was taken back", "edit.stack.redo"),
    Command("brush", "Edit", "&Brush", "D", "Paint lesion; Shift: as the model says, Alt: skin", "toolbox.use_brush",
            group="tool", checkable=True, line=True),
    Command("eraser", "Edit", "&Eraser", "S", "Paint skin; Shift: as the model says, Alt: lesion",
            "toolbox.use_eraser", group="tool", checkable=True),
    Command("lasso", "Edit", "&Lasso", "L", "Draw around lesion; Shift: as the model says, Alt: skin",
            "toolbox.use_lasso", group="tool", checkable=True),
    Command("polygon", "Edit", "&Polygon", "G", "Click corners; Enter or a double click closes, Backspace removes one",
            "toolbox.use_polygon", group="tool", checkable=True),
    Command("paint_next", "Edit", "Paint lesion, skin, &model in turn", "X", "What the tool in hand paints",
            "toolbox.paint_next"),
    Command("smaller", "Edit", "&Smaller", "[", "A smaller brush and eraser", "toolbox.scale", argument=1 / 1.25),
    Command("larger", "Edit", "Lar&ger", "]", "A larger brush and eraser", "toolbox.scale", argument=1.25),
    Command("fill_holes", "Edit", "Fill &holes", "Ctrl+H", "Make lesion of what the border encloses",
            "edit.fill_holes", line=True),
    Command("keep_largest", "Edit", "&Keep largest", "Ctrl+K", "Make skin of all parts but the largest",
            "edit.keep_largest"),
    Command("reset_correction", "Edit", "Reset &to the model's result", "Ctrl+Backspace",
            "Take all corrections back; Undo brings them again", "edit.reset", icon="reset"),
)  # fmt: skip
DRAWN = ("brush", "eraser", "lasso", "polygon")
USES_TOOL = ("paint_next", "smaller", "larger")
NEEDS_MASK = ("fill_holes", "keep_largest")
SHARE, LARGEST = 1 / 40, 1 / 4  # diameters, to the photograph's longest side: to begin with, and at most
NEXT = {LESION: SKIN, SKIN: AS_FOUND, AS_FOUND: LESION}  # what follows on what, in turn
OWN_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Toolbox(QObject):
    """Hands tools to the canvas. Brush and eraser share one size, which goes with the photograph's."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._edit, self._canvas = window, window.edit, window.stage.canvas
        kinds = ((Stroke, LESION), (Stroke, SKIN), (Lasso, LESION), (Polygon, LESION))
        self.tools: dict[str, Drawing] = {}
        for name, (kind, value) in zip(DRAWN, kinds, strict=True):
            self.tools[name] = kind(name, value, self._canvas, self._edit)
        self._native = {name: tool.value for name, tool in self.tools.items()}
        self._share = SHARE
        self.strip = ToolStrip(self._canvas)
        self.strip.valueChosen.connect(self.paint_as)
        self.strip.sizeChosen.connect(self.set_size)
        self._canvas.installEventFilter(self)
        self._canvas.resized.connect(self.strip.place)
        self._corrected = Corrected(window)
        window.refreshed.connect(self._show_actions)
        self._edit.stack.indexChanged.connect(self._show_actions)
        window.state.imageChanged.connect(lambda: self.set_size(self._share * self._longest))

    @property
    def tool(self) -> Drawing | None:
        """The drawing tool in hand."""
        tool = self._canvas.tool
        return tool if isinstance(tool, Drawing) else None

    @property
    def _longest(self) -> int:
        image = self._window.state.image
        return 1 if image is None else max(image.width, image.height)

    # What actions call

    def use_brush(self, on: bool) -> None:
        """Take the brush, or lay it down."""
        self._use("brush", on)

    def use_eraser(self, on: bool) -> None:
        """Take the eraser, or lay it down."""
        self._use("eraser", on)

    def use_lasso(self, on: bool) -> None:
        """Take the lasso, or lay it down."""
        self._use("lasso", on)

    def use_polygon(self, on: bool) -> None:
        """Take the polygon, or lay it down."""
        self._use("polygon", on)

    def paint_as(self, value: int) -> None:
        """Paint lesion, skin or as the model says; a brush that makes skin is the eraser."""
        if isinstance(self.tool, Stroke) and value != AS_FOUND:
            name = "brush" if value == LESION else "eraser"
            self._window.actions_by_name[name].setChecked(True)
        if self.tool is not None:
            self.tool.value = value
            self._show_tool()

    def paint_next(self) -> None:
        """Paint lesion, skin and as the model says, in turn."""
        if self.tool is not None:
            self.paint_as(NEXT[self.tool.value])

    def scale(self, factor: float) -> None:
        """Make brush and eraser larger or smaller, by a pixel at least."""
        size = self._share * self._longest
        self.set_size(max(size * factor, size + 1) if factor > 1 else min(size * factor, size - 1))

    def set_size(self, size: float) -> None:
        """Give brush and eraser a diameter in the photograph's pixels."""
        size = min(max(size, 1.0), self._largest)
        self._share = size / self._longest
        for tool in self.tools.values():
            if isinstance(tool, Stroke):
                tool.radius = size / 2
        self._show_tool()

    # Within

    @property
    def _largest(self) -> float:
        return max(2.0, self._longest * LARGEST)

    def _use(self, name: str, on: bool) -> None:
        tool = self.tools[name]
        tool.drop()
        if on:
            tool.value = self._native[name]
            self._canvas.tool = tool
            tip = self._window.actions_by_name[name].statusTip()
            self._window.statusBar().showMessage(f"{name.capitalize()}: {tip}", NOTICE)
        elif self._canvas.tool is tool:
            self._canvas.tool = None
            self._window.statusBar().clearMessage()
        self._show_tool()
        self._show_actions()

    def _show_tool(self) -> None:
        tool = self.tool
        if tool is None:
            self.strip.hide()
        else:
            size = self._share * self._longest if isinstance(tool, Stroke) else None
            self.strip.show_tool(tool.value, size, self._largest)
        self._canvas.update()

    def _show_actions(self) -> None:
        """Enable what can be done now; undo and redo tell what they would."""
        actions, stack = self._window.actions_by_name, self._edit.stack
        for name, can, text in (
            ("undo", stack.canUndo(), stack.undoText()),
            ("redo", stack.canRedo(), stack.redoText()),
        ):
            actions[name].setText(f"&{name.capitalize()} {text}".rstrip())
            actions[name].setEnabled(can)
        reading = self._window.state.reading
        for name in DRAWN:
            actions[name].setEnabled(self._edit.layer is not None)
        for name in USES_TOOL:
            actions[name].setEnabled(self.tool is not None)
        for name in NEEDS_MASK:
            actions[name].setEnabled(self._edit.has_mask)
        actions["reset_correction"].setEnabled(reading is not None and reading.layer is not None)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Of keys that are shortcuts, too, those are a tool's own that end or mend what it has begun."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in OWN_KEYS and self.tool is not None and self.tool.points:
                event.accept()
        return False
