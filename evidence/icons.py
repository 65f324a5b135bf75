"""Variation and assurance as in "Making Data Count": what the last point says, and what the limits promise.

Source: NHS England, Making Data Count, as published in NHSRplotthedots.
"""

import math
from collections.abc import Sequence
from typing import Literal

from evidence.limits import Limits, limits_at
from evidence.rules import RuleSet, find_in_distances
from evidence.signals import Direction, kept_distances

Variation = Literal[
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]


def variation(
    values: Sequence[float],
    denominators: Sequence[float] | None,
    limits: Limits,
    *,
    direction: Direction | None,
    rules: RuleSet = "nhs",
    explained: frozenset[int] = frozenset(),
) -> Variation | None:
    """Whether the last point is part of a signal, of which meaning, and on which side of the centre it lies.

    None when there is no point to speak of: no points at all, the last one explained or not to be judged.
    """
    last = len(values) - 1
    _, z = kept_distances(values, denominators, limits, explained)
    if last < 0 or last in explained:
        return None
    denominator = None if denominators is None else denominators[last]
    return variation_at(z.tolist(), values[last], denominator, limits, direction=direction, rules=rules)


def variation_at(
    z: Sequence[float],
    value: float,
    denominator: float | None,
    limits: Limits,
    *,
    direction: Direction | None,
    rules: RuleSet = "nhs",
) -> Variation | None:
    """The same for points that are given by their distances from the centre, of which the last is `value`."""
    if not z or math.isnan(z[-1]):
        return None
    last = len(z) - 1
    here = [signal for signal in find_in_distances(z, rules) if last in signal.points]
    if not here:
        return "common_cause"
    high = value >= limits_at(limits, denominator)[1]
    if direction is None:
        return "neutral_high" if high else "neutral_low"
    if high == (direction == "up"):
        return "improvement_high" if high else "improvement_low"
    return "concern_high" if high else "concern_low"


def assurance(limits: Limits, denominator: float | None, target: float, direction: Direction) -> Assurance:
    """Whether a process that stays as it is will always, never or sometimes keep the target.

    `direction` is the side of the target that is good. Only for a stable process: the limits of an unstable
    one predict nothing. A target on a limit is "inconsistent". BadSeries as for `limits_at`.
    """
    low, _, high = limits_at(limits, denominator)
    if direction == "up":
        beaten, missed = target < low, target > high
    else:
        beaten, missed = target > high, target < low
    if beaten:
        return "consistent_pass"
    return "consistent_fail" if missed else "inconsistent"
