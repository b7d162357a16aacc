"""Which drawing tool is in hand, what it paints and how large it is; and the Edit menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from diffseg_gui.feature import Command, Feature
from diffseg_gui.features.correction.strip import ToolStrip
from diffseg_gui.messages import LONG
from diffseg_gui.tools.border_drag import BorderDrag
from diffseg_gui.tools.drawing import Drawing, Lasso, Polygon, Stroke
from diffseg_gui.tools.edge_lasso import EdgeLasso
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
    "edge_lasso": ("Edge lass&o", "W", "Click along the border, the line follows the edge; Enter closes it", 36),
    "drag_border": ("&Drag the border", "V", "Pull the border where you hold it; [ and ] change how much follows", 37),
}
NO_BORDER = "There is no border to hold yet; draw one (D, L or G), or wait for the model's"
BRUSH, REACH = 1 / 40, 1 / 10  # sizes to begin with, to the photograph's longest side
LARGEST = 1 / 4  # of it, at most
NEXT = {LESION: SKIN, SKIN: AS_FOUND, AS_FOUND: LESION}  # what follows on what, in turn
OWN_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Correction(Feature):
    """Hands tools to the canvas. Brush and eraser share one size; sizes go with the photograph's."""

    def __init__(self, document: Document, editing: Editing, canvas: Canvas, messages: Messages) -> None:
        super().__init__()
        self._document, self._editing, self._canvas, self._messages = document, editing, canvas, messages
        on = (canvas, editing)
        self.tools: dict[str, Drawing] = {
            "brush": Stroke("brush", LESION, *on),
            "eraser": Stroke("eraser", SKIN, *on),
            "lasso": Lasso("lasso", LESION, *on),
            "polygon": Polygon("polygon", LESION, *on),
            "edge_lasso": EdgeLasso("edge lasso", LESION, *on, lambda: document.photograph),
            "drag_border": BorderDrag("drag border", LESION, *on),
        }
        self._native = {name: tool.value for name, tool in self.tools.items()}
        self._shares: dict[type[Drawing], float] = {Stroke: BRUSH, BorderDrag: REACH}
        self.also: tuple[Stroke, ...] = ()  # tools of other features, of the same size
        self.strip = ToolStrip(canvas)
        self.strip.valueChosen.connect(self.paint_as)
        self.strip.sizeChosen.connect(self.set_size)
        canvas.installEventFilter(self)
        canvas.resized.connect(self.strip.place)
        canvas.toolChanged.connect(self._show_tool)
        editing.stack.indexChanged.connect(self.changed)
        document.opened.connect(self._follow_photograph)
        self._follow_photograph()
        self.commands = (*self._undoing(), *self._drawing(), *self._mending())

    def _undoing(self) -> tuple[Command, ...]:
        stack = self._editing.stack
        return (
            Command("undo", "Edit", "&Undo", "Ctrl+Z", "Take the last change back", stack.undo, stack.canUndo,
                    label=lambda: f"&Undo {stack.undoText()}".rstrip(), bar=30),
            Command("redo", "Edit", "&Redo", "Ctrl+Shift+Z; Ctrl+Y", "Redo the change that was undone", stack.redo,
                    stack.canRedo, label=lambda: f"&Redo {stack.redoText()}".rstrip(), bar=31),
        )  # fmt: skip

    def _drawing(self) -> tuple[Command, ...]:
        has_size = lambda: isinstance(self._canvas.tool, Drawing)  # noqa: E731
        return (
            *(
                Command(name, "Edit", text, shortcut, tip, partial(self.use, name), self._is_open,
                        checked=partial(self._is_in_hand, name), line=name == "brush", bar=bar)
                for name, (text, shortcut, tip, bar) in TOOLS.items()
            ),
            Command("paint_next", "Edit", "Paint lesion, sk&in, model in turn", "X", "What the tool in hand paints",
                    self.paint_next, lambda: self.tool is not None and self.tool.paints),
            Command("smaller", "Edit", "&Smaller", "[", "A smaller brush and eraser; less of the border follows",
                    partial(self.scale, 1 / 1.25), has_size),
            Command("larger", "Edit", "Lar&ger", "]", "A larger brush and eraser; more of the border follows",
                    partial(self.scale, 1.25), has_size),
        )  # fmt: skip

    def _mending(self) -> tuple[Command, ...]:
        editing = self._editing
        has_mask: Callable[[], bool] = lambda: editing.has_mask  # noqa: E731
        return (
            Command("fill_holes", "Edit", "Fill &holes", "Ctrl+H", "Make lesion of what the border encloses",
                    editing.fill_holes, has_mask, line=True),
            Command("keep_largest", "Edit", "&Keep largest", "Ctrl+K", "Make skin of all parts but the largest",
                    editing.keep_largest, has_mask),
            Command("smooth_border", "Edit", "S&mooth border", "Ctrl+L",
                    "Take small bumps out of the border; again: larger ones", editing.smooth, has_mask),
            Command("reset_correction", "Edit", "Reset &to the model's result", "Ctrl+Backspace",
                    "Take all corrections back; Undo brings them again", editing.reset, lambda: editing.is_corrected,
                    icon="reset"),
        )  # fmt: skip

    @property
    def tool(self) -> Drawing | None:
        """The drawing tool in hand."""
        return next((tool for tool in self.tools.values() if tool is self._canvas.tool), None)

    # What commands do

    def use(self, name: str, on: bool) -> None:
        """Take a tool, or lay it down."""
        tool = self.tools[name]
        if on:
            tool.value = self._native[name]
            self._canvas.tool = tool
            mask = self._editing.mask
            holds_nothing = isinstance(tool, BorderDrag) and (mask is None or not mask.any())
            said = NO_BORDER if holds_nothing else f"{tool.name.capitalize()}: {TOOLS[name][2]}"
            self._messages.notice(said, LONG)
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
        """Make what the tool in hand has a size of larger or smaller, by a pixel at least."""
        size = self._shares[self._sized] * self._longest
        self.set_size(max(size * factor, size + 1) if factor > 1 else min(size * factor, size - 1))

    def set_size(self, size: float) -> None:
        """Give the tool in hand, by default brush and eraser, a diameter in the photograph's pixels."""
        kind, size = self._sized, min(max(size, 1.0), self._largest)
        self._shares[kind] = size / self._longest
        for tool in (*self.tools.values(), *self.also):
            if isinstance(tool, kind):
                tool.radius = size / 2
        self._show_tool()

    # Within

    @property
    def _sized(self) -> type[Stroke | BorderDrag]:
        """Whose size is meant."""
        return BorderDrag if isinstance(self.tool, BorderDrag) else Stroke

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

    def _follow_photograph(self) -> None:
        """Sizes go with its own."""
        for tool in (*self.tools.values(), *self.also):
            if isinstance(tool, Stroke | BorderDrag):
                kind = BorderDrag if isinstance(tool, BorderDrag) else Stroke
                tool.radius = self._shares[kind] * self._longest / 2
        self._show_tool()

    def _show_tool(self) -> None:
        tool = self.tool
        if tool is None:
            self.strip.hide()
        else:
            size = 2 * tool.radius if isinstance(tool, Stroke | BorderDrag) else None
            self.strip.show_tool(tool.value if tool.paints else None, size, self._largest)
        self._canvas.update()
        self.changed.emit()

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Of keys that are shortcuts, too, those are a tool's own that end or mend what it has begun."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain, tool = event.modifiers() == Qt.KeyboardModifier.NoModifier, self._canvas.tool
            if plain and event.key() in OWN_KEYS and isinstance(tool, Drawing) and tool.points:
                event.accept()
        return False
