"""Promises kept, capability, contribution and change proposals: right by hand, or refused."""

import math
import random
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.capability import NotStable, capability, promise_kept
from evidence.changes import propose_changes
from evidence.contribution import contribution
from evidence.diagnostics import Description, describe
from evidence.limits import Chart
from evidence.series import BadSeries, NotEnoughPoints

CALM = [10.0, 12.0, 9.0, 11.0, 13.0, 8.0, 10.0, 11.0, 9.0, 12.0] * 3


def wander(seed: int, length: int, lag: float) -> list[float]:
    steps = random.Random(seed)
    series = [steps.gauss(0, 1)]
    while len(series) < length:
        series.append(lag * series[-1] + math.sqrt(1 - lag**2) * steps.gauss(0, 1))
    return series


@pytest.mark.parametrize(
    ("values", "target", "direction", "kept"),
    [
        ([0.9, 0.8, 0.95], 0.9, "up", 2),
        ([3.0, 5.0, 4.0], 4.0, "down", 2),
        ([math.nan, math.inf], 0.0, "up", 0),
    ],
)
def test_a_promise_is_kept_at_the_target_and_on_its_good_side(
    values: list[float], target: float, direction: str, kept: int
) -> None:
    found = promise_kept(values, target, direction)  # type: ignore[arg-type]
    assert (found.kept, found.periods, found.share) == (kept, len(values), kept / len(values))
    assert 0 <= found.low <= found.share <= found.high <= 1


def test_wilsons_interval_by_the_textbook() -> None:
    found = promise_kept([1.0] * 9 + [0.0], 1.0, "up")
    assert (found.low, found.high) == pytest.approx((0.5958, 0.9821), abs=1e-4)


def test_a_promise_without_periods_or_target_is_refused() -> None:
    with pytest.raises(NotEnoughPoints, match="no periods"):
        promise_kept([], 1.0, "up")
    with pytest.raises(BadSeries, match="finite target"):
        promise_kept([1.0], math.nan, "up")


def test_capability_by_hand() -> None:
    found = capability(CALM, lower=4.0, upper=20.0)
    mean, steps = 10.5, [abs(b - a) for a, b in pairwise(CALM)]
    short = sum(steps) / 29 / 1.1283791670955126
    overall = float(np.std(CALM, ddof=1))
    assert found.cp == pytest.approx(16 / (6 * short))
    assert found.cpk == pytest.approx((mean - 4) / (3 * short))
    assert found.pp == pytest.approx(16 / (6 * overall))
    assert found.ppk == pytest.approx((mean - 4) / (3 * overall))


def test_one_sided_and_logarithmic_capability() -> None:
    one = capability(CALM, lower=None, upper=20.0)
    assert (one.cp, one.pp) == (None, None)
    both = capability(CALM, lower=-1000.0, upper=20.0)
    assert (one.cpk, one.ppk) == (both.cpk, both.ppk)
    logs = capability([math.log(v) for v in CALM], lower=math.log(4.0), upper=math.log(20.0))
    assert capability(CALM, lower=4.0, upper=20.0, chart="log_individuals") == logs


SKEWED = [1.0, 1.2, 1.1, 1.3, 1.0, 1.4, 1.1, 1.2, 1.0, 1.3, 2.2, 1.1, 1.0, 1.2, 1.3, 1.1, 2.1, 1.0, 1.2, 1.1]


@pytest.mark.parametrize(
    ("values", "lower", "upper", "chart", "error", "says"),
    [
        (CALM[:19], 4.0, 20.0, "individuals", NotEnoughPoints, "at least 20 points; there are 19"),
        ([*CALM, 40.0], 4.0, 20.0, "individuals", NotStable, "first signal at point 31"),
        ([10.0] * 20, 4.0, 20.0, "individuals", BadSeries, "All 20 points are the same"),
        (SKEWED, 0.1, 5.0, "individuals", BadSeries, "too skewed"),
        (CALM, None, None, "individuals", BadSeries, "finite lower or upper limit"),
        (CALM, 20.0, 4.0, "individuals", BadSeries, "in this order"),
        (CALM, math.nan, None, "individuals", BadSeries, "finite lower or upper limit"),
        (CALM, 0.0, 20.0, "log_individuals", BadSeries, "can occur on the chart"),
        (CALM, 4.0, 20.0, "p_prime", BadSeries, "ask for the assurance"),
        ([math.nan, *CALM], 4.0, 20.0, "individuals", BadSeries, "point 1 of 31"),
    ],
)
def test_capability_is_refused_where_it_means_nothing(
    values: list[float],
    lower: float | None,
    upper: float | None,
    chart: Chart,
    error: type[ValueError],
    says: str,
) -> None:
    with pytest.raises(error, match=says):
        capability(values, lower=lower, upper=upper, chart=chart)


def test_a_support_metric_that_leads_the_outcome_is_found_at_its_lag() -> None:
    support = wander(1, 80, 0.3)
    outcome = [0.0, 0.0, *(2 * x + 0.5 * e for x, e in zip(support, wander(2, 78, 0.0), strict=False))]
    best = contribution(support, outcome)[0]
    assert (best.lag, best.evidence) == (2, True)
    assert 0 < best.low < best.correlation < best.high < 1
    mirrored = contribution(support, [-y for y in outcome])[0]
    assert mirrored.lag == 2
    assert mirrored.correlation == pytest.approx(-best.correlation)


def test_two_series_that_only_wander_seldom_look_related() -> None:
    claims = [
        any(a.evidence for a in contribution(wander(2 * k, 52, 0.6), wander(2 * k + 1, 52, 0.6)))
        for k in range(300)
    ]
    assert sum(claims) / 300 <= 0.07
    plain = [np.corrcoef(wander(2 * k, 52, 0.6), wander(2 * k + 1, 52, 0.6))[0, 1] for k in range(300)]
    assert np.mean(np.abs(plain) > 0.273) > 0.1  # what the textbook would call significant at 5 %


@pytest.mark.parametrize(
    ("support", "outcome", "error", "says"),
    [
        (CALM[:23], CALM[:23], NotEnoughPoints, "20 pairs at a lag of 4; there are 19"),
        (CALM, CALM[1:], BadSeries, "30 values of the support metric and 29"),
        ([1.0] * 30, CALM, BadSeries, "moves with nothing"),
        ([math.inf, *CALM[1:]], CALM, BadSeries, "the support metric: point 1"),
    ],
)
def test_what_cannot_be_related_is_refused(
    support: list[float], outcome: list[float], error: type[ValueError], says: str
) -> None:
    with pytest.raises(error, match=says):
        contribution(support, outcome)


def test_lags_and_levels_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="Lags count from 0"):
        contribution(CALM, CALM, largest_lag=-1)
    with pytest.raises(ValueError, match="Lags count from 0"):
        contribution(CALM, CALM, level=0.5)


def test_perfect_agreement_stays_finite() -> None:
    best = contribution(CALM, CALM)[0]
    assert best.lag == 0
    assert best.correlation == pytest.approx(1.0)
    assert 0 < best.low <= best.high <= 1


def test_a_step_is_proposed_where_it_happened() -> None:
    level = [0.0] * 20 + [3.0] * 15 + [0.5] * 17
    series = [a + 0.5 * b for a, b in zip(level, wander(5, 52, 0.2), strict=True)]
    changes = propose_changes(series)
    assert [change.at for change in changes] == [20, 35]
    assert changes[0].level_after == changes[1].level_before == pytest.approx(3.0, abs=0.5)


def test_no_change_is_proposed_in_a_constant_or_a_calm_series() -> None:
    assert propose_changes([5.0] * 30) == ()
    assert propose_changes(CALM) == ()


def cost(values: list[float], edges: list[int]) -> float:
    stretches = [values[a:b] for a, b in pairwise(edges)]
    return sum(sum((v - sum(s) / len(s)) ** 2 for v in s) for s in stretches)


@given(st.lists(st.integers(-9, 9).map(float), min_size=12, max_size=22))
def test_no_other_place_for_as_many_changes_fits_better(values: list[float]) -> None:
    found = [change.at for change in propose_changes(values)]
    for cuts in combinations(range(6, len(values) - 5), len(found)):
        edges = [0, *cuts, len(values)]
        if all(b - a >= 6 for a, b in pairwise(edges)):
            assert cost(values, [0, *found, len(values)]) <= cost(values, edges) + 1e-6


def test_too_few_points_for_a_change_are_refused() -> None:
    with pytest.raises(NotEnoughPoints, match="6 points on either side; there are 11"):
        propose_changes([1.0] * 11)


@given(st.lists(st.integers(-20, 20).map(float), min_size=12, max_size=60), st.sampled_from([-4.0, 0.5]))
def test_proposals_do_not_depend_on_the_unit_and_leave_room_on_either_side(
    values: list[float], scale: float
) -> None:
    found = propose_changes(values)
    edges = [0, *(change.at for change in found), len(values)]
    assert all(b - a >= 6 for a, b in pairwise(edges))
    assert len(propose_changes([v * scale for v in values])) == len(found)


@given(st.lists(st.floats(), max_size=40))
def test_no_input_crashes_the_proposals(values: list[float]) -> None:
    try:
        found = propose_changes(values)
    except (BadSeries, NotEnoughPoints):
        return
    assert all(math.isfinite(x) for c in found for x in (c.level_before, c.level_after))


def test_a_series_is_described_for_its_reader() -> None:
    found = describe([1.0, 2.0, 1.0, 2.0], [10.0, 40.0, 20.0, 20.0], [1, 2, 6, 7])
    assert found == Description(
        points=4,
        missing=3,
        longest_gap=3,
        lag1=-0.75,
        skew=0.0,
        tied_share=1.0,
        fewest_cases=10.0,
        most_cases=40.0,
    )
    assert describe([], None, []) == Description(0, 0, 0, None, None, 0.0, None, None)
    with pytest.raises(BadSeries, match="equally many"):
        describe([1.0], None, [])
