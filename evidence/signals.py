"""Which later points say that the process changed, by the two rules a gate goes by.

A point outside the frozen limits, and a run on one side of the centre. Every further rule adds false alarms:
of 52 stable independent weeks these two find something in about 3 of 10 charts, Nelson's eight in 5 of 10.
The rule sets people know by name are in `rules`, to show and to compare.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from evidence.limits import WIDTH, Limits, distance
from evidence.series import BadSeries

Direction = Literal["up", "down"]

# Points on one side of the centre: 1 in 128 by chance for one given stretch of a stable process (2 / 2^8).
RUN_LENGTH = 8

# Standard deviations: a point that lies on its limit but for rounding is on it, not outside.
ON_THE_LIMIT = 1e-9


@dataclass(frozen=True, slots=True)
class Signals:
    """Indices of the judged points: outside the limits, in a run, and those in the bad direction."""

    outside: tuple[int, ...]
    runs: tuple[int, ...]
    bad: tuple[int, ...]


def judge(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    limits: Limits,
    *,
    direction: Direction,
    run_length: int = RUN_LENGTH,
    explained: frozenset[int] = frozenset(),
) -> Signals:
    """Judge later points by frozen limits; `direction` says which way is better.

    Outside is strict: a point on a limit is inside. A run is `run_length` or more points in a row on one side
    of the centre; a point on the centre breaks it. Explained points never count, and a run goes on across
    them. A point that cannot be judged (not finite, no positive denominator, a share outside 0..1, a duration
    not above 0) counts as outside and bad and breaks a run: it never passes.

    Raises:
        BadSeries: denominators of another length than the values.
        ValueError: a run length under 2, which would call every point a run.
    """
    if run_length < 2:  # noqa: PLR2004 - the shortest run there is
        raise ValueError(f"A run has at least 2 points; run_length is {run_length}.")
    away = distances(values, denominators, limits, explained)
    outside = tuple(i for i in away if not abs(away[i]) <= WIDTH + ON_THE_LIMIT)
    runs = _runs(away, run_length)
    worse = -1 if direction == "up" else 1
    bad = {i for i in (*outside, *runs) if math.isnan(away[i]) or math.copysign(1, away[i]) == worse}
    return Signals(outside, runs, tuple(sorted(bad)))


def distances(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    limits: Limits,
    explained: frozenset[int] = frozenset(),
) -> dict[int, float]:
    """Distance from the centre by index, in standard deviations, of every point that is not explained.

    NaN marks a point that cannot be judged; see `limits.distance`.
    """
    if denominators is not None and len(denominators) != len(values):
        raise BadSeries(f"There are {len(values)} values and {len(denominators)} denominators.")
    return {
        i: distance(value, None if denominators is None else denominators[i], limits)
        for i, value in enumerate(values)
        if i not in explained
    }


def _runs(away: dict[int, float], run_length: int) -> tuple[int, ...]:
    found: list[int] = []
    for side, group in groupby(away, key=lambda i: _side(away[i])):
        members = list(group)
        if side and len(members) >= run_length:
            found += members
    return tuple(found)


def _side(away: float) -> int:
    """-1 below, 1 above, 0 on the centre or not to be judged."""
    return 0 if math.isnan(away) or away == 0 else int(math.copysign(1, away))
