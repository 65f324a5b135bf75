"""A control chart in characters: what it shows, and that nothing makes it fail."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import chart
from domain.chart import Marks, Scale, control_chart
from domain.limits import limits_at
from domain.measurement import FrozenLimits, Series
from domain.periods import Calendar, parse_label
from evidence import limits as evidence_limits

DAYS = Scale("days", "duration")
SHARE = Scale("share", "share")
CALM = FrozenLimits(chart="individuals", centre=11, sigma=0.5, n=8, first=2900, last=2907)


def drawn(values: tuple[float | None, ...], limits: FrozenLimits | None = None, **options: Any) -> list[str]:
    scale = options.pop("scale", DAYS)
    return control_chart(
        Series(first=2900, values=values), limits, Calendar("weekly"), scale, **options
    ).splitlines()


def test_a_calm_series_reads_as_people_draw_it() -> None:
    lines = drawn((11.0, 10.5, None, 11.0, 11.0, 13.0, 11.0, 10.5, 11.0, 11.0), CALM, height=7, width=40,
                  marks=Marks(worse=frozenset({2905})))  # fmt: skip
    assert lines == [
        "13.00 days┤               ✕",
        "12.50 days┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
        "          │",
        "11.00 days┤•────────•──•─────•─────•──•",
        "          │   •                 •",
        "          │",
        " 9.50 days┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
        "          └────────────────────────────",
        "           ╰─── frozen on 8 ────╯",
        "           2025-07-28        2025-09-29",
        "✕ signal for the worse  ── centre  ╌╌ limits",
    ]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (Marks(), chart.ORDINARY),
        (Marks(worse=frozenset({2900})), chart.WORSE),
        (Marks(better=frozenset({2900})), chart.BETTER),
        (Marks(worse=frozenset({2900}), explained=frozenset({2900})), chart.EXPLAINED),
    ],
)
def test_a_point_is_marked_by_what_it_means(marks: Marks, expected: str) -> None:
    body = drawn((11.0, 12.0), marks=marks)[:9]
    assert body[-1].split("┤")[1].startswith(expected)


def test_nothing_measured_is_said() -> None:
    assert control_chart(Series(), None, Calendar("weekly"), DAYS) == "no data yet"
    assert drawn((None, None)) == ["no data yet"]


def test_only_the_newest_periods_are_shown_when_there_are_more_than_columns() -> None:
    lines = drawn(tuple(float(i % 7) for i in range(120)), width=60)
    assert sum(line.count(chart.ORDINARY) for line in lines) == 60
    first, last = lines[-1].split()
    assert parse_label(first, Calendar("weekly")) == 2960
    assert parse_label(last, Calendar("weekly")) == 3019


def test_limits_of_shares_follow_the_number_of_cases() -> None:
    limits = FrozenLimits(chart="p_prime", centre=0.5, sigma=0.5, n=8, first=2900, last=2907)
    series = Series(first=2900, values=(0.5,) * 4, denominators=(25.0, 25.0, 400.0, 400.0))
    lines = control_chart(series, limits, Calendar("weekly"), SHARE).splitlines()
    # 3 * 0.5 / 5 = 30 points of 25 cases, 3 * 0.5 / 20 = 7.5 of 400; a limit changes between two points.
    assert [lines[row] for row in (0, 3, 4, 5, 8)] == [
        "80.0 %┤╌╌╌╌╌",
        "57.5 %┤     ╌╌╌╌╌",
        "50.0 %┤•──•──•──•",
        "42.5 %┤     ╌╌╌╌╌",
        "20.0 %┤╌╌╌╌╌",
    ]


def test_limits_start_where_they_were_frozen() -> None:
    lines = drawn((11.0,) * 6, CALM.model_copy(update={"first": 2903}), width=20)
    top = lines[0].split("┤")[1]
    assert top.startswith(" " * 8)
    assert chart.LIMIT in top


@pytest.mark.parametrize(("measure", "label"), [("count", "0.0 cases"), ("amount", "-1.0 cases")])
def test_no_limit_is_shown_where_no_value_can_be(measure: Any, label: str) -> None:
    limits = CALM.model_copy(update={"centre": 5.0, "sigma": 2.0})
    assert drawn((5.0, 6.0), limits, scale=Scale("cases", measure))[8].lstrip().startswith(f"{label}┤╌")


@pytest.mark.parametrize(
    ("target", "expected"),
    [(12.0, "· target"), (3.0, "target 3.00 days lies below"), (30.0, "target 30.00 days lies above")],
)
def test_a_target_is_drawn_or_said_to_lie_elsewhere(target: float, expected: str) -> None:
    assert expected in drawn((11.0, 12.5), CALM, scale=Scale("days", "duration", target))[-1]


def test_a_long_unit_stands_above_the_chart() -> None:
    lines = drawn((1.0, 2.0), scale=Scale("cases per person and hour", "amount"))
    assert lines[0] == "in cases per person and hour"
    assert "cases" not in "".join(lines[1:])


@pytest.mark.parametrize(("width", "height"), [(19, 9), (60, 2)])
def test_a_chart_too_small_is_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="at least 20 wide and 3 high"):
        drawn((1.0,), width=width, height=height)


finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.lists(st.none() | finite | st.sampled_from([0.0, 1.0, 5e-324, 1.7e308, -1.7e308]), max_size=120)
frozen = st.builds(
    FrozenLimits,
    chart=st.sampled_from(["individuals", "log_individuals", "p_prime"]),
    centre=finite,
    sigma=st.floats(0, 1e308),
    sigma_z=st.floats(0, 1e6),
    n=st.integers(0, 60),
    first=st.integers(2880, 3030),
    last=st.integers(2880, 3030),
)
some = st.frozensets(st.integers(2890, 3030), max_size=20)


@given(
    values=values,
    limits=st.none() | frozen,
    cadence=st.sampled_from(["hourly", "daily", "weekly", "monthly"]),
    scale=st.builds(
        Scale,
        st.sampled_from(["", "days", "an unusually long unit that somebody typed into a charter", "a\nb"]),
        st.sampled_from(["share", "duration", "count", "rate", "amount"]),
        st.none() | finite,
    ),
    marks=st.builds(Marks, some, some, some),
    width=st.integers(20, 90),
    height=st.integers(3, 20),
    data=st.data(),
)
def test_any_series_and_any_limits_give_a_chart_that_fits(  # noqa: PLR0913, PLR0917
    values: list[float | None],
    limits: FrozenLimits | None,
    cadence: Any,
    scale: Scale,
    marks: Marks,
    width: int,
    height: int,
    data: st.DataObject,
) -> None:
    cases = data.draw(st.just([]) | st.lists(st.none() | finite, min_size=len(values), max_size=len(values)))
    series = Series(first=2900, values=tuple(values), denominators=tuple(cases))
    text = control_chart(series, limits, Calendar(cadence), scale, marks, width=width, height=height)
    lines = text.splitlines()
    seen = [value for value in values[-width:] if value is not None]
    if not seen:
        assert lines == ["no data yet"]
        return
    assert text.isprintable() or set(text) - {"\n"} == {c for c in text if c.isprintable()}
    axis = next(i for i, line in enumerate(lines) if "└" in line)
    side = lines[axis].index("└")
    assert side <= 32
    assert all(len(line) <= side + 1 + width for line in lines)
    body = [line[side + 1 :] for line in lines[axis - height : axis]]
    drawn_points = sum(line.count(mark) for line in body for mark in "•✕▲○")
    assert drawn_points == len(seen)


@given(
    centre=st.floats(0, 1),
    sigma=st.floats(0, 1),
    sigma_z=st.floats(0, 5),
    kind=st.sampled_from(["individuals", "log_individuals", "p_prime"]),
    cases=st.floats(1e-3, 1e9),
)
def test_limits_are_those_of_the_evidence(
    centre: float, sigma: float, sigma_z: float, kind: Any, cases: float
) -> None:
    carried = FrozenLimits(
        chart=kind, centre=centre, sigma=sigma, sigma_z=sigma_z, n=20, first=2900, last=2919
    )
    theirs = evidence_limits.limits_at(evidence_limits.Limits(kind, centre, sigma, sigma_z, 20), cases)
    ours = limits_at(carried, cases)
    assert ours is not None
    assert all(math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("cases", [None, 0.0, -3.0])
def test_a_share_without_cases_has_no_limits(cases: float | None) -> None:
    assert limits_at(CALM.model_copy(update={"chart": "p_prime"}), cases) is None
