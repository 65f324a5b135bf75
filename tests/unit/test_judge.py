"""The evidence of one metric: from observations to the numbers that the gates compare."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.points import chart_of
from domain.charter import StabilityGate
from domain.measurement import Baseline, FrozenLimits, MetricEvidence, Observation
from domain.periods import Calendar, start_of
from domain.series import Point
from evidence.limits import freeze_limits
from evidence.quantise import quantise
from evidence.series import BadSeries
from tests.judging import LIMITS, calm, judged
from tests.measuring import metric, series


@pytest.mark.parametrize(
    ("measure", "denominator", "chart"),
    [
        ("share", 5.0, "p_prime"),
        ("share", None, "individuals"),
        ("duration", None, "log_individuals"),
        ("duration", 5.0, "log_individuals"),
        ("rate", 5.0, "u_prime"),
        ("rate", None, "individuals"),
        ("rare", None, "g"),
    ],
)
def test_the_chart_follows_the_measure(measure: str, denominator: float | None, chart: str) -> None:
    points = [Point(period=0, value=0.5, denominator=denominator)]

    assert chart_of(metric(measure=measure), points) == chart


class TestLimits:
    def test_they_are_frozen_on_the_first_points_as_soon_as_there_are_enough(self) -> None:
        assert judged(calm(19)).limits is None

        found = judged([*calm(20), 99.0]).limits

        plain = freeze_limits(calm(20), None, "individuals")
        assert found == FrozenLimits(
            chart="individuals",
            centre=quantise(plain.centre),
            sigma=quantise(plain.sigma),
            n=20,
            first=0,
            last=19,
        )

    def test_gaps_and_explained_points_do_not_count_towards_them(self) -> None:
        values: list[float | None] = [None, *calm(3), 500.0, *calm(17)]

        found = judged(values, about=metric(explained=(4,)))

        assert found.limits is not None
        assert (found.limits.first, found.limits.last, found.limits.n) == (1, 21, 20)
        assert found.limits.centre == quantise(float(np.mean([*calm(3), *calm(17)])))
        assert (found.n, found.last_period, found.last_value) == (20, 21, values[-1])

    def test_they_begin_where_the_charter_says(self) -> None:
        gate = StabilityGate(baseline_from=start_of(5, Calendar("weekly")).date(), baseline_points=8)

        assert judged(calm(12), stability=gate).limits is None
        found = judged(calm(13), stability=gate).limits
        assert found is not None
        assert (found.first, found.last) == (5, 12)

    def test_frozen_ones_stay_whatever_comes(self) -> None:
        assert judged([50.0] * 40, about=metric(limits=LIMITS)).limits == LIMITS

    def test_durations_are_on_the_scale_where_they_lean_less(self) -> None:
        straight = judged(calm(20), about=metric(measure="duration")).limits
        skewed = judged([math.exp(x - 10) for x in calm(20)], about=metric(measure="duration")).limits
        named = judged(calm(20), about=metric(measure="duration", chart={"kind": "log_individuals"})).limits

        assert straight is not None
        assert skewed is not None
        assert named is not None
        assert straight.chart == "root_individuals"
        assert (skewed.chart, named.chart) == ("log_individuals", "log_individuals")

    def test_durations_are_frozen_on_their_scale_and_shares_keep_their_denominators(self) -> None:
        about = metric(measure="duration", chart={"kind": "log_individuals"})
        durations = judged(calm(20), about=about).limits
        shares = judged([0.5, 0.6] * 10, about=metric(measure="share"), denominators=[10.0] * 20).limits

        assert durations is not None
        assert shares is not None
        assert durations.centre == quantise(float(np.mean(np.log(calm(20)))))
        assert (shares.chart, shares.centre) == ("p_prime", 0.55)


class TestControl:
    def judge(self, later: list[float | None], **changes: Any) -> Any:
        about = metric(limits=LIMITS, direction="down", **changes.pop("about", {}))
        return judged([*calm(20), *later], about=about, **changes).control

    @pytest.mark.parametrize(
        ("later", "outside", "runs", "bad"),
        [
            ([10.0] * 10, (), (), ()),
            ([*calm(9), 13.0], (), (), ()),
            ([*calm(9), 13.1], (29,), (), (29,)),
            ([*calm(9), 6.9], (29,), (), ()),
            ([11.0] * 8 + [9.0, 9.0], (), tuple(range(20, 28)), tuple(range(20, 28))),
            ([9.0] * 8 + [11.0, 11.0], (), tuple(range(20, 28)), ()),
            ([9.0] * 7 + [11.0] * 3, (), (), ()),
            ([9.0] * 4 + [None] + [9.0] * 4, (), (*range(20, 24), *range(25, 29)), ()),
        ],
    )
    def test_signals_are_named_by_their_periods(
        self,
        later: list[float | None],
        outside: tuple[int, ...],
        runs: tuple[int, ...],
        bad: tuple[int, ...],
    ) -> None:
        found = self.judge(later)

        assert (found.outside, found.runs, found.bad) == (outside, runs, bad)

    def test_the_window_is_the_newest_points_and_runs_count_within_it_only(self) -> None:
        found = self.judge([99.0, *[9.0] * 6, *[11.0] * 4, *calm(6)])

        assert (found.judged, found.window, found.outside, found.runs) == (10, (27, 36), (), ())

    def test_explained_points_are_skipped_and_the_window_reaches_further_back(self) -> None:
        found = self.judge([*calm(10), 99.0], about={"explained": (30,)})

        assert (found.judged, found.window, found.outside) == (10, (20, 29), ())

    def test_fewer_points_are_judged_as_they_are_and_none_are_no_control(self) -> None:
        assert self.judge([99.0]).judged == 1
        assert self.judge([]) is None

    def test_in_later_stages_only_the_points_of_the_stage_are_judged(self) -> None:
        later: list[float | None] = [99.0, *calm(3)]

        assert self.judge(later, stage="stability", stage_since=21).window == (20, 23)
        assert self.judge(later, stage="optimization", stage_since=21).window == (21, 23)
        assert self.judge(later, stage="innovation", stage_since=21).outside == ()

    def test_limits_are_those_of_the_newest_point(self) -> None:
        limits = FrozenLimits(chart="p_prime", centre=0.5, sigma=0.5, sigma_z=1.0, n=20, first=0, last=19)
        about = metric(limits=limits, measure="share", direction="up")

        found = judged([0.5] * 22, about=about, denominators=[9.0] * 21 + [100.0]).control

        assert found is not None
        assert (found.lower, found.upper) == (0.35, 0.65)


class TestBadStreak:
    @pytest.mark.parametrize(
        ("later", "promise", "streak"),
        [
            ([99.0, 10.0], None, 0),
            ([10.0, 99.0, 99.0], None, 2),
            ([99.0, None, 99.0], None, 2),
            ([1.0, 1.0], None, 0),  # outside for the better
            ([11.0] * 9, None, 0),  # a run is no bad period
            ([10.0, 12.0, 12.0], 11.5, 2),
            ([12.0, 99.0, 11.5], 11.5, 0),
            ([12.0, 99.0, 12.0], 11.5, 3),
        ],
    )
    def test_it_counts_the_newest_bad_points(
        self, later: list[float | None], promise: float | None, streak: int
    ) -> None:
        about = metric(limits=LIMITS, direction="down", promise=promise)

        assert judged([*calm(20, 10.0), *later], about=about).bad_streak == streak

    def test_explained_points_and_those_before_the_stage_do_not_count(self) -> None:
        values: list[float | None] = [*calm(20), 99.0, 99.0, 99.0]

        assert judged(values, about=metric(limits=LIMITS, explained=(21,))).bad_streak == 2
        assert judged(values, about=metric(limits=LIMITS), stage_since=22).bad_streak == 1
        assert judged(values, about=metric(limits=LIMITS), stage_since=23).bad_streak == 0

    def test_before_limits_are_frozen_a_broken_promise_counts(self) -> None:
        assert judged([10.0, 12.0], about=metric(promise=11.0)).bad_streak == 1
        assert judged([10.0, 12.0]).bad_streak == 0


class TestPromiseTargetAndGaps:
    def test_the_promise_is_counted_over_the_judged_points(self) -> None:
        later: list[float | None] = [99.0, *[10.0] * 8, 12.0, 11.0]

        down = judged([*calm(20), *later], about=metric(limits=LIMITS, promise=11.0))
        up = judged([*calm(20), *later], about=metric(limits=LIMITS, promise=11.0, direction="up"))

        assert (down.promise_kept, up.promise_kept) == (9, 2)
        assert judged(calm(25), about=metric(limits=LIMITS)).promise_kept is None
        assert judged(calm(5), about=metric(promise=11.0)).promise_kept == 0

    @pytest.mark.parametrize(
        ("stage", "since", "values", "expected"),
        [
            ("stability", None, [8.0] * 20, (12, 12)),
            ("innovation", 15, [8.0] * 20, (5, 5)),
            ("innovation", 0, [8.0] * 3 + [9.0] + [8.0] * 9, (11, 12)),
            ("innovation", 0, [None, 8.0, None, 8.5], (1, 2)),
            ("innovation", 9, [8.0], (0, 0)),
        ],
    )
    def test_the_target_is_counted_over_the_newest_points(
        self, stage: str, since: int | None, values: list[float | None], expected: tuple[int, int]
    ) -> None:
        found = judged(values, about=metric(target=8.0), stage=stage, stage_since=since)

        assert (found.at_target, found.at_target_of) == expected

    def test_an_explained_point_is_no_excuse_for_missing_the_target(self) -> None:
        found = judged([8.0, 20.0, 8.0], about=metric(target=8.0, explained=(1,)))

        assert (found.at_target, found.at_target_of) == (2, 3)

    @pytest.mark.parametrize(
        ("values", "through", "gap"),
        [
            ([10.0, None, None, 10.0], 3, 2),
            ([10.0, None, 10.0], 6, 4),
            ([None, None, None, 10.0], 3, 0),
            ([], 9, 0),
        ],
    )
    def test_a_gap_counts_also_at_the_newest_end(
        self, values: list[float | None], through: int, gap: int
    ) -> None:
        assert judged(values, through=through).longest_gap == gap

    def test_gaps_before_the_frozen_points_are_history(self) -> None:
        values: list[float | None] = [10.0, None, None, None, None, *calm(20)]
        limits = LIMITS.model_copy(update={"first": 5, "last": 24})

        assert judged(values, about=metric(limits=limits)).longest_gap == 0


class TestMisfits:
    @pytest.mark.parametrize(
        ("measure", "point", "words"),
        [
            ("duration", Observation(period=8, value=0.0), "1970-02-23 is 0"),
            ("duration", Observation(period=8, value=-1.0), "above 0"),
            ("share", Observation(period=8, value=0.5), "numerator and denominator"),
            ("share", Observation(period=8, value=1.5, denominator=2.0), "1970-02-23 is 1.5"),
        ],
    )
    def test_a_new_point_without_a_place_on_the_chart_is_refused_by_its_period(
        self, measure: str, point: Observation, words: str
    ) -> None:
        known = {"values": [0.5] * 8, "denominators": [4.0] * 8}

        with pytest.raises(BadSeries, match=words):
            judged(**known, new=(point,), about=metric(measure=measure))  # type: ignore[arg-type]


@given(
    values=st.lists(st.none() | st.floats(-1e9, 1e9), max_size=60),
    explained=st.sets(st.integers(0, 60), max_size=5),
    stage=st.sampled_from(["forming", "stability", "optimization", "innovation"]),
    since=st.none() | st.integers(0, 60),
    layer=st.sampled_from(["outcome", "efficiency", "guardrail", "support"]),
    direction=st.sampled_from(["up", "down"]),
)
@settings(max_examples=150, deadline=None)
def test_any_finite_series_gives_evidence_that_json_carries_unchanged(
    values: list[float | None], explained: set[int], stage: str, since: int | None, layer: str, direction: str
) -> None:
    baseline = Baseline(limits=LIMITS, series=series(list(calm(20))))
    about = metric(
        layer=layer,
        direction=direction,
        explained=tuple(explained),
        baseline=baseline,
        promise=5.0,
        target=4.0,
    )

    found = judged(values, about=about, stage=stage, stage_since=since, through=60)

    again = MetricEvidence.model_validate_json(found.model_dump_json())
    assert again == found
    assert judged(values, about=about, stage=stage, stage_since=since, through=60) == found
    assert _floats_are_cut(json.loads(found.model_dump_json()))


def _floats_are_cut(tree: Any) -> bool:
    match tree:
        case dict():
            return all(_floats_are_cut(part) for part in tree.values())
        case list():
            return all(_floats_are_cut(part) for part in tree)
        case float():
            return tree == quantise(tree)
        case _:
            return True


@given(st.integers(1, 59))
@settings(max_examples=30, deadline=None)
def test_it_does_not_matter_in_how_many_pieces_the_points_come(cut: int) -> None:
    values = calm(60)
    new = tuple(Observation(period=i, value=v) for i, v in enumerate(values) if i >= cut)

    assert judged(list(values[:cut]), new) == judged(list(values))
