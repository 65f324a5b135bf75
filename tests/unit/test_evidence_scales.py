"""The scale that durations are judged on, and the chart of their moving ranges."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import expon, lognorm, weibull_min

from evidence.charts import Chart, chart_for_durations, from_scale, to_scale
from evidence.limits import BadSeries, Limits, NotEnoughPoints, freeze_limits
from evidence.rangechart import RangeChart, range_chart

STEPS = [(i + 0.5) / 20 for i in range(20)]


@pytest.mark.parametrize(
    ("values", "chart"),
    [
        (lognorm(1.0).ppf(STEPS).tolist(), "log_individuals"),
        (lognorm(0.3).ppf(STEPS).tolist(), "log_individuals"),
        (expon().ppf(STEPS).tolist(), "root_individuals"),
        (weibull_min(2.0).ppf(STEPS).tolist(), "root_individuals"),
        ([7.0] * 20, "log_individuals"),
        ([7.0, 8.0], "log_individuals"),
        ([], "log_individuals"),
    ],
)
def test_durations_are_judged_where_they_lean_less(values: list[float], chart: Chart) -> None:
    assert chart_for_durations(values) == chart


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 1000), min_size=6, max_size=30), st.sampled_from([0.25, 64.0, 1440.0]))
def test_the_choice_does_not_depend_on_the_unit(values: list[float], scale: float) -> None:
    logs, roots = ([to_scale(chart, v) for v in values] for chart in ("log_individuals", "t"))
    if max(logs) - min(logs) < 1e-6 or max(roots) - min(roots) < 1e-6:
        return  # what hardly varies leans by its last digits alone
    assert chart_for_durations([v * scale for v in values]) == chart_for_durations(values)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_duration_has_no_scale(wrong: float) -> None:
    with pytest.raises(BadSeries, match=r"above 0|finite number"):
        chart_for_durations([1.0, 2.0, wrong])


@pytest.mark.parametrize("chart", ["individuals", "log_individuals", "t"])
def test_a_value_comes_back_from_its_scale(chart: Chart) -> None:
    assert from_scale(chart, to_scale(chart, 12.5)) == pytest.approx(12.5)


def test_moving_ranges_by_hand() -> None:
    limits = Limits("individuals", 10.0, 1.0, 1.0, 20)
    found = range_chart([10.0, 11.0, 9.0, 14.0], limits)
    assert found == RangeChart((1.0, 2.0, 5.0), 2 / math.sqrt(math.pi), found.upper, (3,))
    assert found.upper == pytest.approx(3.686, abs=5e-4)


def test_moving_ranges_of_durations_are_ratios() -> None:
    days = [4.0, 8.0, 4.0, 6.0, 5.0, 8.0, 4.0]
    found = range_chart(days, freeze_limits(days, None, "log_individuals"))
    assert found.ranges[:2] == pytest.approx((math.log(2), math.log(2)))
    assert found.centre == pytest.approx(sum(found.ranges) / 6)


@pytest.mark.parametrize(
    ("values", "chart", "error", "says"),
    [
        ([1.0], "individuals", NotEnoughPoints, "needs two points; there are 1"),
        ([1.0, math.nan], "individuals", BadSeries, "point 2 of 2 is nan"),
        ([1.0, 0.0], "t", BadSeries, "above 0"),
        ([0.5, 0.6], "p_prime", BadSeries, "not below a p_prime chart"),
        ([1.0, 2.0], "c", BadSeries, "not below a c chart"),
    ],
)
def test_what_has_no_moving_ranges_is_refused(
    values: list[float], chart: Chart, error: type[ValueError], says: str
) -> None:
    with pytest.raises(error, match=says):
        range_chart(values, Limits(chart, 0.5, 0.1, 1.0, 20))
