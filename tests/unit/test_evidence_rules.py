"""Rule sets by name, run charts and icons, where no reference data is needed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.icons import assurance, variation
from evidence.limits import BadSeries, Limits, NotEnoughPoints
from evidence.rules import Meaning, RuleSet, Signal, find_signals, meaning
from evidence.runchart import run_chart
from evidence.signals import Direction, judge

UNIT = Limits("individuals", centre=0.0, sigma=1.0, sigma_z=1.0, n=20)
FLAT = Limits("individuals", centre=0.0, sigma=0.0, sigma_z=1.0, n=20)
RULE_SETS: list[RuleSet] = ["gate", "wheeler", "western_electric", "nelson", "nhs"]

anything = st.lists(
    st.one_of(st.floats(-4, 4), st.integers(-4, 4).map(float), st.sampled_from([math.nan, math.inf])),
    max_size=30,
)


@pytest.mark.parametrize(
    ("rules", "values", "rule", "points", "side"),
    [
        ("gate", [0.0, 3.5], "outside the limits", (1,), 1),
        ("gate", [0.0, -3.5], "outside the limits", (1,), -1),
        ("gate", [-1.0] * 8, "8 on one side", tuple(range(8)), -1),
        ("gate", [0.0, math.nan], "unusable", (1,), 0),
        ("wheeler", [1.6, 1.0, 1.6, 1.6], "3 of 4 near a limit", (0, 2, 3), 1),
        ("western_electric", [-2.1, 1.0, -2.1], "2 of 3 beyond 2 sigma", (0, 2), -1),
        ("western_electric", [1.1, 1.1, 0.0, 1.1, 1.1], "4 of 5 beyond 1 sigma", (0, 1, 3, 4), 1),
        ("nelson", [0.5, 0.4, 0.3, 0.2, 0.1, -0.1], "6 rising or falling", tuple(range(6)), -1),
        ("nelson", [0.5, -0.5] * 7, "14 alternating", tuple(range(14)), 0),
        ("nelson", [0.0] * 15, "15 within 1 sigma", tuple(range(15)), 0),
        ("nelson", [1.5, -1.5] * 4, "8 beyond 1 sigma on both sides", tuple(range(8)), 0),
        ("nhs", [0.5, 2.5, 2.5], "2 of 3 near a limit", (1, 2), 1),
        ("nhs", [0.1] * 7, "7 on one side", tuple(range(7)), 1),
        ("nhs", [-0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4], "7 rising or falling", tuple(range(7)), 1),
    ],
)
def test_each_rule_names_all_points_of_its_signal(
    rules: RuleSet, values: list[float], rule: str, points: tuple[int, ...], side: int
) -> None:
    assert Signal(rule, points, side) in find_signals(values, None, UNIT, rules)


@pytest.mark.parametrize(
    ("rules", "values"),
    [
        ("gate", [3.0, -3.0]),
        ("gate", [1.0] * 4 + [0.0] + [1.0] * 4),
        ("western_electric", [2.1, 1.0, -2.1]),
        ("nhs", [2.5, -0.1, 2.5]),
        ("nhs", [3.5 - 1.0, 0.5, 0.5]),
        ("nhs", [1.0, 2.0, 2.0, 2.5, 0.5, -1.0]),
        ("nelson", [1.5, -1.5] * 3),
    ],
)
def test_what_only_nearly_breaks_a_rule_is_no_signal(rules: RuleSet, values: list[float]) -> None:
    assert find_signals(values, None, UNIT, rules) == ()


def test_nhs_does_not_count_a_point_beyond_the_limit_as_near() -> None:
    signals = find_signals([0.5, 3.5, 2.5], None, UNIT, "nhs")
    assert [signal.rule for signal in signals] == ["outside the limits"]


@pytest.mark.parametrize(
    ("rule", "side", "direction", "expected"),
    [
        ("outside the limits", 1, "up", "improvement"),
        ("outside the limits", 1, "down", "concern"),
        ("outside the limits", -1, "up", "concern"),
        ("outside the limits", -1, "down", "improvement"),
        ("outside the limits", 1, None, "neutral"),
        ("14 alternating", 0, "up", "neutral"),
        ("unusable", 0, None, "concern"),
    ],
)
def test_meaning_follows_the_direction(
    rule: str, side: int, direction: Direction | None, expected: Meaning
) -> None:
    assert meaning(Signal(rule, (0,), side), direction) == expected


@given(anything, st.sampled_from(RULE_SETS), st.sampled_from([UNIT, FLAT]), st.frozensets(st.integers(0, 29)))
def test_no_input_crashes_and_no_explained_point_is_in_a_signal(
    values: list[float], rules: RuleSet, limits: Limits, explained: frozenset[int]
) -> None:
    signals = find_signals(values, None, limits, rules, explained=explained)
    named = {i for signal in signals for i in signal.points}
    assert not named & explained
    assert {i for i, v in enumerate(values) if not math.isfinite(v)} - explained <= named


@given(anything, st.sampled_from(RULE_SETS))
def test_mirrored_data_gives_mirrored_signals(values: list[float], rules: RuleSet) -> None:
    mirrored = [
        Signal(s.rule, s.points, -s.side) for s in find_signals([-v for v in values], None, UNIT, rules)
    ]
    assert set(find_signals(values, None, UNIT, rules)) == set(mirrored)


@given(anything, st.sampled_from([UNIT, FLAT]), st.frozensets(st.integers(0, 29)))
def test_the_gates_rule_set_is_what_the_gate_judges_by(
    values: list[float], limits: Limits, explained: frozenset[int]
) -> None:
    judged = judge(values, None, limits, direction="up", explained=explained)
    found = find_signals(values, None, limits, "gate", explained=explained)
    assert {i for s in found for i in s.points} == {*judged.outside, *judged.runs}
    assert {i for s in found if meaning(s, "up") == "concern" for i in s.points} == set(judged.bad)


@pytest.mark.parametrize(
    ("values", "direction", "icon"),
    [
        ([0.5, -0.5], "up", "common_cause"),
        ([0.5, 3.5], "up", "improvement_high"),
        ([0.5, 3.5], "down", "concern_high"),
        ([0.5, -3.5], "up", "concern_low"),
        ([0.5, -3.5], "down", "improvement_low"),
        ([0.5, 3.5], None, "neutral_high"),
        ([0.5, -3.5], None, "neutral_low"),
        ([3.5, 0.5], "up", "common_cause"),
        ([0.5, math.nan], "up", None),
        ([], "up", None),
    ],
)
def test_variation_speaks_of_the_last_point(
    values: list[float], direction: Direction | None, icon: str | None
) -> None:
    assert variation(values, None, UNIT, direction=direction) == icon


@pytest.mark.parametrize(
    ("target", "direction", "icon"),
    [
        (3.5, "up", "consistent_fail"),
        (-3.5, "up", "consistent_pass"),
        (3.5, "down", "consistent_pass"),
        (-3.5, "down", "consistent_fail"),
        (3.0, "up", "inconsistent"),
        (-3.0, "up", "inconsistent"),
        (0.0, "down", "inconsistent"),
    ],
)
def test_assurance_compares_the_target_with_the_limits(
    target: float, direction: Direction, icon: str
) -> None:
    assert assurance(UNIT, None, target, direction) == icon


def test_a_run_chart_counts_runs_and_crossings_of_the_useful_points() -> None:
    chart = run_chart([1, 1, 1, 1, 1, 1, 1, 3, 2, 3, 3, 3, 3, 3, 3], centre=2)
    assert (chart.useful, chart.longest_run, chart.crossings) == (14, 7, 1)
    assert (chart.longest_run_max, chart.crossings_min, chart.signal) == (7, 4, True)


@pytest.mark.parametrize("values", [[], [1.0] * 4, [2.0] * 30])
def test_a_run_chart_needs_points_off_its_centre(values: list[float]) -> None:
    with pytest.raises(NotEnoughPoints, match="at least 5 points"):
        run_chart(values)


def test_a_run_chart_refuses_broken_numbers() -> None:
    with pytest.raises(BadSeries, match="values: point 1"):
        run_chart([math.nan] * 10)
    with pytest.raises(BadSeries, match="the centre: point 1"):
        run_chart([1.0] * 10, centre=math.inf)


@given(st.lists(st.integers(-9, 9).map(float), min_size=5, max_size=40), st.sampled_from([-2.0, 0.5, 4.0]))
def test_a_run_chart_does_not_depend_on_unit_or_direction(values: list[float], scale: float) -> None:
    try:
        plain = run_chart(values)
    except NotEnoughPoints:
        return
    moved = run_chart([v * scale for v in values])
    assert (moved.longest_run, moved.crossings, moved.signal) == (
        plain.longest_run,
        plain.crossings,
        plain.signal,
    )


def test_a_zone_signal_ends_with_a_point_of_its_own_and_is_told_once() -> None:
    found = find_signals([0.0, 2.1, 2.1, 0.5], None, UNIT, "western_electric")
    assert found == (Signal("2 of 3 beyond 2 sigma", (1, 2), 1),)
