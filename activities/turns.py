"""Many calls at once: so many altogether, and so many to one place.

A slow database then keeps its own metrics waiting and no others, and none is asked by
more connections than a team should open at once.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

# Calls at once within one measurement: they mostly wait for others, and cost a thread each.
AT_ONCE: Final = 16
# ... of them to one place. A server of many teams sees no more connections than that from a tick of one of
# them; and of queries over files, which take memory and processors here, as many fit into 2 GiB.
AT_ONE_PLACE: Final = 4
# Seconds between two looks at the world while calls run: far below any sensible heartbeat timeout, and a
# cancellation is noticed within it.
_PULSE: Final = 1.0

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Call(Generic[_Answer]):
    """Something to ask of a place. It has to come back with an answer, whatever goes wrong."""

    place: str
    ask: Callable[[], _Answer]


def in_turn(
    calls: Sequence[Call[_Answer]],
    pulse: Callable[[int], None] = lambda _: None,
    stop: Callable[[], None] = lambda: None,
) -> tuple[_Answer, ...]:
    """Return the answers in the order of the calls.

    Args:
        calls: what to ask; of one place in this order.
        pulse: is told how many have answered, after each one and at least once a second. When it raises,
            nothing more is asked.
        stop: is called at the end, whatever ended it, and has to make the calls that still run come back.
    """
    running: dict[Future[_Answer], int] = {}
    waiting, answers = list(range(len(calls))), dict[int, _Answer]()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="measure")
    try:
        while waiting or running:
            for number in _next(calls, waiting, running.values()):
                waiting.remove(number)
                running[pool.submit(calls[number].ask)] = number
            done, _ = wait(running, timeout=_PULSE, return_when=FIRST_COMPLETED)
            answers |= {running.pop(future): future.result() for future in done}
            pulse(len(answers))
    finally:
        stop()
        pool.shutdown(wait=True, cancel_futures=True)
    return tuple(answers[number] for number in range(len(calls)))


def _next(calls: Sequence[Call[_Answer]], waiting: Sequence[int], running: Collection[int]) -> list[int]:
    """Return the calls for which there is room, altogether and at their place, least busy places first.

    So that a slow place begins at once, wherever in the charter its metrics stand.
    """
    there = Counter(calls[number].place for number in running)
    chosen: list[int] = []
    left = list(waiting)
    while left and len(running) + len(chosen) < AT_ONCE:
        number = min(left, key=lambda one: there[calls[one].place])
        if there[calls[number].place] >= AT_ONE_PLACE:
            break
        there[calls[number].place] += 1
        chosen.append(number)
        left.remove(number)
    return chosen
