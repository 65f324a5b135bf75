"""The sets of run rules that people know by name, each telling all points of each signal.

Published engines differ in the details; these are the ones chosen, and the tests hold them against qcc,
NHSRplotthedots and statprocon:

- A zone rule (2 of 3, 4 of 5, 3 of 4) needs its points on one side and its last point among them, and counts
  points beyond the limit too. NHS "2 of 3 near a limit" is narrower: all three points on one side of the
  centre, points beyond the limit not counted, and only the near points belong to the signal.
- A point on the centre breaks a run; equal neighbours break a trend. Trends are judged in standard
  deviations, so that a share of few cases does not start one.

A gate goes by `gate`, two rules only. The more rules, the more false alarms: of 26 stable independent points
Wheeler's three find something in 15 % of charts, NHS in 21 %, Western Electric in 20 %, Nelson in 25 %.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from typing import Literal

from evidence.limits import WIDTH, Limits
from evidence.signals import ON_THE_LIMIT, RUN_LENGTH, Direction, kept_distances

RuleSet = Literal["gate", "wheeler", "western_electric", "nelson", "nhs"]
Meaning = Literal["improvement", "concern", "neutral"]

Window = tuple[int, ...]
Finder = Callable[[Sequence[float]], list[Window]]


@dataclass(frozen=True, slots=True)
class Signal:
    """One firing of one rule: its points, by index, and on which side they lie.

    `side` is 1 above or rising, -1 below or falling, 0 where the rule has no side (alternating, hugging or
    avoiding the centre, and a point that cannot be judged).
    """

    rule: str
    points: tuple[int, ...]
    side: int


def find_signals(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    limits: Limits,
    rules: RuleSet = "gate",
    *,
    explained: frozenset[int] = frozenset(),
) -> tuple[Signal, ...]:
    """Every firing of every rule of the set, in the order of the rules and then of time.

    Explained points are taken out before the rules look. A point that cannot be judged is a signal of its
    own, named `unusable`, and breaks every pattern. A run longer than its rule asks for fires once for each
    of its windows, so that the last point of each firing says when a watcher would have seen it.
    """
    kept, z = kept_distances(values, denominators, limits, explained)
    found = find_in_distances(z.tolist(), rules)
    if not explained:
        return found
    index = kept.tolist()
    return tuple(Signal(s.rule, tuple(index[i] for i in s.points), s.side) for s in found)


def find_in_distances(z: Sequence[float], rules: RuleSet = "gate") -> tuple[Signal, ...]:
    """The same for points that are given by their distances from the centre, as in `limits.distances`."""
    found = [Signal("unusable", (i,), 0) for i, away in enumerate(z) if math.isnan(away)]
    sides = {1: z, -1: [-away for away in z], 0: z}
    for name, finder in _RULES[rules].items():
        for side in (1, -1) if name not in _WITHOUT_SIDE else (0,):
            found += [Signal(name, window, side) for window in finder(sides[side])]
    return tuple(found)


def meaning(signal: Signal, direction: Direction | None) -> Meaning:
    """What a signal means where `direction` is better; neutral where nothing is better (None)."""
    if signal.rule == "unusable":
        return "concern"
    if direction is None or signal.side == 0:
        return "neutral"
    return "improvement" if (signal.side == 1) == (direction == "up") else "concern"


# The finders take the distances with the side that is asked for above 0. They are plain Python: a window has
# ten or twenty points, for which each call of numpy takes longer than a loop. No comparison with NaN is true.
def _outside(z: Sequence[float]) -> list[Window]:
    return [(i,) for i, away in enumerate(z) if away > WIDTH + ON_THE_LIMIT]


def _run(z: Sequence[float], *, length: int) -> list[Window]:
    return _windows([away > 0 for away in z], length, length)


def _zone(z: Sequence[float], *, beyond: float, at_least: int, of: int) -> list[Window]:
    inside = [away > beyond + ON_THE_LIMIT for away in z]
    return [
        tuple(i for i in window if inside[i])
        for window in _windows(inside, of, at_least)
        if inside[window[-1]]
    ]


def _near_the_limit(z: Sequence[float]) -> list[Window]:
    near = [2.0 + ON_THE_LIMIT < away <= WIDTH + ON_THE_LIMIT for away in z]
    return [
        tuple(i for i in window if near[i])
        for window in _windows(near, 3, 2)
        if all(z[i] > 0 for i in window)
    ]


def _trend(z: Sequence[float], *, points: int) -> list[Window]:
    steps = _windows([step > 0 for step in _steps(z)], points - 1, points - 1)
    return [(*window, window[-1] + 1) for window in steps]


def _alternating(z: Sequence[float], *, points: int) -> list[Window]:
    turned = [one > 0 > next_ or one < 0 < next_ for one, next_ in pairwise(_steps(z))]
    turns = _windows(turned, points - 2, points - 2)
    return [(*window, window[-1] + 1, window[-1] + 2) for window in turns]


def _hugging(z: Sequence[float], *, points: int) -> list[Window]:
    return _windows([abs(away) <= 1.0 for away in z], points, points)


def _avoiding(z: Sequence[float], *, points: int) -> list[Window]:
    windows = _windows([abs(away) > 1.0 + ON_THE_LIMIT for away in z], points, points)
    return [window for window in windows if min(z[i] for i in window) < 0 < max(z[i] for i in window)]


def _steps(z: Sequence[float]) -> list[float]:
    """The steps from point to point; infinitely far to infinitely far is none (NaN)."""
    return [later - earlier for earlier, later in pairwise(z)]


def _windows(holds: Sequence[bool], length: int, at_least: int) -> list[Window]:
    """Every stretch of `length` in which at least so many hold, as indices."""
    if len(holds) < length or sum(holds) < at_least:
        return []
    sums = (0, *accumulate(holds))
    within = (after - before for before, after in zip(sums, sums[length:], strict=False))
    return [tuple(range(start, start + length)) for start, held in enumerate(within) if held >= at_least]


_WITHOUT_SIDE = frozenset({"14 alternating", "15 within 1 sigma", "8 beyond 1 sigma on both sides"})

_TWO_OF_THREE = {"2 of 3 beyond 2 sigma": partial(_zone, beyond=2.0, at_least=2, of=3)}
_FOUR_OF_FIVE = {"4 of 5 beyond 1 sigma": partial(_zone, beyond=1.0, at_least=4, of=5)}

_RULES: dict[RuleSet, dict[str, Finder]] = {
    # Two rules that every chart book shares; why no more is said above.
    "gate": {"outside the limits": _outside, "8 on one side": partial(_run, length=RUN_LENGTH)},
    # Making Sense of Data: outside, 8 on one side, 3 of 4 nearer to a limit than to the centre.
    "wheeler": {
        "outside the limits": _outside,
        "8 on one side": partial(_run, length=8),
        "3 of 4 near a limit": partial(_zone, beyond=1.5, at_least=3, of=4),
    },
    # Western Electric, Statistical Quality Control Handbook, 1956.
    "western_electric": {
        "outside the limits": _outside,
        **_TWO_OF_THREE,
        **_FOUR_OF_FIVE,
        "8 on one side": partial(_run, length=8),
    },
    # Nelson, The Shewhart control chart: tests for special causes, Journal of Quality Technology 16(4), 1984.
    "nelson": {
        "outside the limits": _outside,
        "9 on one side": partial(_run, length=9),
        "6 rising or falling": partial(_trend, points=6),
        "14 alternating": partial(_alternating, points=14),
        **_TWO_OF_THREE,
        **_FOUR_OF_FIVE,
        "15 within 1 sigma": partial(_hugging, points=15),
        "8 beyond 1 sigma on both sides": partial(_avoiding, points=8),
    },
    # NHS England, Making Data Count, as published in NHSRplotthedots.
    "nhs": {
        "outside the limits": _outside,
        "7 on one side": partial(_run, length=7),
        "7 rising or falling": partial(_trend, points=7),
        "2 of 3 near a limit": _near_the_limit,
    },
}
