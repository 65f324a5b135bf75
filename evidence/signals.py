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

import numpy as np
import numpy.typing as npt

from evidence.limits import WIDTH, Limits, distances
from evidence.series import Floats

Indices = npt.NDArray[np.intp]
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
    kept, z = kept_distances(values, denominators, limits, explained)
    found = judge_distances(z.tolist(), direction=direction, run_length=run_length)
    if not explained:
        return found
    index = kept.tolist()
    return Signals(*(tuple(index[i] for i in part) for part in (found.outside, found.runs, found.bad)))


def judge_distances(z: Sequence[float], *, direction: Direction, run_length: int = RUN_LENGTH) -> Signals:
    """Judge points by their distances from the centre, as `limits.distances` gives them; see `judge`.

    Raises:
        ValueError: a run length under 2, which would call every point a run.
    """
    if run_length < 2:  # noqa: PLR2004 - the shortest run there is
        raise ValueError(f"A run has at least 2 points; run_length is {run_length}.")
    # Plain Python: a window has ten or twenty points, for which each call of numpy takes longer than a loop.
    outside = [i for i, away in enumerate(z) if not abs(away) <= WIDTH + ON_THE_LIMIT]  # NaN is outside too
    sides = [(away > 0) - (away < 0) for away in z]  # 0 on the centre or not to be judged
    runs: list[int] = []
    at = 0
    for side, run in groupby(sides):
        begin, at = at, at + len(list(run))
        if side and at - begin >= run_length:
            runs += range(begin, at)
    worse = -1 if direction == "up" else 1
    bad = [i for i in sorted({*outside, *runs}) if math.isnan(z[i]) or sides[i] == worse]
    return Signals(tuple(outside), tuple(runs), tuple(bad))


def kept_distances(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    limits: Limits,
    explained: frozenset[int] = frozenset(),
) -> tuple[Indices, Floats]:
    """The points that are not explained, by index, and their distances as in `limits.distances`."""
    z = distances(values, denominators, limits)
    if not explained:
        return np.arange(z.size), z
    kept = np.array([i for i in range(z.size) if i not in explained], dtype=np.intp)
    return kept, z[kept]
