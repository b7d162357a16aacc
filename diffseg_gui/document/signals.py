"""What a document tells by its signals, and which of them belong to one change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T", bound="DocumentSignals")


class DocumentSignals(QObject):
    """A signal for each kind of change. One change may be told by several; after the last of them comes ``changed``.

    Until then ``is_changing`` is true. Nobody can press a key meanwhile, for all this happens within one call.
    """

    opened = Signal()  # another photograph, with what was kept of it, blind or not
    recipeChanged = Signal()
    resultChanged = Signal()
    progressChanged = Signal()
    readingChanged = Signal()
    blindChanged = Signal()
    failed = Signal(str, bool)  # whether it is a file that could not be opened
    noticed = Signal(str)
    requested = Signal(object, object, object)  # Path or SkinImage, Recipe, Scribbles
    withdrawn = Signal()
    edited = Signal(object, object)  # a photograph and its reading, which a person has changed
    outlined = Signal(object, object)  # a photograph and its blind outline that waits; an empty reading: none does
    changed = Signal()  # after all signals of one change

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._depth = 0  # of calls that tell, one within the other

    @property
    def is_changing(self) -> bool:
        """Whether more signals may follow, and after them ``changed``."""
        return self._depth > 0


def as_one(method: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
    """Have all signals of a method be told as one, those of others that answer them included."""

    @wraps(method)
    def tell(self: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
        self._depth += 1
        try:
            return method(self, *args, **kwargs)
        finally:
            self._depth -= 1
            if not self._depth:
                self.changed.emit()

    return tell
