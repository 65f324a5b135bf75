"""Limits are frozen from a baseline by the textbook formula, or refused with a sentence."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.limits import BadSeries, Chart, NotEnoughPoints, freeze_limits, limits_at

# Wheeler, Making Sense of Data, p. 382: the set for checking software, with its printed results.
WHEELER = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]

measurements = st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=40)
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
        ([0.5] * 6, [1.0] * 5, "p_prime", BadSeries, "6 shares and 5 denominators"),
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


@given(
    anything, st.one_of(st.none(), anything), st.sampled_from(["individuals", "log_individuals", "p_prime"])
)
def test_any_input_gives_finite_ordered_limits_or_a_refusal(
    values: list[float], denominators: list[float] | None, chart: Chart
) -> None:
    try:
        limits = freeze_limits(values, denominators, chart)
    except (BadSeries, NotEnoughPoints) as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - either of two outcomes is right
        return
    low, centre, high = limits_at(limits, 10.0)
    assert all(math.isfinite(x) for x in (low, centre, high, limits.sigma, limits.sigma_z))
    assert low <= centre <= high
