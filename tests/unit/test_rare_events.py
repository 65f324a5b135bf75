"""Rare events are charted by the time between them: nothing is invented across a gap."""

import pytest

from activities.points import marks_of, open_mark
from domain.charting import Chart
from domain.measurement import FrozenLimits, Observation, Point, Series
from domain.rare_events import between_events, drawn
from evidence.series import BadSeries
from tests.judging import judged
from tests.measuring import metric

G = FrozenLimits(chart="g", centre=3.0, sigma=4.0, n=12, first=0, last=47)
RARE = metric(measure="rare", direction="down", limits=G)


def points(counts: list[float | None]) -> tuple[Point, ...]:
    return tuple(Point(i, count) for i, count in enumerate(counts) if count is not None)


def times(
    counts: list[float | None], chart: Chart = "g", explained: frozenset[int] = frozenset()
) -> list[float]:
    return [mark.value for mark in between_events(points(counts), chart, explained)[0]]


@pytest.mark.parametrize(
    ("counts", "g", "t"),
    [
        ([1, 0, 0, 1], [2.0], [3.0]),
        ([1, 1, 0, 1], [0.0, 1.0], [1.0, 2.0]),
        ([0, 0, 1, 0], [], []),  # the first has none before it
        ([1, 0, None, 0, 1, 0, 1], [1.0], [2.0]),  # across a gap nobody knows
        ([], [], []),
    ],
)
def test_each_event_is_a_point_at_the_time_since_the_one_before(
    counts: list[float | None], g: list[float], t: list[float]
) -> None:
    assert (times(counts), times(counts, "t")) == (g, t)


def test_a_second_event_in_a_period_comes_after_no_time() -> None:
    assert times([1, 0, 3]) == [1.0, 0.0, 0.0]


def test_an_explained_event_is_none() -> None:
    assert times([1, 0, 1, 0, 1], explained=frozenset({2})) == [3.0]


@pytest.mark.parametrize(("quiet", "shown"), [(3, ()), (4, (4.0,))])
def test_the_time_since_the_last_event_counts_once_it_is_beyond_the_centre(
    quiet: int, shown: tuple[float, ...]
) -> None:
    since = open_mark(points([1, *[0] * quiet]), "g", frozenset(), centre=3.0)
    assert tuple(mark.value for mark in since) == shown


def test_other_charts_have_a_mark_for_each_value() -> None:
    given = points([1, 2, 3])
    assert marks_of(given, "individuals", frozenset({1})) == (given[0], given[2])


def test_a_chart_draws_the_shortest_time_at_each_event() -> None:
    series = Series(first=5, values=(1.0, 0.0, 2.0, 0.0))
    assert drawn(series, "g", frozenset()).values == (None, None, 0.0, 1.0)
    assert drawn(series, "individuals", frozenset()) is series


def test_events_that_come_more_often_are_a_signal_for_the_worse() -> None:
    found = judged([*[0.0, 0.0, 0.0, 1.0] * 12, *[1.0] * 12], about=RARE).control
    assert found is not None
    assert found.bad
    assert {signal.meaning for signal in found.signals} == {"concern"}


def test_a_team_that_has_got_rid_of_them_is_judged_by_the_time_they_would_have_taken() -> None:
    calm = [0.0, 0.0, 0.0, 1.0] * 12
    few = judged([*calm, *[0.0] * 12], about=RARE).control
    enough = judged([*calm, *[0.0] * 44], about=RARE).control
    assert few is not None
    assert enough is not None
    assert (few.judged, enough.judged) == (2, 10)  # an event in 4.3 weeks
    assert not enough.bad
    assert [signal.meaning for signal in enough.signals] == ["improvement"]


def test_a_count_that_is_none_is_refused_with_its_period() -> None:
    with pytest.raises(BadSeries, match=r"1970-01-05 is 0\.5: rare events are counted: a whole number"):
        judged([1.0], (Observation(period=1, value=0.5),), about=metric(measure="rare"))
