"""Which drawing tool is in hand, what it paints and how large it is; and the Edit menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.correction.strip import ToolStrip
from diffseg_gui.messages import LONG
from diffseg_gui.tools.drawing import Drawing, Lasso, Polygon, Stroke
from engine.reading.correction import AS_FOUND, LESION, SKIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.document import Document
    from diffseg_gui.document.editing import Editing
    from diffseg_gui.messages import Messages
    from diffseg_gui.view.canvas import Canvas

TOOLS = {  # name: text, shortcut, explanation, place in the tool bar
    "brush": ("&Brush", "D", "Paint lesion; Shift: as the model says, Alt: skin", 32),
    "eraser": ("&Eraser", "S", "Paint skin; Shift: as the model says, Alt: lesion", 33),
    "lasso": ("&Lasso", "L", "Draw around lesion; Shift: as the model says, Alt: skin", 34),
    "polygon": ("&Polygon", "G", "Click corners; Enter or a double click closes, Backspace removes one", 35),
}
SHARE, LARGEST = 1 / 40, 1 / 4  # diameters, to the photograph's longest side: to begin with, and at most
NEXT = {LESION: SKIN, SKIN: AS_FOUND, AS_FOUND: LESION}  # what follows on what, in turn
OWN_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Correction(Feature):
    """Hands tools to the canvas. Brush and eraser share one size, which goes with the photograph's."""

    def __init__(self, document: Document, editing: Editing, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._editing, self._canvas, self._messages = document, editing, canvas, messages
        kinds = ((Stroke, LESION), (Stroke, SKIN), (Lasso, LESION), (Polygon, LESION))
        self.tools: dict[str, Drawing] = {
            name: kind(name, value, canvas, editing) for name, (kind, value) in zip(TOOLS, kinds, strict=True)
        }
        self._native = {name: tool.value for name, tool in self.tools.items()}
        self._share = SHARE
        self.strip = ToolStrip(canvas)
        self.strip.valueChosen.connect(self.paint_as)
        self.strip.sizeChosen.connect(self.set_size)
        canvas.installEventFilter(self)
        canvas.resized.connect(self.strip.place)
        canvas.toolChanged.connect(self._show_tool)
        editing.stack.indexChanged.connect(self.changed)
        document.opened.connect(lambda: self.set_size(self._share * self._longest))
        self.commands = (*self._undoing(), *self._drawing(), *self._mending())

    def _undoing(self) -> tuple[Command, ...]:
        stack = self._editing.stack
        return (
            Command("undo", "Edit", "&Undo", "Ctrl+Z", "Take the last change back", stack.undo, stack.canUndo,
                    label=lambda: f"&Undo {stack.undoText()}".rstrip(), bar=30),
            Command("redo", "Edit", "&Redo", "Ctrl+Shift+Z; Ctrl+Y", "Do again what was taken back", stack.redo,
                    stack.canRedo, label=lambda: f"&Redo {stack.redoText()}".rstrip(), bar=31),
        )  # fmt: skip

    def _drawing(self) -> tuple[Command, ...]:
        in_hand = lambda: self.tool is not None  # noqa: E731
        return (
            *(
                Command(name, "Edit", text, shortcut, tip, partial(self.use, name), self._is_open,
                        checked=partial(self._is_in_hand, name), line=name == "brush", bar=bar)
                for name, (text, shortcut, tip, bar) in TOOLS.items()
            ),
            Command("paint_next", "Edit", "Paint lesion, skin, &model in turn", "X", "What the tool in hand paints",
                    self.paint_next, in_hand),
            Command("smaller", "Edit", "&Smaller", "[", "A smaller brush and eraser", partial(self.scale, 1 / 1.25),
                    in_hand),
            Command("larger", "Edit", "Lar&ger", "]", "A larger brush and eraser", partial(self.scale, 1.25), in_hand),
        )  # fmt: skip

    def _mending(self) -> tuple[Command, ...]:
        editing = self._editing
        has_mask: Callable[[], bool] = lambda: editing.has_mask  # noqa: E731
        return (
            Command("fill_holes", "Edit", "Fill &holes", "Ctrl+H", "Make lesion of what the border encloses",
                    editing.fill_holes, has_mask, line=True),
            Command("keep_largest", "Edit", "&Keep largest", "Ctrl+K", "Make skin of all parts but the largest",
                    editing.keep_largest, has_mask),
            Command("reset_correction", "Edit", "Reset &to the model's result", "Ctrl+Backspace",
                    "Take all corrections back; Undo brings them again", editing.reset, lambda: editing.is_corrected,
                    icon="reset"),
        )  # fmt: skip

    @property
    def tool(self) -> Drawing | None:
        """The drawing tool in hand."""
        tool = self._canvas.tool
        return tool if isinstance(tool, Drawing) else None

    # What commands do

    def use(self, name: str, on: bool) -> None:
        """Take a tool, or lay it down."""
        tool = self.tools[name]
        if on:
            tool.value = self._native[name]
            self._canvas.tool = tool
            self._messages.notice(f"{name.capitalize()}: {TOOLS[name][2]}", LONG)
        elif self._canvas.tool is tool:
            self._canvas.tool = None

    def paint_as(self, value: int) -> None:
        """Paint lesion, skin or as the model says; a brush that makes skin is the eraser."""
        if isinstance(self.tool, Stroke) and value != AS_FOUND:
            self.use("brush" if value == LESION else "eraser", True)
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
    def _longest(self) -> int:
        photograph = self._document.photograph
        return 1 if photograph is None else max(photograph.width, photograph.height)

    @property
    def _largest(self) -> float:
        return max(2.0, self._longest * LARGEST)

    def _is_open(self) -> bool:
        return self._document.photograph is not None

    def _is_in_hand(self, name: str) -> bool:
        return self._canvas.tool is self.tools[name]

    def _show_tool(self) -> None:
        tool = self.tool
        if tool is None:
            self.strip.hide()
        else:
            size = self._share * self._longest if isinstance(tool, Stroke) else None
            self.strip.show_tool(tool.value, size, self._largest)
        self._canvas.update()
        self.changed.emit()

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Of keys that are shortcuts, too, those are a tool's own that end or mend what it has begun."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in OWN_KEYS and self.tool is not None and self.tool.points:
                event.accept()
        return False
