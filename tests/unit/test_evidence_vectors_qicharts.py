"""Our control charts and run charts agree with those of qicharts2, number by number.

Where we differ on purpose, the test and `docs/decisions/evidence.md` say so.
"""

from typing import Any

import pytest

from evidence.limits import Chart, Limits, freeze_limits, limits_at
from evidence.rangechart import range_chart
from evidence.ranges import D2
from evidence.runchart import anhoej_bounds, run_chart
from evidence.signals import judge
from tests.vectors import ACROSS_ENGINES, WITHIN, Reference, cases, indices, needs_vectors, vectors

pytestmark = needs_vectors

CHARTS: dict[str, Chart] = {
    "qic_i": "individuals",
    "qic_c": "c",
    "qic_p": "p",
    "qic_pp": "p_prime",
    "qic_u": "u",
    "qic_up": "u_prime",
    "qic_ip": "weighted",
    "qic_g": "g",
    "qic_t": "t",
}
# It divides moving ranges by 1.128 (on its weighted chart by our 1.1283791...): sigmas differ by that, and by
# nothing else.
FROM_CENTRE: frozenset[Chart] = frozenset({"c", "p", "u", "g"})
ROUNDED: frozenset[Chart] = frozenset({"individuals", "p_prime", "u_prime", "t"})
QIC = D2 / 1.128


class Phase:
    """The points from one part to the next, those that limits come from, and those left out."""

    def __init__(self, case: dict[str, Any], expected: Reference, start: int, end: int) -> None:
        options, given = case["options"] or {}, case["input"]
        self.at = slice(start, end)
        self.cases = given["n"] and [float(n) for n in given["n"][self.at]]
        self.values = given["value"][self.at]
        if self.cases:
            self.values = [v / n for v, n in zip(self.values, self.cases, strict=True)]
        self.frozen = None if "part" in options else options.get("freeze")
        self.excluded = frozenset(i - 1 - start for i in options.get("exclude", []) if start < i <= end)
        self.kept = [v for i, v in enumerate(self.values) if i not in self.excluded]
        self.expected = expected

    def __getitem__(self, key: str) -> list[Any]:
        column: list[Any] = self.expected[key][self.at]
        return column

    def limits(self, chart: Chart) -> Limits:
        base = slice(0, self.frozen)
        return freeze_limits(
            self.values[base],
            self.cases and self.cases[base],
            chart,
            screen=chart not in FROM_CENTRE,
            explained=self.excluded,
        )

    def runs_agree(self, centre: float, points: list[float]) -> None:
        found = run_chart(points, centre)
        for key, ours in (
            ("n.obs", len(points)),
            ("n.useful", found.useful),
            ("longest.run", found.longest_run),
            ("longest.run.max", found.longest_run_max),
            ("n.crossings", found.crossings),
            ("n.crossings.min", found.crossings_min),
            ("runs.signal", found.signal),
        ):
            assert set(self[key]) == {ours}, key


def parts(case: dict[str, Any], expected: Reference) -> list[Phase]:
    numbers = expected["part"]
    starts = [i for i, number in enumerate(numbers) if i == 0 or number != numbers[i - 1]]
    return [Phase(case, expected, a, b) for a, b in zip(starts, [*starts[1:], len(numbers)], strict=True)]


@pytest.mark.parametrize("case", cases(*CHARTS))
def test_control_charts_agree_with_qicharts2(case: dict[str, Any]) -> None:
    chart, expected = CHARTS[case["kind"]], Reference(case["expected"])
    engine = QIC if chart in ROUNDED else 1.0
    for part in parts(case, expected):
        limits = part.limits(chart)
        signals = judge(part.values, part.cases, limits, direction="up")
        assert part["y"] == pytest.approx(part.values, rel=WITHIN)
        assert indices(part["sigma.signal"]) == list(signals.outside)
        for i in range(len(part.values)):
            size = part.cases[i] if part.cases else None
            _, centre, high = limits_at(limits, size)
            assert part["cl"][i] == pytest.approx(centre, rel=WITHIN)
            assert part["ucl"][i] == pytest.approx(high, rel=ACROSS_ENGINES)
            theirs = Limits(chart, limits.centre, limits.sigma * engine, limits.sigma_z, limits.n)
            narrower = Limits(chart, limits.centre, theirs.sigma * 2 / 3, limits.sigma_z, limits.n)
            for keys, ours in ((("lcl", "ucl"), theirs), (("lcl.95", "ucl.95"), narrower)):
                if ours is narrower and chart == "g":
                    continue  # g limits start from the mean, ours from the median: they meet at three sigma
                low, _, high = limits_at(ours, size)
                slack = WITHIN * (1 + abs(high))
                assert part[keys[1]][i] == pytest.approx(high, abs=slack), keys
                # A lower limit that no value can reach is left out by some charts, and 0 by others.
                assert (part[keys[0]][i] or 0.0) == pytest.approx(low, abs=slack), keys
        part.runs_agree(limits_at(limits, part.cases[0] if part.cases else None)[1], part.kept)
    expected.all_compared()


@pytest.mark.parametrize("case", cases("qic_mr"))
def test_moving_range_charts_agree_with_qicharts2(case: dict[str, Any]) -> None:
    expected = Reference(case["expected"])
    (part,) = parts(case, expected)
    ours = range_chart(part.values, part.limits("individuals"))
    assert part["y"][1:] == pytest.approx(list(ours.ranges), rel=WITHIN)
    assert part["y"][0] is None
    each = len(part.values)
    assert part["cl"] == pytest.approx([ours.centre] * each, rel=WITHIN)
    assert part["ucl"] == pytest.approx([ours.upper] * each, rel=ACROSS_ENGINES)
    assert part["ucl"] == pytest.approx([3.267 * ours.centre] * each, rel=WITHIN)
    assert part["ucl.95"] == pytest.approx([3.267 * ours.centre * 2 / 3] * each, rel=WITHIN)
    assert set(part["lcl"]) == set(part["lcl.95"]) == {0}  # a range has no lower limit
    assert indices(part["sigma.signal"]) == list(ours.beyond)
    found = run_chart(ours.ranges, ours.centre)
    assert set(part["n.useful"]) == {found.useful}
    assert set(part["longest.run"]) == {found.longest_run}
    assert set(part["n.crossings"]) == {found.crossings}
    assert set(part["runs.signal"]) == {found.signal}
    bounds = anhoej_bounds(found.useful)
    assert (set(part["longest.run.max"]), set(part["n.crossings.min"])) == ({bounds[0]}, {bounds[1]})
    expected.all_compared(but={"n.obs": "counts the first point, which has no step"})


@pytest.mark.parametrize("case", cases("qic_run"))
def test_run_charts_agree_with_qicharts2(case: dict[str, Any]) -> None:
    expected = Reference(case["expected"])
    for part in parts(case, expected):
        own = run_chart(part.values[: part.frozen]).centre
        assert set(part["cl"]) == {own}
        assert part["y"] == part.values
        part.runs_agree(own, part.values)
        no_limits = [part[key] for key in ("lcl", "ucl", "lcl.95", "ucl.95")]
        assert {x for column in no_limits for x in column} == {None}
        assert not any(part["sigma.signal"])
    expected.all_compared()


def test_anhoejs_bounds_agree_with_the_published_table() -> None:
    rows = vectors("spc_vectors.json")["anhoej_limits_n5_100"]
    assert [row["n_useful"] for row in rows] == list(range(5, 101))
    for row in rows:
        assert anhoej_bounds(row["n_useful"]) == (row["longest_run_max"], row["crossings_min"])
