"""Broken numbers never crash a public function of `evidence`, and never come out as anything good.

Each takes NaN, infinities, constants, ties, one point, no point and denominators of zero, and gives finite
numbers, or what its promise says about such points, or a refusal in a sentence.
"""

import dataclasses
import inspect
import math
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import evidence
from evidence.capability import capability, promise_kept
from evidence.changes import propose_changes
from evidence.charts import (
    Chart,
    all_to_scale,
    chart_for_durations,
    check_range,
    ends_at,
    from_scale,
    to_scale,
)
from evidence.contribution import contribution
from evidence.diagnostics import describe, lag1, longest_gap, skew, tied_share
from evidence.icons import assurance, variation, variation_at
from evidence.improvement import compare, look_alpha
from evidence.limits import Limits, distances, freeze_limits, limits_at, spread_at
from evidence.quantise import quantise
from evidence.rangechart import range_chart
from evidence.ranges import short_term_sigma
from evidence.rarity import once_in, outside_chance, rarity
from evidence.rules import RuleSet, Signal, find_in_distances, find_signals, meaning
from evidence.runchart import anhoej_bounds, run_chart
from evidence.scatter import no_wider, widest_ratio
from evidence.series import finite_array
from evidence.signals import judge, judge_distances, kept_distances

CHARTS: tuple[Chart, ...] = get_args(Chart)
RULES: tuple[RuleSet, ...] = get_args(RuleSet)
Given = tuple[list[float], list[float], Chart]


def frozen(chart: Chart) -> Limits:
    return Limits(chart, 0.5, 0.1, 1.0, 20)


# Every public function, called with values, denominators and a chart.
CALLS: dict[str, Callable[[list[float], list[float], Chart], object]] = {
    "capability.capability": lambda v, _n, c: capability(v, lower=0.0, upper=1.0, chart=c),
    "capability.promise_kept": lambda v, _n, _c: promise_kept(v, v[0] if v else 1.0, "up"),
    "changes.propose_changes": lambda v, _n, _c: propose_changes(v),
    "charts.all_to_scale": lambda v, _n, c: all_to_scale(c, finite_array([abs(x) + 1 for x in v], "values")),
    "charts.chart_for_durations": lambda v, _n, _c: chart_for_durations(v),
    "charts.check_range": lambda v, _n, c: check_range(c, min(v, default=0.0), max(v, default=0.0)),
    "charts.ends_at": lambda _v, _n, c: bool(ends_at(c)),
    "charts.from_scale": lambda v, _n, c: [from_scale(c, float(x)) for x in finite_array(v, "values")],
    "charts.to_scale": lambda v, _n, c: [x for x in (to_scale(c, y) for y in v) if math.isfinite(x)],
    "contribution.contribution": lambda v, n, _c: contribution(v, n),
    "diagnostics.describe": lambda v, n, _c: describe(v, n, range(len(v))),
    "diagnostics.lag1": lambda v, _n, _c: lag1(v),
    "diagnostics.longest_gap": lambda v, _n, _c: longest_gap(range(len(v))),
    "diagnostics.skew": lambda v, _n, _c: skew(v),
    "diagnostics.tied_share": lambda v, _n, _c: tied_share(v),
    "icons.assurance": lambda v, n, c: assurance(frozen(c), n[0] if n else None, v[0] if v else 0.5, "up"),
    "icons.variation": lambda v, n, c: variation(v, n, frozen(c), direction="up"),
    "icons.variation_at": lambda v, n, c: variation_at(
        v, v[-1] if v else 0.5, n[0] if n else None, frozen(c), direction="up"
    ),
    "improvement.compare": lambda v, n, _c: compare(v, n, direction="up", alpha=0.05, seed=1, resamples=20),
    "improvement.look_alpha": lambda v, _n, _c: look_alpha(v[0] if v else 0.05, len(v)),
    "limits.distances": lambda v, n, c: [x for x in distances(v, n, frozen(c)) if math.isfinite(x)],
    "limits.freeze_limits": lambda v, n, c: freeze_limits(v, n, c, screen=True),
    "limits.limits_at": lambda _v, n, c: limits_at(frozen(c), n[0] if n else None),
    "limits.spread_at": lambda _v, n, c: spread_at(frozen(c), n[0] if n else None),
    "quantise.quantise": lambda v, _n, _c: [quantise(x) for x in v],
    "rangechart.range_chart": lambda v, _n, c: range_chart(v, frozen(c)),
    "ranges.short_term_sigma": lambda v, _n, _c: short_term_sigma(
        np.abs(finite_array(v, "values")), "median", screen=True
    ),
    "rarity.once_in": lambda v, _n, _c: once_in(v[0] if v else 0.0),
    "rarity.outside_chance": lambda v, _n, _c: outside_chance(len(v)),
    "rarity.rarity": lambda v, n, _c: rarity(len(v), len(n), outside=1, longest_run=2),
    "rules.find_in_distances": lambda v, _n, _c: [find_in_distances(v, rules) for rules in RULES],
    "rules.find_signals": lambda v, n, c: [find_signals(v, n, frozen(c), rules) for rules in RULES],
    "rules.meaning": lambda v, _n, _c: meaning(Signal("outside the limits", (0,), 1), "up" if v else None),
    "runchart.anhoej_bounds": lambda v, _n, _c: anhoej_bounds(len(v) + 1),
    "runchart.run_chart": lambda v, n, _c: run_chart(v, n[0] if n else None),
    "scatter.no_wider": lambda v, n, _c: no_wider(
        freeze_limits(v, None, "individuals"), freeze_limits(n, None, "individuals")
    ),
    "scatter.widest_ratio": lambda v, n, _c: widest_ratio(len(v) + 2, len(n) + 2),
    "series.finite_array": lambda v, _n, _c: finite_array(v, "values"),
    "signals.judge": lambda v, n, c: judge(v, n, frozen(c), direction="up"),
    "signals.judge_distances": lambda v, _n, _c: judge_distances(v, direction="up"),
    "signals.kept_distances": lambda v, n, c: kept_distances(v, n, frozen(c))[0],
}
# They take ranks that other functions have made of checked numbers.
WITHIN = {"dependence.mean_ranks", "dependence.corrected_lag", "dependence.inflation"}

broken = st.one_of(
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 0.5, 1e-320, 1e99, -1e99, 1e300]),
    st.floats(),
    st.floats(0, 1),
)
lists = st.one_of(
    st.just([]),
    st.lists(broken, min_size=1, max_size=1),
    st.builds(lambda x, n: [x] * n, broken, st.integers(2, 40)),
    st.lists(st.sampled_from([0.25, 0.5]), min_size=6, max_size=40),
    st.lists(st.floats(0.01, 0.99), min_size=20, max_size=40),
    st.lists(broken, max_size=30),
)


def numbers(found: Any) -> Iterator[float]:
    """Every number in an answer."""
    match found:
        case bool() | str() | None:
            return
        case int() | float():
            yield float(found)
        case np.ndarray():
            yield from found.ravel().tolist()
        case list() | tuple():
            for part in found:
                yield from numbers(part)
        case _ if dataclasses.is_dataclass(found):
            for field in dataclasses.fields(found):
                yield from numbers(getattr(found, field.name))
        case _:
            raise AssertionError(f"an answer that this test cannot read: {found!r}")


@settings(max_examples=100, deadline=None)
@given(values=lists, cases=lists, chart=st.sampled_from(CHARTS), even=st.booleans())
def test_broken_numbers_give_finite_answers_or_a_refusal(
    values: list[float], cases: list[float], chart: Chart, *, even: bool
) -> None:
    size = min(len(values), len(cases)) if even else max(len(values), len(cases))
    for (
        name,
        call,
    ) in CALLS.items():  # all of them with the same numbers, for drawing these is what takes time
        note(name)
        try:
            found = call(values[:size], cases[:size], chart)
        except ValueError as refusal:
            assert str(refusal).endswith("."), name  # noqa: PT017 - either of two outcomes is right
        else:
            assert all(math.isfinite(x) for x in numbers(found)), (name, found)


def test_every_public_function_is_tried() -> None:
    modules = [import_module(f"evidence.{m.name}") for m in pkgutil.iter_modules(evidence.__path__)]
    public = {
        f"{module.__name__.removeprefix('evidence.')}.{name}"
        for module in modules
        for name, thing in inspect.getmembers(module, inspect.isfunction)
        if thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public == {*CALLS, *WITHIN}


NAN = math.nan


@pytest.mark.parametrize("worse", [NAN, math.inf, -math.inf])
def test_what_is_not_finite_is_never_good(worse: float) -> None:
    limits = frozen("individuals")
    assert judge([0.5, worse], None, limits, direction="up").bad == (1,)
    assert judge([0.5, worse], None, limits, direction="down").bad == (1,)
    assert variation([0.5, worse], None, limits, direction="up") is None
    assert {s.rule for s in find_signals([worse], None, limits, "nhs")} == {"unusable"}
    assert promise_kept([worse, worse], 0.0, "up").kept == 0
    assert promise_kept([worse, worse], 0.0, "down").kept == 0
    assert not no_wider(limits, dataclasses.replace(limits, sigma=abs(worse)))
    for direction in ("up", "down"):
        assert assurance(limits, None, NAN, direction) == "inconsistent"


@pytest.mark.parametrize("cases", [0.0, -1.0, NAN, math.inf])
@pytest.mark.parametrize("chart", ["p", "p_prime", "u", "u_prime", "weighted"])
def test_a_point_of_no_cases_is_never_good(chart: Chart, cases: float) -> None:
    limits = frozen(chart)
    assert judge([0.5, 0.5], [10.0, cases], limits, direction="up").bad == (1,)
    assert judge([0.5, 0.5], [10.0, cases], limits, direction="down").bad == (1,)
    assert variation([0.5], [cases], limits, direction="up") is None
    with pytest.raises(ValueError, match="above 0"):
        assurance(limits, cases, 0.1, "up")
    with pytest.raises(ValueError, match="denominator"):
        freeze_limits([0.5, 0.6] * 10, [10.0] * 19 + [cases], chart)
