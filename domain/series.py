"""The observations of a metric, and the newest of them as a journey carries them."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import count, repeat
from typing import NamedTuple

from pydantic import Field, field_serializer

from domain.model import Carried, Finite
from domain.restatement import Restatement

# Two years of weeks, and more than any gate's windows need together (periods kept in the state).
TAIL_PERIODS = 120

# Below it every whole number is a double of its own.
_EXACT = 1e15
# Digits: with 9 the numerator comes back exactly from a share of up to a hundred million cases, and a
# journey carries half the characters that an exact quotient would take.
SHARE_DIGITS = 9


def share_of(numerator: float, denominator: float) -> float:
    """Return the share as it is recorded."""
    return float(f"{numerator / denominator:.{SHARE_DIGITS}g}")


def absent(value: object) -> bool:
    """Whether there is no number to keep; 0 is one."""
    return value is None


class Observation(Carried):
    """One value of one metric for one period, with its denominator where it is a share."""

    period: int
    value: Finite
    denominator: Finite | None = None
    left_out: int | None = Field(
        default=None,
        description="Cases that were too young to count when this period was read.",
        exclude_if=absent,
    )


class Point(NamedTuple):
    """An observation as the statistics take it; not checked anew, which would take longer than they do."""

    period: int
    value: float
    denominator: float | None = None

    @classmethod
    def of(cls, observation: Observation) -> "Point":
        """Return the point of an observation."""
        return cls(observation.period, observation.value, observation.denominator)


# `Point(...)` goes through a function of Python's own, which would be most of what taking apart costs.
_POINT: Callable[[Iterable[float | None]], Point] = partial(tuple.__new__, Point)


class Series(Carried):
    """The newest observations of one metric, column by column; a gap is None.

    `values[i]` belongs to period `first + i`. `denominators` is empty unless the metric has them.
    """

    first: int = 0
    values: tuple[Finite | None, ...] = ()
    denominators: tuple[Finite | None, ...] = ()
    left_out: int | None = Field(
        default=None, description="Of the newest observation that says it.", exclude_if=absent
    )

    @field_serializer("values", "denominators", when_used="json")
    def _short(self, numbers: tuple[float | None, ...]) -> list[float | int | None]:
        """Write whole numbers without `.0`: a journey carries thousands of them from run to run."""
        return [int(x) if x is not None and x.is_integer() and abs(x) < _EXACT else x for x in numbers]

    @property
    def last(self) -> int | None:
        """The newest period seen, or None."""
        return self.first + len(self.values) - 1 if self.values else None

    def points(self) -> tuple[Point, ...]:
        """Return the points in order, gaps left out."""
        sizes = self.denominators or repeat(None)
        rows = zip(count(self.first), self.values, sizes, strict=False)
        known = (row for row in rows if row[1] is not None) if None in self.values else rows
        return tuple(map(_POINT, known))

    def observations(self) -> tuple[Observation, ...]:
        """Return the same as observations, each checked."""
        return tuple(
            Observation(period=p.period, value=p.value, denominator=p.denominator) for p in self.points()
        )

    def known(self, without: frozenset[int]) -> list[float]:
        """Return the values in order, those of some periods left out."""
        return [
            value
            for period, value in enumerate(self.values, start=self.first)
            if value is not None and period not in without
        ]

    def corrected(self, restated: tuple[Restatement, ...]) -> "Series":
        """Return the series with what its source says now about periods up to the newest seen."""
        newest = self.last
        now = {r.period: r for r in restated if newest is not None and r.period <= newest}
        if newest is None or not now:
            return self
        gap: tuple[float | None, float | None] = (None, None)
        after = dict.fromkeys(range(min(self.first, *now), newest + 1), gap)
        after |= {p.period: (p.value, p.denominator) for p in self.points()}
        after |= {period: (r.after, r.after_of) for period, r in now.items()}
        kept = sorted(after)[-TAIL_PERIODS:]
        values, sizes = zip(*(after[period] for period in kept), strict=True)
        shares = any(size is not None for size in sizes)
        return Series(
            first=kept[0], values=values, denominators=sizes if shares else (), left_out=self.left_out
        )

    def extended(self, new: tuple[Observation, ...]) -> "Series":
        """Return the series with newer observations; periods already seen stay as they were recorded."""
        newest = self.last
        later = sorted((o for o in new if newest is None or o.period > newest), key=lambda o: o.period)
        if not later:
            return self
        first = later[0].period if newest is None else self.first
        begin = max(first, later[-1].period - TAIL_PERIODS + 1)
        length = later[-1].period - begin + 1
        values = [*self.values[begin - first :], *[None] * length][:length]
        sizes = [*self.denominators[begin - first :], *[None] * length][:length]
        for point in later:
            if point.period >= begin:
                values[point.period - begin], sizes[point.period - begin] = point.value, point.denominator
        known = [*self.denominators, *(observation.denominator for observation in later)]
        return Series(
            first=begin,
            values=tuple(values),
            denominators=tuple(sizes) if known.count(None) < len(known) else (),
            left_out=next((o.left_out for o in reversed(later) if o.left_out is not None), self.left_out),
        )
