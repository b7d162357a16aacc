"""Derived values that take too long for the main thread: made beside it, once their inputs rest and somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from diffseg_gui.document.derived import Derived
from diffseg_gui.worker.background import Background

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffseg_gui.document.derived import Inputs

T = TypeVar("T")
REST = 150  # ms without a change after which it is made


class Later(QObject, Generic[T]):
    """Call :meth:`follow` whenever anything may have changed; ``made`` tells that ``last`` is another one.

    inputs, make: as of :class:`Derived`; ``make`` must not touch Qt's widgets. wanted: whether somebody looks, and it
    can be made at all. rest: how long its inputs have to rest, ms.
    """

    made = Signal()
    failed = Signal(str)

    def __init__(
        self,
        inputs: Callable[[], Inputs],
        make: Callable[..., T],
        wanted: Callable[[], bool],
        rest: int = REST,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._derived: Derived[T] = Derived(inputs, make)
        self._wanted = wanted
        self._work = Background(self)
        self._work.answered.connect(self._take)
        self._work.failed.connect(self.failed)
        self._rest = QTimer(self, singleShot=True, interval=rest)
        self._rest.timeout.connect(self._ask)

    @property
    def last(self) -> T | None:
        """The value made last, whether it is current or not."""
        return self._derived.last

    @property
    def is_current(self) -> bool:
        """Whether the value was made from what holds now."""
        return self._derived.is_current

    def follow(self) -> None:
        """Make it anew after a rest, where it is out of date and wanted."""
        if self.is_current or not self._wanted():
            self._rest.stop()
        else:
            self._rest.start()

    def take(self, inputs: Inputs, value: T) -> None:
        """Accept a value that was made here and now."""
        self._rest.stop()
        self._work.forget()
        self._take((inputs, value))

    def forget(self) -> None:
        """Have no value, and want none that is on its way."""
        self._rest.stop()
        self._work.forget()
        self._derived.forget()

    def close(self) -> None:
        """Stop, and wait for what is under way."""
        self._rest.stop()
        self._work.close()

    def _ask(self) -> None:
        if self._wanted() and not self.is_current:
            inputs = self._derived.inputs()
            self._work.ask(lambda: (inputs, self._derived.make(*inputs)))

    @Slot(object)
    def _take(self, answer: tuple[Inputs, T]) -> None:
        self._derived.take(*answer)
        self.made.emit()
