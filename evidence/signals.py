"""Which later points say that the process changed, by the two rules a gate goes by.

A point outside the frozen limits, and a run on one side of the centre. Every further rule adds false alarms:
of 52 stable independent weeks these two find something in about 3 of 10 charts, Nelson's eight in 5 of 10.
The rule sets people know by name are in `rules`, to show and to compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evidence.limits import WIDTH, Limits, distances
from evidence.series import Bools, Floats

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
    if run_length < 2:  # noqa: PLR2004 - the shortest run there is
        raise ValueError(f"A run has at least 2 points; run_length is {run_length}.")
    kept, z = kept_distances(values, denominators, limits, explained)
    side = np.sign(np.where(np.isnan(z), 0.0, z))  # 0 on the centre or not to be judged
    outside = ~(np.abs(z) <= WIDTH + ON_THE_LIMIT)
    runs = _in_runs(side, run_length)
    bad = (outside | runs) & (np.isnan(z) | (side == (-1 if direction == "up" else 1)))
    return Signals(*(tuple(kept[mask].tolist()) for mask in (outside, runs, bad)))


def kept_distances(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    limits: Limits,
    explained: frozenset[int] = frozenset(),
) -> tuple[Indices, Floats]:
    """The points that are not explained, by index, and their distances as in `limits.distances`."""
    z = distances(values, denominators, limits)
    kept = np.array([i for i in range(z.size) if i not in explained], dtype=np.intp)
    return kept, z[kept]


def _in_runs(side: Floats, run_length: int) -> Bools:
    if not side.size:
        return np.zeros(0, dtype=np.bool_)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(side)) + 1, [side.size]])
    lengths = np.diff(edges)
    return np.repeat((lengths >= run_length) & (side[edges[:-1]] != 0), lengths)
