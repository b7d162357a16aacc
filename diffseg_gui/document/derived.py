"""Values made from others. Whether one is still valid is asked of what it was made from, and never remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Inputs = tuple[object, ...]


class Derived(Generic[T]):
    """A value made from inputs. It is made anew when it is asked for and its inputs are others than before.

    inputs: tells what the value is made from at present. Settings are compared by value; photographs, results and
    arrays by identity. make: makes the value from these inputs, in their order.
    """

    def __init__(self, inputs: Callable[[], Inputs], make: Callable[..., T]) -> None:
        self.inputs, self.make = inputs, make
        self._made: tuple[Inputs, T] | None = None

    @property
    def value(self) -> T:
        """The value for the present inputs."""
        inputs = self.inputs()
        if self._made is None or not same(self._made[0], inputs):
            self._made = (inputs, self.make(*inputs))
        return self._made[1]

    @property
    def last(self) -> T | None:
        """The value made last, whether its inputs still hold or not; None before the first."""
        return self._made[1] if self._made is not None else None

    @property
    def is_current(self) -> bool:
        """Whether there is a value, and it was made from the present inputs."""
        return self.was_made_from(*self.inputs())

    def was_made_from(self, *inputs: object) -> bool:
        """Whether there is a value, and it was made from these inputs."""
        return self._made is not None and same(self._made[0], inputs)

    def take(self, inputs: Inputs, value: T) -> None:
        """Accept a value that was made elsewhere from these inputs."""
        self._made = (inputs, value)

    def forget(self) -> None:
        """Have no value any more."""
        self._made = None


def same(former: Inputs, present: Inputs) -> bool:
    """Whether two tuples of inputs are the same: arrays by identity, all else by its own equality."""
    return len(former) == len(present) and all(map(_same, former, present))


def _same(a: Any, b: Any) -> bool:
    return a is b or (not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray) and bool(a == b))
