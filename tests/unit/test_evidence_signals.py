"""Later points are judged by frozen limits, and what cannot be judged never passes."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence.limits import BadSeries, Limits, freeze_limits
from evidence.signals import Direction, Signals, judge

UNIT = Limits("individuals", centre=0.0, sigma=1.0, sigma_z=1.0, n=20)
SHARE = Limits("p_prime", centre=0.8, sigma=0.4, sigma_z=1.0, n=20)
LOG = Limits("log_individuals", centre=0.0, sigma=0.5, sigma_z=1.0, n=20)

points = st.lists(st.floats(-5, 5), max_size=30)
broken = st.one_of(st.floats(), st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e300]))


@pytest.mark.parametrize(
    ("values", "direction", "outside", "runs", "bad"),
    [
        ([], "up", (), (), ()),
        ([0.5, -0.5, 2.9], "up", (), (), ()),
        ([3.0, -3.0], "up", (), (), ()),
        ([3.1, -3.1], "up", (0, 1), (), (1,)),
        ([3.1, -3.1], "down", (0, 1), (), (0,)),
        ([1.0] * 7, "up", (), (), ()),
        ([1.0] * 8, "up", (), tuple(range(8)), ()),
        ([1.0] * 8, "down", (), tuple(range(8)), tuple(range(8))),
        ([-1.0] * 9 + [1.0], "up", (), tuple(range(9)), tuple(range(9))),
        ([1.0] * 4 + [0.0] + [1.0] * 4, "up", (), (), ()),
        ([-1.0] * 4 + [math.nan] + [-1.0] * 4, "up", (4,), (), (4,)),
        ([math.inf], "up", (0,), (), (0,)),
    ],
)
def test_points_outside_and_runs_are_found(
    values: list[float],
    direction: Direction,
    outside: tuple[int, ...],
    runs: tuple[int, ...],
    bad: tuple[int, ...],
) -> None:
    assert judge(values, None, UNIT, direction=direction) == Signals(outside, runs, bad)


def test_an_explained_point_neither_counts_nor_breaks_nor_extends_a_run() -> None:
    values = [-1.0] * 4 + [9.0] + [-1.0] * 3
    assert judge(values, None, UNIT, direction="up", explained=frozenset({4})) == Signals((), (), ())
    signals = judge([*values, -1.0], None, UNIT, direction="up", explained=frozenset({4}))
    assert signals.runs == signals.bad == (0, 1, 2, 3, 5, 6, 7, 8)
    assert judge([-1.0] * 8, None, UNIT, direction="up", explained=frozenset({3})).runs == ()


def test_a_share_is_judged_by_its_own_number_of_cases() -> None:
    # 0.6 lies 1.1 standard deviations of 5 cases below the centre, and 5 of 100.
    assert judge([0.6, 0.6], [5.0, 100.0], SHARE, direction="up").bad == (1,)


@pytest.mark.parametrize(
    ("limits", "value", "denominator"),
    [
        (SHARE, 1.2, 9.0),
        (SHARE, -0.1, 9.0),
        (SHARE, 0.8, 0.0),
        (SHARE, 0.8, math.nan),
        (SHARE, math.nan, 9.0),
        (LOG, 0.0, 1.0),
        (LOG, -1.0, 1.0),
    ],
)
@pytest.mark.parametrize("direction", ["up", "down"])
def test_what_cannot_be_judged_is_outside_and_bad_either_way(
    limits: Limits, value: float, denominator: float, direction: Direction
) -> None:
    assert judge([value], [denominator], limits, direction=direction) == Signals((0,), (), (0,))


def test_shares_without_any_denominators_are_bad() -> None:
    assert judge([0.8], None, SHARE, direction="up").bad == (0,)


def test_durations_are_judged_on_the_log_scale() -> None:
    # Limits exp(+-1.5) = 0.22 and 4.5.
    assert judge([0.23, 4.4], None, LOG, direction="down") == Signals((), (), ())
    assert judge([0.21, 4.6], None, LOG, direction="down") == Signals((0, 1), (), (1,))


def test_after_a_series_that_never_varied_any_other_value_is_outside() -> None:
    frozen = freeze_limits([0.1] * 20, None, "individuals")
    assert judge([0.1] * 10, None, frozen, direction="up") == Signals((), (), ())
    assert judge([0.1, 0.1001, 0.0999], None, frozen, direction="up") == Signals((1, 2), (), (2,))


def test_a_run_of_one_and_uneven_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 points; run_length is 1"):
        judge([1.0], None, UNIT, direction="up", run_length=1)
    with pytest.raises(BadSeries, match="2 values and 1 denominators"):
        judge([1.0, 2.0], [1.0], UNIT, direction="up")


@given(points)
def test_reversing_the_direction_swaps_good_and_bad(values: list[float]) -> None:
    up, down = (judge(values, None, UNIT, direction=way) for way in ("up", "down"))
    assert (up.outside, up.runs) == (down.outside, down.runs)
    assert set(up.bad) | set(down.bad) == {*up.outside, *up.runs}
    assert not set(up.bad) & set(down.bad)


@given(points)
def test_mirrored_data_in_the_mirrored_direction_gives_the_same_signals(values: list[float]) -> None:
    assert judge(values, None, UNIT, direction="up") == judge(
        [-v for v in values], None, UNIT, direction="down"
    )


@given(st.lists(st.integers(-40, 40), max_size=30), st.sampled_from([0.25, 8.0]), st.integers(-64, 64))
def test_signals_do_not_depend_on_the_unit(tenths: list[int], scale: float, shift: float) -> None:
    values = [t / 8 for t in tenths]
    moved = Limits("individuals", centre=float(shift), sigma=scale, sigma_z=1.0, n=20)
    assert judge(values, None, UNIT, direction="up") == judge(
        [v * scale + shift for v in values], None, moved, direction="up"
    )


@given(st.lists(broken, max_size=12), st.lists(broken, max_size=12), st.sampled_from([UNIT, SHARE, LOG]))
def test_no_input_crashes_and_what_is_not_finite_is_bad(
    values: list[float], denominators: list[float], limits: Limits
) -> None:
    size = min(len(values), len(denominators))
    signals = judge(values[:size], denominators[:size], limits, direction="up")
    assert {i for i in range(size) if not math.isfinite(values[i])} <= set(signals.bad)


@given(points, st.integers(0, 30), st.floats(3.01, 50), st.sampled_from(["up", "down"]))
def test_a_bad_point_added_anywhere_never_leaves_fewer_bad_signals_than_one(
    values: list[float], at: int, far: float, direction: Direction
) -> None:
    assume(at <= len(values))
    worse = -far if direction == "up" else far
    assert at in judge([*values[:at], worse, *values[at:]], None, UNIT, direction=direction).bad


def test_a_point_on_the_centre_but_for_rounding_breaks_a_run() -> None:
    frozen = freeze_limits([0.2, 0.4, 0.2, 0.4, 0.1 + 0.2, 0.3], None, "individuals")
    values = [0.31] * 4 + [0.1 + 0.2] + [0.31] * 4
    for value in (0.3, 0.1 + 0.2):
        values[4] = value
        assert judge(values, None, frozen, direction="up").runs == ()
