"""After an outage: whatever was missed is there once, in answers that a payload can hold."""

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.measure import measure_all
from activities.reading import OBSERVATIONS_AT_ONCE, PAGE_PERIODS
from domain import commands as c
from domain.decide import decide, fold
from domain.measurement import TAIL_PERIODS, MeasureResult, MetricRequest, Series
from domain.periods import Calendar, period_of
from domain.schedule import measure_request
from domain.state import State
from tests.measuring import files, metric, request, sql
from tests.unit.journeys import begun

ZONE = "Europe/Berlin"
HOURS = Calendar("hourly", ZONE)
# The server's limit for one payload (bytes); beyond it a measurement could not be answered.
PAYLOAD = 2_000_000
QUERY = "select at as period, {column} as value from hours"


def hours_of(path: Path, first: datetime, hours: int, columns: int = 1) -> None:
    """Write a value an hour, each with its offset, because clocks are set back within them."""
    database = sqlite3.connect(path)
    names = [f"v{i}" for i in range(columns)]
    database.execute(f"create table hours (at text, {', '.join(names)})")
    rows = (((first + timedelta(hours=n)).isoformat(), *range(n, n + columns)) for n in range(hours))
    database.executemany(f"insert into hours values (?{', ?' * columns})", rows)
    database.commit()
    database.close()


def caught_up(asked: Any, root: Path, told: list[str]) -> list[MeasureResult]:
    """Measure as a journey does: again and again while there is more, going on from what was seen."""
    answers: list[MeasureResult] = []
    while not answers or answers[-1].more:
        answers.append(measure_all(asked, root, told.append))
        new = {result.name: result.observations for result in answers[-1].results}
        metrics = tuple(
            m.model_copy(update={"series": m.series.extended(new[m.name])}) for m in asked.metrics
        )
        asked = asked.model_copy(update={"metrics": metrics})
        assert len(answers) < 50
    return answers


def hourly(*metrics: MetricRequest, until: datetime) -> Any:
    return request(
        *metrics, cadence="hourly", zone=ZONE, as_of=until + timedelta(minutes=1), restated_within=12
    )


def test_a_week_without_a_worker_is_one_measurement_for_fifty_metrics(tmp_path: Path) -> None:
    first, hours = datetime(2026, 10, 20, tzinfo=UTC), 7 * 24  # clocks are set back on the 25th
    hours_of(tmp_path / "hours.db", first - timedelta(hours=24), 24 + hours, columns=50)
    seen = period_of(first, HOURS) - 1
    known = {f"v{i}": Series(first=seen - 1, values=(22.0 + i, 23.0 + i)) for i in range(50)}
    metrics = [
        metric(
            name=name,
            layer="support",
            source=sql("sqlite:///hours.db", QUERY.format(column=name)),
            series=old,
        )
        for name, old in known.items()
    ]

    [answer] = caught_up(hourly(*metrics, until=first + timedelta(hours=hours)), tmp_path, [])

    for i, result in enumerate(answer.results):
        assert result.trouble is None
        assert [(o.period, o.value) for o in result.observations] == [
            (seen + 1 + n, 24.0 + n + i) for n in range(hours)
        ]
        assert result.restated == ()
    assert len(answer.model_dump_json()) < PAYLOAD


def test_more_than_a_year_of_hours_come_in_answers_that_have_room(tmp_path: Path) -> None:
    first, hours = datetime(2024, 11, 1, tzinfo=UTC), OBSERVATIONS_AT_ONCE + 1_000
    hours_of(tmp_path / "hours.db", first, hours)
    known = Series(first=period_of(first, HOURS), values=(0.0,))
    about = metric(source=sql("sqlite:///hours.db", QUERY.format(column="v0")), series=known)
    told: list[str] = []

    answers = caught_up(hourly(about, until=first + timedelta(hours=hours)), tmp_path, told)

    found = Counter(o.period for answer in answers for o in answer.results[0].observations)
    assert set(found.values()) == {1}
    assert sorted(found) == list(range(known.first + 1, known.first + hours))
    assert [len(a.results[0].observations) <= OBSERVATIONS_AT_ONCE for a in answers] == [True, True]
    assert [answer.through for answer in answers] == [
        answer.results[0].observations[-1].period for answer in answers
    ]
    assert max(len(answer.model_dump_json()) for answer in answers) < PAYLOAD


def test_a_long_gap_is_passed_over_and_what_comes_after_it_is_read(tmp_path: Path) -> None:
    first, gap = datetime(2024, 11, 1, tzinfo=UTC), 4 * PAGE_PERIODS + 7
    hours_of(tmp_path / "hours.db", first + timedelta(hours=gap), 5)
    about = metric(
        source=sql("sqlite:///hours.db", QUERY.format(column="v0")),
        series=Series(first=period_of(first, HOURS), values=(1.0,)),
    )

    [answer] = caught_up(hourly(about, until=first + timedelta(hours=gap + 5)), tmp_path, [])

    assert [o.value for o in answer.results[0].observations] == [0, 1, 2, 3, 4]


def test_heartbeats_tell_which_page_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.turns._PULSE", 0.001)
    first, hours = datetime(2025, 1, 1, tzinfo=UTC), 3 * PAGE_PERIODS
    hours_of(tmp_path / "hours.db", first, hours)
    about = metric(source=sql("sqlite:///hours.db", QUERY.format(column="v0")))
    told: list[str] = []
    asked = hourly(about, until=first + timedelta(hours=hours))

    caught_up(asked.model_copy(update={"import_from": period_of(first, HOURS)}), tmp_path, told)

    assert told[-1] == "1 of 1 metrics"
    assert any(words.startswith("0 of 1 metrics; late days from 2025-0") for words in told)


def test_limits_begin_where_the_charter_says_however_long_the_import_is(tmp_path: Path) -> None:
    first, hours = datetime(2025, 1, 1, tzinfo=UTC), 3_000
    hours_of(tmp_path / "hours.db", first, hours)
    play = begun(
        cadence="hourly",
        stages={"stability": {"baseline_from": "2025-01-01"}},
        metrics=[],
        outcome=begun().state.charter.outcome.model_dump()
        | {"source": {"kind": "sql", "url": "sqlite:///hours.db", "query": QUERY.format(column="v0")}},
    )
    play.now = first + timedelta(hours=hours, minutes=1)

    state = measured_in(play.state, play.now, tmp_path)

    limits = state.limits["days to payment"]
    assert (limits.first, limits.n) == (period_of(first, Calendar("hourly")), 20)
    assert len(state.series["days to payment"].values) == TAIL_PERIODS
    assert state.through == period_of(first, Calendar("hourly")) + hours - 1


def measured_in(state: State, now: datetime, root: Path) -> State:
    """Measure until nothing more is wanted, as the journey's loop does."""
    while state.measures_served < state.measures_wanted:
        answer = measure_all(measure_request(state, now), root)
        after = fold(state, decide(state, c.RecordMeasurement(result=answer), now))
        assert after is not None
        state = after
    return state


def test_a_page_that_fails_takes_nothing_in(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("period,value\n2013-01-07,1\n2013-01-14,x\n")
    known = Series(first=2244, values=(5.0,))

    [result] = measure_all(request(metric(source=files("a.csv"), series=known)), tmp_path).results

    assert result.trouble is not None
    assert (result.observations, result.restated) == ((), ())
