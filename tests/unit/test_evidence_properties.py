"""What holds for any numbers: units do not matter, directions mirror, and nothing broken ever passes.

Charts and rules of their own have more of it in their own files; here stand the properties that go through
several of them, and through `judge_metric` and the gates.
"""

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.charter import GatedStage
from domain.measurement import FrozenLimits, Observation
from domain.state import State
from evidence.icons import assurance, variation
from evidence.improvement import compare
from evidence.limits import Chart, freeze_limits, limits_at
from evidence.rangechart import range_chart
from evidence.ranges import MovingRange
from evidence.rules import RuleSet, find_signals, meaning
from evidence.series import BadSeries, NotEnoughPoints
from evidence.signals import Direction, judge
from tests.judged_gates import OUTCOME, column, evaluated, judged_in, started_from, state_in

OPPOSITE: dict[Direction, Direction] = {"up": "down", "down": "up"}
MIRRORED = {"improvement": "concern", "concern": "improvement", "neutral": "neutral"}
quick = settings(max_examples=60, deadline=None)
quarters = st.integers(-80, 80).map(lambda q: q / 4)
series = st.lists(quarters, min_size=8, max_size=30)
directions = st.sampled_from(["up", "down"])


@quick
@given(
    st.sampled_from(["individuals", "weighted", "log_individuals", "t", "u", "u_prime"]),
    st.lists(st.integers(1, 400).map(lambda q: q / 16), min_size=6, max_size=24),
    st.sampled_from([0.25, 8.0, 3600.0]),
    st.sampled_from(["mean", "median"]),
    st.booleans(),
)
def test_limits_scale_with_the_unit(
    chart: Chart, values: list[float], scale: float, moving_range: MovingRange, screen: bool
) -> None:
    cases = [float(20 + i % 7) for i in range(len(values))]
    # Events per 1,000 units instead of per unit: the rates grow, the units behind them shrink.
    new_cases = [n / scale for n in cases] if chart in ("u", "u_prime") else cases
    options: dict[str, Any] = {"moving_range": moving_range, "screen": screen}
    plain = freeze_limits(values, cases, chart, **options)
    scaled = freeze_limits([v * scale for v in values], new_cases, chart, **options)
    expected = [x * scale for x in limits_at(plain, cases[0])]
    assert limits_at(scaled, new_cases[0]) == pytest.approx(expected, rel=1e-6, abs=1e-6 * scale)


@quick
@given(st.sampled_from(["individuals", "weighted"]), series, st.integers(-500, 500), st.booleans())
def test_limits_move_with_the_data(chart: Chart, values: list[float], shift: int, screen: bool) -> None:
    cases = [float(20 + i % 7) for i in range(len(values))]
    plain = limits_at(freeze_limits(values, cases, chart, screen=screen), 20.0)
    moved = limits_at(freeze_limits([v + shift for v in values], cases, chart, screen=screen), 20.0)
    assert moved == pytest.approx([x + shift for x in plain], abs=1e-9 * (600 + abs(shift)))


@quick
@given(st.sampled_from(["p", "p_prime"]), st.lists(st.integers(0, 64), min_size=6, max_size=24))
def test_the_share_that_was_late_is_the_mirror_of_the_share_on_time(chart: Chart, late: list[int]) -> None:
    shares, cases = [n / 64 for n in late], [64.0] * len(late)
    on_time = [1 - share for share in shares]
    plain, mirror = (freeze_limits(values, cases, chart) for values in (shares, on_time))
    low, centre, high = limits_at(plain, 64.0)
    assert limits_at(mirror, 64.0) == pytest.approx((1 - high, 1 - centre, 1 - low), abs=1e-9)
    assert judge(shares, cases, plain, direction="down") == judge(on_time, cases, mirror, direction="up")


@quick
@given(series, directions, st.sampled_from(["gate", "wheeler", "western_electric", "nelson", "nhs"]))
def test_reversing_the_direction_reverses_what_everything_means(
    values: list[float], direction: Direction, rules: RuleSet
) -> None:
    limits, other = freeze_limits(values[:8], None, "individuals"), OPPOSITE[direction]
    for signal in find_signals(values, None, limits, rules):
        assert meaning(signal, other) == MIRRORED[meaning(signal, direction)]
    icons = [variation(values, None, limits, direction=way, rules=rules) for way in (direction, other)]
    swapped = {"improvement": "concern", "concern": "improvement", "common": "common"}
    parts = [(icon or "").split("_", 1) for icon in icons]
    assert (swapped[parts[0][0]], parts[0][1]) == (parts[1][0], parts[1][1])
    for target in (
        -1e3,
        1e3,
    ):  # beyond all limits, so one of the two always keeps it and the other never does
        kept = {assurance(limits, None, target, way) for way in (direction, other)}
        assert kept == {"consistent_pass", "consistent_fail"}


@quick
@given(series, st.lists(quarters, min_size=6, max_size=14), directions)
def test_a_comparison_of_mirrored_numbers_in_the_mirrored_direction_is_the_same(
    before: list[float], after: list[float], direction: Direction
) -> None:
    if len(set(before)) == 1:
        return
    options: dict[str, Any] = {"alpha": 0.05, "seed": 1, "resamples": 50}
    mirror = [-v for v in before], [-v for v in after]
    assert compare(before, after, direction=direction, **options) == compare(
        *mirror, direction=OPPOSITE[direction], **options
    )


@quick
@given(series, st.sampled_from(["mean", "median"]))
def test_moving_ranges_do_not_know_up_from_down(values: list[float], moving_range: MovingRange) -> None:
    charts = [
        range_chart(side, freeze_limits(side, None, "individuals", moving_range=moving_range))
        for side in (values, [-v for v in values])
    ]
    assert charts[0] == charts[1]
    assert len(charts[0].ranges) == len(values) - 1


# Through the program: limits 10 +- 3, a baseline of 30 calm points, days to payment, lower is better.
CALM = [10.0 + step for step in (0.0, 1.0, 0.5, -1.0, 0.0, -0.5, 1.0, -1.0, 0.5, -0.5)]
FROZEN = FrozenLimits(chart="individuals", centre=10.0, sigma=1.0, n=20, first=0, last=19)
STAGES: tuple[GatedStage, ...] = ("stability", "optimization", "innovation")


def standing(stage: GatedStage) -> State:
    since = None if stage == "stability" else 30
    return started_from(state_in(stage, since), {OUTCOME: column(CALM * 3)}, {OUTCOME: FROZEN})


STANDING = {stage: standing(stage) for stage in STAGES}
# Levels from unchanged to far past the target of 3 days, so that gates of every stage are open now and then.
later = st.tuples(
    st.sampled_from([10.0, 8.5, 7.0, 2.5]),
    st.lists(st.sampled_from([0.0, 0.4, -0.4, 0.8, -0.8]), min_size=10, max_size=26),
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STAGES), later, st.floats(0.01, 50))
def test_a_point_beyond_the_limits_for_the_worse_never_opens_a_gate(
    stage: GatedStage, window: tuple[float, list[float]], beyond: float
) -> None:
    level, steps = window
    values = CALM * 3 + [level + step for step in steps]
    assert not evaluated(STANDING[stage], {OUTCOME: column([*values, 13.0 + beyond])}).open


@settings(max_examples=40, deadline=None)
@given(later, st.floats(0.01, 50), st.sampled_from([-1, 1]))
def test_a_point_beyond_the_limits_on_either_side_shuts_the_gate_of_stability(
    window: tuple[float, list[float]], beyond: float, side: int
) -> None:
    level, steps = window
    values = CALM * 3 + [level + step for step in steps]
    assert not evaluated(STANDING["stability"], {OUTCOME: column([*values, 10.0 + side * (3 + beyond)])}).open


@pytest.mark.parametrize(
    ("stage", "level"), [("stability", 10.0), ("optimization", 7.0), ("innovation", 2.5)]
)
def test_without_that_point_the_gate_is_open(stage: GatedStage, level: float) -> None:
    steps = [0.0, 0.4, -0.4, 0.8, -0.8, 0.4, -0.4, 0.0, 0.4, -0.4, 0.8, -0.8]
    values = CALM * 3 + [level + step for step in steps]
    gate = evaluated(STANDING[stage], {OUTCOME: column(values)})
    assert gate.open, [v for v in gate.verdicts if v.status != "met"]


NO_PROCESS: dict[str, Sequence[float | None]] = {
    "no point": [],
    "one point": [10.0],
    "only gaps": [None] * 60,
    "constant": [10.0] * 60,
    "one value but for the last": [10.0] * 59 + [9.0],
    "a step from one constant to another": [10.0] * 30 + [9.0] * 30,
    "too large for a measurement": [1e300] * 60,
}
# Odd, but a process: it may pass where it keeps its limits or its target. It is judged or refused, no more.
ODD: dict[str, Sequence[float | None]] = {
    "zero": [0.0] * 60,
    "two values in turn": [10.0, 11.0] * 30,
    "as large as a number may be": [1e100, -1e100] * 30,
    "hardly above nothing": [5e-324, 1e-300] * 30,
}


def judged_or_refused(
    stage: GatedStage, measure: str, values: Sequence[float | None], *, frozen: bool
) -> bool:
    """Whether the gate opens; a series that cannot be judged is refused in a sentence, and opens nothing."""
    share = measure == "share"
    changes = {"measure": measure} | ({"baseline": 0.1, "target": 0.03} if share else {})
    outcome = state_in(stage, None).charter.outcome.model_copy(update=changes)
    state = state_in(stage, None if stage == "stability" else 30, outcome=outcome)
    points = [v / 100 if share and v is not None else v for v in values]
    series = column(points, [50.0] * len(points) if share else ())
    if frozen and stage != "stability":  # what the points themselves would give, had they been frozen
        flat = FROZEN.model_copy(update={"sigma": 0.0, "centre": 0.1 if share else 10.0})
        base = column(series.values[:30], series.denominators[:30])
        state = started_from(state, {OUTCOME: base}, {OUTCOME: flat})
    try:
        return evaluated(state, {OUTCOME: series}).open
    except (BadSeries, NotEnoughPoints) as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - either of two outcomes is right
        return False


@pytest.mark.parametrize("name", NO_PROCESS)
@pytest.mark.parametrize("stage", STAGES)
def test_what_is_no_process_never_passes(stage: GatedStage, name: str) -> None:
    for measure in ("amount", "duration", "share"):
        for frozen in (False, True):
            assert not judged_or_refused(stage, measure, NO_PROCESS[name], frozen=frozen), (measure, frozen)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("stage", STAGES)
def test_odd_numbers_are_judged_or_refused_in_a_sentence(stage: GatedStage, name: str) -> None:
    opened = [
        judged_or_refused(stage, measure, ODD[name], frozen=frozen)
        for measure in ("amount", "duration", "share")
        for frozen in (False, True)
    ]
    assert stage != "optimization" or not any(opened)  # none of them got better


@pytest.mark.parametrize("cases", [[0.0] * 40, [100.0] * 39 + [None], [100.0] * 39 + [0.0], [-5.0] * 40])
@pytest.mark.parametrize("stage", STAGES)
def test_shares_of_no_cases_never_pass(stage: GatedStage, cases: list[float | None]) -> None:
    changes = {"measure": "share", "baseline": 0.5, "target": 0.6, "direction": "up"}
    outcome = state_in(stage, None).charter.outcome.model_copy(update=changes)
    state = state_in(stage, None if stage == "stability" else 30, outcome=outcome)
    points = column([0.5, 0.6, 0.55, 0.45] * 10, cases)
    try:
        gate = evaluated(state, {OUTCOME: points})
    except BadSeries as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - either of two outcomes is right
        return
    assert not gate.open


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_no_observation(value: float) -> None:
    with pytest.raises(ValidationError, match="finite"):
        Observation(period=1, value=value)
    with pytest.raises(ValidationError, match="finite"):
        Observation(period=1, value=1.0, denominator=value)
    with pytest.raises(ValidationError, match="finite"):
        column([value])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.sampled_from(STAGES), st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=60))
def test_any_numbers_are_judged_or_refused_in_a_sentence(
    stage: GatedStage, values: list[float | None]
) -> None:
    try:
        found = judged_in(STANDING[stage], {OUTCOME: column(values)})[OUTCOME]
    except BadSeries as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - either of two outcomes is right
        return
    assert found.n == sum(value is not None for value in values)
