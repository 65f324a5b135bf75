"""Answers that follow from one frozen value alone, worked out once for it and not whenever they are asked."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Value = TypeVar("Value")
Answer = TypeVar("Answer")

# Far more than one decision asks about, and few enough to be nothing beside a worker's journeys.
_REMEMBERED = 256


def once(function: Callable[[Value], Answer]) -> Callable[[Value], Answer]:
    """Return a pure function that remembers its newest answers, by the object it was asked about.

    For frozen values only: one that is changed in place would still get its old answer. A copy is another
    object.
    """
    # By the object's address, beside the object itself: so it stays alive, and no other one takes its place.
    # Each step is one of the interpreter's own, so threads at worst work out an answer twice.
    known: OrderedDict[int, tuple[Value, Answer]] = OrderedDict()

    @wraps(function)
    def asked(value: Value) -> Answer:
        found = known.get(id(value))
        if found is not None:
            return found[1]
        answer = function(value)
        known[id(value)] = (value, answer)
        if len(known) > _REMEMBERED:
            known.popitem(last=False)
        return answer

    return asked
