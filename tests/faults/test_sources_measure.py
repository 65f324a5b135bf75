"""One measurement over several sources: a fault of one is its own, and nothing is fetched or kept twice."""

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import CancelledError
from temporalio.testing import ActivityEnvironment

from activities.journal_store import JournalStore
from activities.measure import MeasureActivities, measure_all
from domain.measurement import MeasureTask, MetricResult, Observation, Series
from domain.periods import Calendar, label, start_of
from domain.sources import SqlSource
from tests.journal_events import TEAM, events
from tests.judging import calm
from tests.measuring import files, metric, reads_well, request, series, sql, week

FIRST = week("2013-01-07")
# The newest closed week at the `as_of` of these tests, Wednesday 2014-01-01.
LAST = week("2013-12-23")
ENDLESS = (
    "with recursive n(i) as (select 1 union all select i from n) "
    "select '2013-01-07' as period, count(*) as value from n"
)


def weekly(path: Path, values: list[float | None]) -> None:
    """Write values of the weeks from 2013-01-07 on."""
    rows = [f"{label(FIRST + i, Calendar('weekly'))},{'' if v is None else v}" for i, v in enumerate(values)]
    path.write_text("\n".join(["period,value", *rows]) + "\n")


def endless_database(root: Path) -> SqlSource:
    sqlite3.connect(root / "any.db").execute("create table t (x)").connection.close()
    return sql("sqlite:///any.db", ENDLESS)


def by_name(results: tuple[MetricResult, ...]) -> dict[str, MetricResult]:
    return {result.name: result for result in results}


def test_a_source_that_fails_never_hides_another(tmp_path: Path) -> None:
    weekly(tmp_path / "good.csv", [*calm(30)])
    weekly(tmp_path / "zero.csv", [*calm(29), 0.0])
    weekly(tmp_path / "gaps.csv", [None, None])
    known = Series(first=FIRST, values=tuple(calm(25)))
    asked = request(
        metric(name="good", source=files("good.csv")),
        metric(name="gone", layer="guardrail", source=files("gone.csv"), series=known),
        metric(name="zero", layer="support", measure="duration", source=files("zero.csv")),
        metric(name="gaps", layer="efficiency", source=files("gaps.csv")),
        metric(name="refused", layer="support", source=sql("${NOT_SET_ANYWHERE}", "select 1")),
        import_from=FIRST,
    )

    found = by_name(measure_all(asked, tmp_path).results)

    assert {name: r.trouble.code if r.trouble else None for name, r in found.items()} == {
        "good": None,
        "gone": "no_such_file",
        "zero": "bad_series",
        "gaps": "empty",
        "refused": "missing_variable",
    }
    assert len(found["good"].observations) == 30
    assert [found[name].observations for name in ("gone", "zero", "gaps", "refused")] == [()] * 4
    kept = found["gone"].evidence
    assert kept is not None
    assert (kept.n, kept.last_period, kept.limits is not None) == (25, FIRST + 24, True)
    for result in found.values():
        if result.trouble:
            reads_well(result.trouble.message, tmp_path)
    assert "2013-07-29 is 0" in (found["zero"].trouble.message if found["zero"].trouble else "")


def test_a_mistake_of_ours_is_one_line_with_the_details_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    weekly(tmp_path / "data.csv", [*calm(3)])
    folder_that_no_system_has = Path("\0")

    [result] = measure_all(request(metric(), import_from=FIRST), folder_that_no_system_has).results

    assert result.trouble is not None
    assert (result.trouble.code, result.trouble.message) == (
        "internal",
        "late days: a mistake of the program (ValueError); the worker's log has the details.",
    )
    assert "Traceback" in caplog.text


def test_a_metric_reads_on_from_the_last_period_seen(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [*([999.0] * 20), *calm(10)])
    known = Series(first=FIRST, values=tuple(calm(20)))

    [result] = measure_all(request(metric(series=known), import_from=0), tmp_path).results

    assert [o.period for o in result.observations] == list(range(FIRST + 20, FIRST + 30))
    assert result.evidence is not None
    assert (result.evidence.n, result.evidence.control and result.evidence.control.outside) == (30, ())


def test_the_first_import_begins_where_the_journey_says(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [*calm(30)])

    [result] = measure_all(request(metric(), import_from=FIRST + 28), tmp_path).results

    assert [o.period for o in result.observations] == [FIRST + 28, FIRST + 29]


@pytest.mark.parametrize(
    ("settle", "through"),
    [
        (timedelta(0), LAST),
        (timedelta(days=2), LAST),
        (timedelta(days=2, seconds=1), LAST - 1),
        (timedelta(days=30), LAST - 4),
    ],
)
def test_what_may_still_change_is_not_read(tmp_path: Path, settle: timedelta, through: int) -> None:
    weekly(tmp_path / "data.csv", [*calm(60)])
    source = files("data.csv").model_copy(update={"settle": settle})

    answer = measure_all(request(metric(source=source), import_from=FIRST), tmp_path)

    assert answer.through == through
    assert answer.results[0].observations[-1].period == through


def test_through_is_that_of_the_outcome(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [*calm(60)])
    slow = files("data.csv").model_copy(update={"settle": timedelta(days=9)})
    asked = request(
        metric(name="quick", layer="support"), metric(name="outcome", source=slow), import_from=FIRST
    )

    answer = measure_all(asked, tmp_path)

    assert answer.through == LAST - 1
    assert [r.observations[-1].period for r in answer.results] == [LAST, LAST - 1]


def test_where_nothing_is_due_no_source_is_asked(tmp_path: Path) -> None:
    seen = Series(first=LAST, values=(10.0,))

    [result] = measure_all(request(metric(series=seen, source=files("gone.csv"))), tmp_path).results

    assert (result.trouble, result.observations) == (None, ())


def test_a_weeks_outage_with_fifty_metrics_is_caught_up_at_once(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [*calm(51)])
    known = Series(first=FIRST, values=tuple(calm(40)))
    metrics = [metric(name=f"m{i}", layer="support", series=known) for i in range(50)]

    results = measure_all(request(*metrics), tmp_path).results

    assert [r.name for r in results] == [m.name for m in metrics]
    assert {tuple(o.period for o in r.observations) for r in results} == {tuple(range(FIRST + 40, LAST + 1))}


def test_a_retry_gives_the_same_answer(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [*calm(40)])
    asked = request(metric(promise=10.5, target=9.5), import_from=FIRST)

    assert measure_all(asked, tmp_path).model_dump_json() == measure_all(asked, tmp_path).model_dump_json()


def test_cancelling_ends_the_queries_that_run(tmp_path: Path) -> None:
    endless = endless_database(tmp_path)
    asked = request(
        *[metric(name=f"m{i}", layer="support", source=endless) for i in range(10)], import_from=0
    )
    environment, beats = ActivityEnvironment(), []
    environment.on_heartbeat = lambda *details: beats.append((time.monotonic(), details))
    measuring = MeasureActivities(tmp_path)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(environment.run, measuring.measure, MeasureTask(request=asked))
        while not beats:
            time.sleep(0.05)
        cancelled_at = time.monotonic()
        environment.cancel()
        with pytest.raises(CancelledError):
            running.result(timeout=20)

    assert time.monotonic() - cancelled_at < 5
    assert beats[0][1] == ("0 of 10 metrics",)
    assert [t.name for t in threading.enumerate() if t.name.startswith(("measure", "statement"))] == []


class TestJournal:
    def measure(self, tmp_path: Path, store: JournalStore | None, **pending: Any) -> Any:
        weekly(tmp_path / "data.csv", [*calm(3)])
        task = MeasureTask(request=request(metric(), import_from=FIRST), **pending)
        return ActivityEnvironment().run(MeasureActivities(tmp_path, store).measure, task)

    def test_it_rides_along(self, tmp_path: Path) -> None:
        store = JournalStore(f"sqlite:///{tmp_path / 'journal.db'}")

        first = self.measure(tmp_path, store, pending=events(1, 3))
        again = self.measure(tmp_path, store, pending=events(2, 5))
        none = self.measure(tmp_path, store)

        assert [(a.journaled, a.journal_trouble) for a in (first, again, none)] == [
            (3, None),
            (5, None),
            (None, None),
        ]
        assert store.last_seq(TEAM) == 5
        store.close()

    def test_one_that_cannot_be_written_never_stops_the_measuring(self, tmp_path: Path) -> None:
        (tmp_path / "journal.db").write_bytes(b"no database, " * 500)
        store = JournalStore(f"sqlite:///{tmp_path / 'journal.db'}")

        answer = self.measure(tmp_path, store, pending=events(1, 3))

        assert answer.journaled is None
        assert answer.journal_trouble
        assert "\n" not in answer.journal_trouble
        assert len(answer.result.results[0].observations) == 3
        store.close()

    def test_a_worker_without_one_says_nothing_of_it(self, tmp_path: Path) -> None:
        answer = self.measure(tmp_path, None, pending=events(1, 3))

        assert (answer.journaled, answer.result.results[0].trouble) == (None, None)


def test_what_is_answered_is_what_json_carries(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [1 / 3, 2 / 3, 1e-17, 12_345_678.9])
    answer = measure_all(request(metric(), import_from=FIRST), tmp_path)

    again = type(answer).model_validate(json.loads(answer.model_dump_json()))

    assert again == answer
    assert [o.value for o in answer.results[0].observations] == [1 / 3, 2 / 3, 1e-17, 12_345_678.9]


def test_a_source_that_revises_an_old_value_changes_nothing_that_was_seen(tmp_path: Path) -> None:
    weekly(tmp_path / "data.csv", [777.0, 10.0])
    known = series([10.0], first=FIRST)

    [result] = measure_all(request(metric(series=known)), tmp_path).results

    assert result.observations == (Observation(period=FIRST + 1, value=10.0),)
    assert start_of(FIRST, Calendar("weekly")).isoformat().startswith("2013-01-07")
