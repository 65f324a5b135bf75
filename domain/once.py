"""Answers that follow from one frozen value alone, worked out once for it and not whenever they are asked."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

Value = TypeVar("Value")
Answer = TypeVar("Answer")

# Far more than one decision asks about, and few enough to be nothing beside a worker's journeys.
_REMEMBERED = 256


class _Same(Generic[Value]):
    """A key that equals only one of the very same object, and keeps it: a charter has no hash of its own."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


def once(function: Callable[[Value], Answer]) -> Callable[[Value], Answer]:
    """Return a pure function that remembers its newest answers, by the object it was asked about.

    For frozen values only: one that is changed in place would still get its old answer. A copy is another
    object.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(key: _Same[Value]) -> Answer:
        return function(key.value)

    @wraps(function)
    def asked(value: Value) -> Answer:
        return remembered(_Same(value))

    return asked
