"""Which later points say that the process changed.

Two rules only: a point outside the frozen limits, and a run on one side of the centre. Every further rule
adds false alarms (over a year of 52 stable weeks the two fire in about 3 of 10 charts, Nelson's eight in 5).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from evidence.limits import WIDTH, Limits, spread_at
from evidence.series import LARGEST_MAGNITUDE, BadSeries

Direction = Literal["up", "down"]

# Points on one side of the centre: 1 in 128 by chance for one given stretch of a stable process (2 / 2^8).
RUN_LENGTH = 8

# Relative: centre and value come out of different sums, so equality must forgive the last bits of a double.
_SAME = 1e-12
# Standard deviations: a point that lies on its limit but for rounding is on it, not outside.
_ON_THE_LIMIT = 1e-9


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
    if denominators is not None and len(denominators) != len(values):
        raise BadSeries(f"There are {len(values)} values and {len(denominators)} denominators.")
    judged = [i for i in range(len(values)) if i not in explained]
    distances = {i: _distance(values[i], denominators[i] if denominators else None, limits) for i in judged}
    outside = tuple(i for i in judged if not abs(distances[i]) <= WIDTH + _ON_THE_LIMIT)
    runs = _runs(distances, run_length)
    worse = -1 if direction == "up" else 1
    bad = {
        i for i in (*outside, *runs) if math.isnan(distances[i]) or math.copysign(1, distances[i]) == worse
    }
    return Signals(outside, runs, tuple(sorted(bad)))


def _runs(distances: dict[int, float], run_length: int) -> tuple[int, ...]:
    found: list[int] = []
    for side, group in groupby(distances, key=lambda i: _side(distances[i])):
        members = list(group)
        if side and len(members) >= run_length:
            found += members
    return tuple(found)


def _side(distance: float) -> int:
    """-1 below, 1 above, 0 on the centre or not to be judged."""
    return 0 if math.isnan(distance) or distance == 0 else int(math.copysign(1, distance))


def _distance(value: float, denominator: float | None, limits: Limits) -> float:
    """How far above the centre the point lies, in its own standard deviations; NaN if it has no place."""
    if not abs(value) <= LARGEST_MAGNITUDE:
        return math.nan
    if limits.chart == "log_individuals":
        if value <= 0:
            return math.nan
        value = math.log(value)
    if limits.chart == "p_prime" and not 0 <= value <= 1:
        return math.nan
    try:
        spread = spread_at(limits, denominator)
    except BadSeries:
        return math.nan
    away = value - limits.centre
    if abs(away) <= _SAME * max(abs(value), abs(limits.centre)):
        return 0.0
    # A process that never varied has no yardstick: any other value is infinitely far out.
    return away / spread if spread > abs(away) * 1e-300 else math.copysign(math.inf, away)
