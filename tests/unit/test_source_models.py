"""What a charter may say of an event log and of a plugin, and how it is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bst.charter_file import check_text
from bst.charter_rules import BASE, TODAY
from domain.sources import EventLogSource, PluginSource

LOG: dict[str, Any] = {
    "kind": "event_log",
    "events": {"kind": "files", "path": "events.csv"},
    "starts": ["filed"],
    "ends": ["paid"],
    "gives": "cycle_time",
}
PROMISE = {"gives": "within_promise", "within": "14 days"}


@pytest.mark.parametrize(
    ("changes", "settle"),
    [
        ({}, timedelta(0)),
        ({"settle": "2 days"}, timedelta(days=2)),
        (PROMISE, timedelta(days=14)),
        ({**PROMISE, "settle": "15 days"}, timedelta(days=15)),
    ],
)
def test_a_period_waits_until_its_cases_have_had_the_time(changes: dict[str, Any], settle: timedelta) -> None:
    source = EventLogSource.model_validate(LOG | changes)

    assert source.settle == settle
    assert EventLogSource.model_validate_json(source.model_dump_json()) == source


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gives": "within_promise"}, "needs `within`"),
        ({"within": "14 days"}, "has no `within`"),
        ({**PROMISE, "within": "0 days"}, "more than 0"),
        ({**PROMISE, "settle": "13 days"}, "`settle` is shorter than `within`"),
        ({"gives": "rework", "unit": "hours"}, "has no `unit`"),
        ({"events": {**LOG["events"], "settle": "1 day"}}, "`settle` belongs to the event log"),
        ({"ends": ["paid", "filed"]}, "`filed` is in `starts` and in `ends`"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        EventLogSource.model_validate(LOG | changes)


def test_bst_check_finds_what_is_wrong_in_the_events_of_a_log() -> None:
    log = "{kind: event_log, starts: [filed], ends: [paid], gives: cycle, events: {kind: csv, path: a.csv}}"
    source = "{kind: files, path: claims.csv}"

    said = {
        (p.code, p.where): p.message for p in check_text(BASE.replace(source, log), "a.yaml", TODAY).problems
    }

    assert "cycle_time" in said["S3", "outcome.source.gives"]
    assert "`files`" in said["S3", "outcome.source.events.kind"]


@pytest.mark.parametrize("value", [float("nan"), date(2027, 6, 30), {"deep": [float("inf")]}, "x" * 20_001])
def test_options_that_cannot_be_kept_are_refused(value: object) -> None:
    with pytest.raises(ValidationError, match=r"cannot be kept|at most"):
        PluginSource.model_validate({"kind": "plugin", "name": "feed", "options": {"x": value}})
