"""The names that a charter may use are those that the statistics know, and mean the same there."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import charter, charting, gate_checks
from domain.limits import limits_at
from domain.measurement import FrozenLimits
from evidence import charts, limits, ranges, rules


def test_names_here_and_there_are_the_same() -> None:
    assert get_args(charting.Chart) == get_args(charts.Chart)
    assert get_args(charting.RuleSet) == get_args(rules.RuleSet)
    assert get_args(charting.MovingRange) == get_args(ranges.MovingRange)
    assert get_args(charter.Measure) == get_args(charts.Measure)
    assert charting.BY_CASES == charts.BY_CASES
    assert set(charting.BETWEEN_EVENTS) | set(charting.OF_DURATIONS) == {"g"} | charts.POSITIVE


def test_each_measure_has_charts_and_the_usual_one_comes_first() -> None:
    assert set(gate_checks.CHARTS) == set(get_args(charter.Measure))
    assert {measure: fitting[0] for measure, fitting in gate_checks.CHARTS.items()} == charts.CHART_FOR
    assert {chart for fitting in gate_checks.CHARTS.values() for chart in fitting} == set(
        get_args(charts.Chart)
    )


@pytest.mark.parametrize("chart", get_args(charts.Chart))
@given(centre=st.floats(0.1, 0.9), sigma=st.floats(0.0, 1.0), cases=st.floats(1, 1000))
def test_limits_are_drawn_where_they_are_judged(
    chart: charts.Chart, centre: float, sigma: float, cases: float
) -> None:
    shown = limits_at(
        FrozenLimits(chart=chart, centre=centre, sigma=sigma, sigma_z=1.1, n=20, first=0, last=19), cases
    )
    judged = limits.limits_at(limits.Limits(chart, centre, sigma, 1.1, 20), cases)
    assert shown == pytest.approx(judged)
