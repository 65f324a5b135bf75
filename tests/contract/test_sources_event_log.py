"""The `event_log` source: counted by hand, the same from every place that events come from."""

import csv
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pytest
from sqlalchemy import NullPool, create_engine, text

from activities.measure import measure_all
from domain.measurement import Observation, Series
from domain.periods import Calendar, label, period_of
from domain.sources import EventLogSource
from tests.measuring import failure, metric, read, reads_well, request, week

# Case, activity, moment, automated. D is opened again, F began before the log, G ended before it began.
LOG = [
    ("A", "filed", "2013-01-07 00:00:00", 0), ("A", "checked", "2013-01-08 00:00:00", 1),
    ("A", "paid", "2013-01-09 00:00:00", 0),
    ("B", "filed", "2013-01-08 00:00:00", 0), ("B", "checked", "2013-01-09 00:00:00", 1),
    ("B", "checked", "2013-01-10 00:00:00", 1), ("B", "paid", "2013-01-12 00:00:00", 0),
    ("C", "filed", "2013-01-09 00:00:00", 0), ("C", "paid", "2013-01-20 00:00:00", 0),
    ("D", "filed", "2013-01-16 00:00:00", 0), ("D", "checked", "2013-01-16 12:00:00", 1),
    ("D", "paid", "2013-01-17 00:00:00", 0), ("D", "filed", "2013-01-18 00:00:00", 0),
    ("D", "paid", "2013-01-25 00:00:00", 0),
    ("E", "filed", "2013-01-22 00:00:00", 0),
    ("F", "paid", "2013-01-22 00:00:00", 0),
    ("G", "paid", "2013-01-21 00:00:00", 0), ("G", "filed", "2013-01-22 00:00:00", 0),
    ("G", "paid", "2013-01-24 00:00:00", 0),
]  # fmt: skip
TABLE = "create table events (claim varchar(20), step varchar(20), moment {time}, robot int)"
ALIASES = 'claim as "case", step as activity, moment as "timestamp", robot as automated'


@pytest.fixture(scope="module")
def postgres_events(postgres_url: str) -> Iterator[str]:
    yield from _served(postgres_url, "timestamptz")


@pytest.fixture(scope="module")
def mariadb_events(mariadb_url: str) -> Iterator[str]:
    yield from _served(mariadb_url, "datetime")


def _served(url: str, time: str) -> Iterator[str]:
    engine = create_engine(url, poolclass=NullPool)
    rows = [dict(zip("cstr", event, strict=True)) for event in LOG]
    with engine.begin() as connection:
        connection.exec_driver_sql(TABLE.format(time=time))
        if time == "timestamptz":
            connection.execute(text("set timezone to 'UTC'"))
        connection.execute(text("insert into events values (:c, :s, :t, :r)"), rows)
    yield url
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table events")


@pytest.fixture(params=["csv", "parquet", "sqlite", "duckdb", "postgres", "mariadb"])
def events(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The same events from each place."""
    query = f"select {ALIASES} from events"
    match request.param:
        case "csv":
            _write_csv(tmp_path / "events.csv")
            return {"kind": "files", "path": "events.csv", "query": query.replace("from events", "from data")}
        case "parquet":
            _write_csv(tmp_path / "events.csv")
            duckdb.sql(f"copy (from '{tmp_path}/events.csv') to '{tmp_path}/events.parquet'")
            return {"kind": "files", "path": "*.parquet", "query": query.replace("from events", "from data")}
        case "sqlite":
            with sqlite3.connect(tmp_path / "e.db") as made:
                made.execute(TABLE.format(time="text"))
                made.executemany("insert into events values (?, ?, ?, ?)", LOG)
            made.close()
            return {"kind": "sql", "url": "sqlite:///e.db", "query": query}
        case "duckdb":
            with duckdb.connect(tmp_path / "e.duckdb") as connection:
                connection.execute(TABLE.format(time="timestamp"))
                connection.executemany("insert into events values (?, ?, ?, ?)", LOG)
            return {"kind": "sql", "url": "duckdb:///e.duckdb", "query": query}
        case "mariadb":
            url = request.getfixturevalue("mariadb_events")
            return {"kind": "sql", "url": url, "query": query.replace('"', "`")}
        case kind:
            return {"kind": "sql", "url": request.getfixturevalue(f"{kind}_events"), "query": query}


def _write_csv(path: Path, log: list[Any] = LOG) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["claim", "step", "moment", "robot"])
        writer.writerows(log)


def event_log(events: dict[str, str], gives: str, **options: Any) -> EventLogSource:
    ends = {"starts": ["filed"], "ends": ["paid"]}
    return EventLogSource.model_validate(
        {"kind": "event_log", "events": events, "gives": gives, **ends, **options}
    )


def told(observations: tuple[Observation, ...]) -> list[tuple[int, float, float | None]]:
    """Return (weeks after the first, value or numerator, denominator)."""
    return [
        (o.period - week("2013-01-07"), round(o.value * (o.denominator or 1), 6), o.denominator)
        for o in observations
    ]


@pytest.mark.parametrize(
    ("gives", "options", "expected", "left_out"),
    [
        ("cycle_time", {}, [(0, 3, None), (1, 6, None), (2, 2, None)], 1),
        ("cycle_time", {"unit": "hours"}, [(0, 72, None), (1, 144, None), (2, 48, None)], 1),
        ("within_promise", {"within": "5 days"}, [(0, 2, 3), (1, 1, 1), (2, 1, 2)], 0),
        ("rework", {}, [(0, 1, 2), (1, 0, 2), (2, 0, 1)], 1),
        ("automated", {}, [(0, 3, 7), (1, 1, 5), (2, 0, 2)], 1),
    ],
)
def test_what_the_events_tell(
    events: dict[str, str],
    tmp_path: Path,
    gives: str,
    options: dict[str, str],
    expected: list[tuple[int, float, float | None]],
    left_out: int,
) -> None:
    found = read(event_log(events, gives, **options), tmp_path, through="2013-01-21")

    assert told(found) == expected
    assert [o.left_out for o in found] == [None, None, left_out]


@pytest.fixture
def csv_events(tmp_path: Path) -> dict[str, str]:
    _write_csv(tmp_path / "events.csv")
    return {"kind": "files", "path": "events.csv", "query": f"select {ALIASES} from data"}


@pytest.mark.parametrize(
    ("gives", "through", "left_out"),
    [
        ("cycle_time", "2013-01-07", 1),  # C is open when the week is over
        ("cycle_time", "2013-01-14", 0),
        ("within_promise", "2013-01-07", 1),  # D begins while the week's cases have their five days
        ("within_promise", "2013-01-14", 2),  # E and G do
    ],
)
def test_how_many_were_left_out_is_as_of_the_moment_at_which_the_period_may_be_read(
    csv_events: dict[str, str], tmp_path: Path, gives: str, through: str, left_out: int
) -> None:
    options = {"within": "5 days"} if gives == "within_promise" else {}

    found = read(event_log(csv_events, gives, **options), tmp_path, through=through)

    assert found[-1].left_out == left_out


def test_a_period_stays_what_it_was_when_more_happens(csv_events: dict[str, str], tmp_path: Path) -> None:
    log = event_log(csv_events, "cycle_time")
    before = read(log, tmp_path, through="2013-01-14")
    late = [("A", "checked", "2013-02-01", 0), ("A", "paid", "2013-02-02", 0), ("H", "paid", "2013-01-09", 0)]
    _write_csv(tmp_path / "events.csv", [*LOG, *late])

    assert read(log, tmp_path, through="2013-01-14") == before


def test_the_evidence_says_how_many_were_left_out(csv_events: dict[str, str], tmp_path: Path) -> None:
    gauge = metric(
        source=event_log(csv_events, "within_promise", within="5 days").model_dump(mode="json"),
        measure="share",
        direction="up",
        unit="share",
    )
    # Five days after the week of 14 January: the next week's cases have not had the time yet.
    asked = request(gauge, as_of=datetime(2013, 1, 27, tzinfo=UTC), import_from=week("2013-01-07"))

    [result] = measure_all(asked, tmp_path).results

    assert result.trouble is None
    assert [o.period for o in result.observations] == [week("2013-01-07"), week("2013-01-14")]
    assert result.evidence is not None
    assert result.evidence.left_out == 2
    kept = Series().extended(result.observations)
    [again] = measure_all(
        request(gauge.model_copy(update={"series": kept}), as_of=asked.as_of), tmp_path
    ).results
    assert again.observations == ()
    assert again.evidence is not None
    assert again.evidence.left_out == 2


def test_days_and_weeks_are_those_of_the_charters_zone(tmp_path: Path) -> None:
    # A Sunday evening of Bogota is Monday morning of UTC; what has no offset is of Bogota's clocks.
    log = [
        ("A", "filed", "2013-01-14T01:00:00Z", 0), ("A", "paid", "2013-01-14T02:00:00Z", 0),
        ("B", "filed", "2013-01-14T01:00:00-05:00", 0), ("B", "paid", "2013-01-14T03:00:00-05:00", 0),
    ]  # fmt: skip
    _write_csv(tmp_path / "events.csv", log)
    events = {"kind": "files", "path": "events.csv", "query": f"select {ALIASES} from data"}

    found = read(event_log(events, "cycle_time", unit="hours"), tmp_path, zone="America/Bogota")

    assert told(found) == [(0, 1, None), (1, 2, None)]


def test_a_clock_change_neither_makes_nor_takes_time(tmp_path: Path) -> None:
    log = [("A", "filed", "2013-03-30 12:00:00", 0), ("A", "paid", "2013-03-31 12:00:00", 0)]
    _write_csv(tmp_path / "events.csv", log)
    events = {"kind": "files", "path": "events.csv", "query": f"select {ALIASES} from data"}

    [berlin] = read(event_log(events, "cycle_time", unit="hours"), tmp_path, zone="Europe/Berlin")
    [utc] = read(event_log(events, "cycle_time", unit="hours"), tmp_path)

    assert (berlin.value, utc.value) == (23, 24)


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_counting_case_by_case(tmp_path: Path, seed: int) -> None:
    log = _random_log(seed)
    _write_csv(tmp_path / "events.csv", log)
    events = {"kind": "files", "path": "events.csv", "query": f"select {ALIASES} from data"}
    for gives in ("cycle_time", "within_promise", "rework", "automated"):
        options = {"within": "3 days"} if gives == "within_promise" else {}
        found = read(event_log(events, gives, **options), tmp_path, cadence="daily", since=None)

        counted = _counted(log, gives)
        days = {label(o.period, Calendar("daily")): (round(o.value, 6), o.denominator) for o in found}
        assert days == {day: (round(value, 6), of) for day, (value, of) in counted.items()}


def _random_log(seed: int) -> list[tuple[str, str, str, int]]:
    chance = random.Random(seed)
    begin = datetime(2013, 1, 7, tzinfo=UTC)
    steps = ["filed", "checked", "asked", "paid"]
    return [
        (
            f"case {chance.randrange(40)}",
            chance.choice(steps),
            (begin + timedelta(minutes=chance.randrange(60 * 24 * 60))).strftime("%Y-%m-%d %H:%M:%S"),
            chance.randrange(2),
        )
        for _ in range(300)
    ]


def _counted(log: list[tuple[str, str, str, int]], gives: str) -> dict[str, tuple[float, float | None]]:
    """Count in the plainest way: one case after the other."""
    cases: defaultdict[str, list[tuple[datetime, str, int]]] = defaultdict(list)
    for case, step, at, robot in log:
        cases[case].append((datetime.fromisoformat(at).replace(tzinfo=UTC), step, robot))
    days: defaultdict[str, list[Any]] = defaultdict(list)
    for happened in cases.values():
        begins = [at for at, step, _ in happened if step == "filed"]
        if not begins:
            continue
        ends = [at for at, step, _ in happened if step == "paid" and at >= min(begins)]
        took = min(ends) - min(begins) if ends else None
        if gives == "within_promise":
            days[str(min(begins).date())].append(took is not None and took <= timedelta(days=3))
        elif took is not None:
            steps = [(step, robot) for at, step, robot in happened if min(begins) <= at <= min(ends)]
            names = [step for step, _ in steps]
            day = str(min(ends).date())
            if gives == "cycle_time":
                days[day].append(took / timedelta(days=1))
            elif gives == "rework":
                days[day].append(len(set(names)) < len(names))
            else:
                days[day] += [robot == 1 for _, robot in steps]
    if gives == "cycle_time":
        return {day: (median(found), None) for day, found in days.items()}
    return {day: (sum(found) / len(found), len(found)) for day, found in days.items()}


# A change of the log or the source, the code, and what the sentence must say.
FAULTS: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("select claim, step as activity, moment as timestamp from data", {}, "no_such_column",
     ["no column case or case_id", "claim VARCHAR", "case, activity, timestamp"]),
    ('select claim as case_id, claim as "case", step as activity, moment as timestamp from data', {},
     "no_such_column", ["both case"]),
    ("select claim as case_id, step as activity, moment as timestamp from data", {"gives": "automated"},
     "no_such_column", ["no column automated"]),
    ("select claim as case_id, step as activity, 7 as timestamp from data", {}, "bad_event",
     ["timestamp is of type INTEGER"]),
    ("select claim as case_id, step as activity, 'May 3' as timestamp from data", {}, "bad_event",
     ["19 of 19 events", "no timestamp", "'May 3'"]),
    ("select nullif(claim, 'A') as case_id, step as activity, moment as timestamp from data", {}, "bad_event",
     ["3 of 19 events have no case", "is not null"]),
    ("select claim as case_id, step as activity, moment as timestamp, 'perhaps' as automated from data",
     {"gives": "automated"}, "bad_event", ["no automated", "'perhaps'"]),
    ("select claim as case_id, step as activity, moment as timestamp from data", {"starts": ["Filed"]},
     "bad_event", ["`starts` names 'Filed'", "'filed'"]),
    ("select claim as case_id, step as activity, moment as timestamp from data", {"ends": ["settled"]},
     "empty", ["`ends` (settled)", "there are paid, filed, checked"]),
    ("select claim as case_id, step as activity, moment as timestamp from data where false", {}, "empty",
     ["no event"]),
    ("select i as case_id, 'step ' || i as activity, moment as timestamp from data, range(1001) t(i)", {},
     "bad_event", ["more than 1,000 different activities"]),
    ("select * from dat", {}, "no_such_table", ["dat"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "options", "code", "words"), FAULTS)
def test_a_fault_of_the_events(
    csv_events: dict[str, str],
    tmp_path: Path,
    query: str,
    options: dict[str, Any],
    code: str,
    words: list[str],
) -> None:
    source = event_log({**csv_events, "query": query}, **{"gives": "cycle_time", **options})

    found, sentence = failure(source, tmp_path)

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
    reads_well(sentence, tmp_path)


def test_a_server_with_more_events_than_can_be_taken_is_refused(
    postgres_events: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.sources.event_log._STREAMED_EVENTS", 10)
    events = {"kind": "sql", "url": postgres_events, "query": f"select {ALIASES} from events"}

    code, sentence = failure(event_log(events, "cycle_time"), tmp_path)

    assert (code, "more than 10 rows" in sentence) == ("too_many_rows", True)


def test_since_can_leave_old_cases_out(postgres_events: str, tmp_path: Path) -> None:
    query = (
        f"select {ALIASES} from events where claim in "
        "(select claim from events where step = 'paid' and moment >= :since and moment < :until)"
    )
    events = {"kind": "sql", "url": postgres_events, "query": query}

    found = read(event_log(events, "cycle_time"), tmp_path, since="2013-01-21", through="2013-01-21")

    assert told(found) == [(2, 2, None)]
    assert [o.period for o in found] == [period_of(datetime(2013, 1, 24, tzinfo=UTC), Calendar("weekly"))]
