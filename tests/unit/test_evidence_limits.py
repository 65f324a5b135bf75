"""Limits are frozen from a baseline by the textbook formula, or refused with a sentence."""

import math
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.charts import CHART_FOR, Measure
from evidence.limits import BadSeries, Chart, NotEnoughPoints, freeze_limits, limits_at

# Wheeler, Making Sense of Data, p. 382: the set for checking software, with its printed results.
WHEELER = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]

measurements = st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=40)
CHARTS: list[Chart] = [
    "individuals",
    "log_individuals",
    "p",
    "p_prime",
    "c",
    "u",
    "u_prime",
    "weighted",
    "g",
    "t",
]
anything = st.lists(st.one_of(st.floats(), st.integers(-3, 3).map(float)), max_size=12)


def test_individuals_reach_the_printed_limits_of_wheelers_verification_set() -> None:
    limits = freeze_limits(WHEELER, None, "individuals")
    low, centre, high = limits_at(limits, None)
    assert centre == pytest.approx(4135.50, abs=0.005)
    assert low == pytest.approx(3188.72, rel=1e-3)
    assert high == pytest.approx(5082.28, rel=1e-3)
    assert (limits.n, limits.sigma_z) == (16, 1.0)


def test_log_limits_are_the_limits_of_the_logarithms_transformed_back() -> None:
    logs = freeze_limits([math.log(v) for v in WHEELER], None, "individuals")
    on_log = freeze_limits(WHEELER, None, "log_individuals")
    assert limits_at(on_log, None) == pytest.approx([math.exp(x) for x in limits_at(logs, None)])


def test_p_prime_follows_laney_by_hand() -> None:
    shares, cases = [0.5, 0.6, 0.4, 0.55, 0.45, 0.5], [100.0, 50.0, 100.0, 200.0, 100.0, 50.0]
    centre = sum(s * c for s, c in zip(shares, cases, strict=True)) / 600
    sigma = math.sqrt(centre * (1 - centre))
    z = [(s - centre) / (sigma / math.sqrt(c)) for s, c in zip(shares, cases, strict=True)]
    sigma_z = sum(abs(b - a) for a, b in pairwise(z)) / 5 / 1.1283791670955126
    limits = freeze_limits(shares, cases, "p_prime")
    assert (limits.centre, limits.sigma, limits.sigma_z) == pytest.approx((centre, sigma, sigma_z))
    half = 3 * sigma * sigma_z / math.sqrt(400)
    assert limits_at(limits, 400.0) == pytest.approx((centre - half, centre, centre + half))


def test_limits_of_a_share_stay_between_nothing_and_everything() -> None:
    limits = freeze_limits([0.9, 1.0, 0.8, 1.0, 0.95, 0.7], [10.0] * 6, "p_prime")
    low, _, high = limits_at(limits, 1.0)
    assert (low, high) == (0.0, 1.0)


@pytest.mark.parametrize("chart", ["individuals", "log_individuals", "p_prime"])
def test_a_series_that_never_varies_has_limits_equal_to_its_centre(chart: Chart) -> None:
    limits = freeze_limits([0.1] * 20, [7.0] * 20, chart)
    assert limits.sigma == 0
    assert limits_at(limits, 7.0) == pytest.approx((0.1, 0.1, 0.1), rel=1e-15)


@pytest.mark.parametrize(
    ("values", "denominators", "chart", "error", "says"),
    [
        ([], None, "individuals", NotEnoughPoints, "at least 6 points; there are 0"),
        ([1.0] * 5, None, "individuals", NotEnoughPoints, "there are 5"),
        ([1.0] * 6 + [math.nan], None, "individuals", BadSeries, "point 7 of 7 is nan"),
        ([math.inf] + [1.0] * 6, None, "individuals", BadSeries, "point 1 of 7 is inf"),
        ([1e200] + [1.0] * 6, None, "individuals", BadSeries, "no larger than 1e"),
        ([0.0] + [1.0] * 6, None, "log_individuals", BadSeries, "above 0; the smallest is 0"),
        ([0.5] * 6, None, "p_prime", BadSeries, "no denominators"),
        ([0.5] * 6, [1.0] * 5, "p_prime", BadSeries, "6 values and 5 denominators"),
        ([0.5] * 6, [1.0] * 5 + [0.0], "p_prime", BadSeries, "above 0; the smallest is 0"),
        ([0.5] * 6, [1.0] * 5 + [math.nan], "p_prime", BadSeries, "denominators: point 6"),
        ([0.5] * 5 + [1.5], [1.0] * 6, "p_prime", BadSeries, "reach from 0.5 to 1.5"),
    ],
)
def test_what_is_no_baseline_is_refused_with_a_sentence(
    values: list[float], denominators: list[float] | None, chart: Chart, error: type[ValueError], says: str
) -> None:
    with pytest.raises(error, match=says):
        freeze_limits(values, denominators, chart)


@pytest.mark.parametrize("denominator", [None, 0.0, -1.0, math.nan, math.inf])
def test_a_share_without_cases_has_no_limits(denominator: float | None) -> None:
    limits = freeze_limits([0.9, 1.0, 0.8, 1.0, 0.95, 0.7], [10.0] * 6, "p_prime")
    with pytest.raises(BadSeries, match="above 0"):
        limits_at(limits, denominator)


@given(measurements, st.floats(0.001, 1000), st.floats(-1e6, 1e6))
def test_limits_scale_and_shift_with_the_data(values: list[float], scale: float, shift: float) -> None:
    plain = limits_at(freeze_limits(values, None, "individuals"), None)
    moved = limits_at(freeze_limits([v * scale + shift for v in values], None, "individuals"), None)
    size = max(1.0, *(abs(v) * scale for v in values), abs(shift))
    assert moved == pytest.approx([x * scale + shift for x in plain], rel=1e-9, abs=1e-9 * size)


@given(st.lists(st.floats(1e-6, 1e6), min_size=6, max_size=40), st.floats(0.001, 1000))
def test_log_limits_scale_with_the_data(values: list[float], scale: float) -> None:
    plain = limits_at(freeze_limits(values, None, "log_individuals"), None)
    moved = limits_at(freeze_limits([v * scale for v in values], None, "log_individuals"), None)
    assert moved == pytest.approx([x * scale for x in plain], rel=1e-6)


@given(anything, st.one_of(st.none(), anything), st.sampled_from(CHARTS), st.booleans())
def test_any_input_gives_finite_ordered_limits_or_a_refusal(
    values: list[float], denominators: list[float] | None, chart: Chart, screen: bool
) -> None:
    try:
        limits = freeze_limits(values, denominators, chart, screen=screen)
    except (BadSeries, NotEnoughPoints) as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - either of two outcomes is right
        return
    low, centre, high = limits_at(limits, 10.0)
    assert all(math.isfinite(x) for x in (low, centre, high, limits.sigma, limits.sigma_z))
    assert low <= centre <= high


@given(st.lists(st.floats(0.01, 1), min_size=6, max_size=12), st.sampled_from(CHARTS))
def test_every_chart_holds_what_it_was_frozen_on(values: list[float], chart: Chart) -> None:
    limits = freeze_limits(values, [20.0] * len(values), chart)
    low, centre, high = limits_at(limits, 20.0)
    assert low <= centre <= high
    assert min(values) * (1 - 1e-9) <= centre <= max(values) * (1 + 1e-9)
    assert limits.n == len(values)


@pytest.mark.parametrize("measure", get_args(Measure))
def test_every_kind_of_measure_has_a_chart(measure: Measure) -> None:
    assert CHART_FOR[measure] in CHARTS


@pytest.mark.parametrize(
    ("chart", "values", "denominators", "low", "centre", "high"),
    [
        # sqrt of the mean count, 3 each way: 9 +- 9.
        ("c", [9.0, 8.0, 10.0, 9.0, 7.0, 11.0], None, 0.0, 9.0, 18.0),
        # Mean 0.25, so 3 sqrt(0.25 / 100) = 0.15.
        ("u", [0.2, 0.3, 0.25, 0.25, 0.2, 0.3], [100.0] * 6, 0.1, 0.25, 0.4),
        # 3 sqrt(0.2 * 0.8 / 100) = 0.12.
        ("p", [0.1, 0.3, 0.2, 0.2, 0.1, 0.3], [100.0] * 6, 0.08, 0.2, 0.32),
        # Mean 4, median 3: 4 + 3 sqrt(4 * 5) = 17.416.
        ("g", [3.0, 3.0, 1.0, 9.0, 5.0, 3.0], None, 0.0, 3.0, 4 + 3 * math.sqrt(20)),
    ],
)
def test_limits_from_the_centre_alone_by_hand(
    chart: Chart,
    values: list[float],
    denominators: list[float] | None,
    low: float,
    centre: float,
    high: float,
) -> None:
    limits = freeze_limits(values, denominators, chart)
    at = limits_at(limits, None if denominators is None else 100.0)
    assert at == pytest.approx((low, centre, high))


def test_times_between_rare_events_are_judged_on_the_scale_of_nelson() -> None:
    days = [12.0, 30.0, 3.0, 55.0, 18.0, 90.0, 7.0, 25.0]
    rooted = freeze_limits([d ** (1 / 3.6) for d in days], None, "individuals")
    low, centre, high = limits_at(rooted, None)
    expected = (max(low, 0.0) ** 3.6, centre**3.6, high**3.6)
    assert limits_at(freeze_limits(days, None, "t"), None) == pytest.approx(expected)


def test_a_weighted_chart_with_equal_weights_is_the_individuals_chart() -> None:
    plain = limits_at(freeze_limits(WHEELER, None, "individuals"), None)
    weighted = limits_at(freeze_limits(WHEELER, [50.0] * 16, "weighted"), 50.0)
    assert weighted == pytest.approx(plain)


def test_screening_drops_the_steps_that_chance_does_not_explain_and_says_how_many() -> None:
    values = [1.0, 2.0, 1.0, 2.0, 10.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0]
    screened = freeze_limits(values, None, "individuals", screen=True)
    assert screened.screened == 2
    assert limits_at(screened, None)[2] == pytest.approx(4.60, abs=0.005)  # NHSRplotthedots, deviations.Rmd
    plain = freeze_limits(values, None, "individuals")
    assert (plain.screened, round(limits_at(plain, None)[2], 2)) == (0, 6.95)


def test_the_median_range_forgives_one_jump() -> None:
    calm = [1.0, 2.0, 1.5, 2.5, 1.0, 2.0, 1.5, 2.5]
    jump = [*calm[:4], 50.0, *calm[4:]]
    medians = [freeze_limits(v, None, "individuals", moving_range="median").sigma for v in (calm, jump)]
    means = [freeze_limits(v, None, "individuals").sigma for v in (calm, jump)]
    assert medians[1] < 2 * medians[0]
    assert means[1] > 10 * means[0]


def test_explained_points_leave_with_the_steps_to_and_from_them() -> None:
    values = [1.0, 2.0, 1.0, math.nan, 2.0, 1.0, 2.0]
    limits = freeze_limits(values, None, "individuals", explained=frozenset({3}))
    assert (limits.n, limits.centre) == (6, 1.5)
    assert limits.sigma == pytest.approx(1 / 1.1283791670955126)
    with pytest.raises(NotEnoughPoints, match="there are 5"):
        freeze_limits([1.0] * 6, None, "individuals", explained=frozenset({0}))
    with pytest.raises(NotEnoughPoints, match="No two points in a row"):
        freeze_limits([1.0, 2.0] * 6, None, "individuals", explained=frozenset(range(0, 12, 2)))
