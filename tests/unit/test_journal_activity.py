"""The activity `append_events`, with the store it runs on in the worker."""

from pathlib import Path

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.journal import APPEND_EVENTS, JournalActivities
from activities.journal_store import JournalStore
from domain.envelope import AppendEvents, Envelope
from tests.journal_events import TEAM, event, events, run_sql


def append(url: str, *envelopes: Envelope, team: str = TEAM) -> int:
    activities = JournalActivities(JournalStore(url))
    request = AppendEvents(team=team, envelopes=envelopes)
    answer: int = ActivityEnvironment().run(activities.append_events, request)
    return answer


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/journal.db"


def failure_of(url: str, *envelopes: Envelope, team: str = TEAM) -> ApplicationError:
    with pytest.raises(ApplicationError) as failed:
        append(url, *envelopes, team=team)
    return failed.value


def test_it_answers_with_the_last_seq_stored(url: str) -> None:
    assert APPEND_EVENTS == "append_events"
    assert [append(url, *events(1, 3)), append(url, *events(1, 2)), append(url, *events(3, 4))] == [3, 3, 4]


@pytest.mark.parametrize(
    ("envelopes", "team", "kind", "details", "says"),
    [
        ((event(2, kind="objected"),), TEAM, "JournalConflict", (), "Event 2"),
        ((event(5),), TEAM, "JournalGap", (2,), "ends with event 2"),
        ((event(3), event(5)), TEAM, "JournalRefused", (), "right after event 3"),
        ((), TEAM, "JournalRefused", (), "No event"),
        (
            (event(3),),
            "ua-ewr",
            "JournalRefused",
            (),
            f"Events of {TEAM} were handed over as those of ua-ewr",
        ),
    ],
)
def test_what_can_never_be_stored_is_a_final_failure(
    url: str, envelopes: tuple[Envelope, ...], team: str, kind: str, details: tuple[int, ...], says: str
) -> None:
    append(url, *events(1, 2))
    failure = failure_of(url, *envelopes, team=team)
    assert (failure.type, failure.non_retryable, tuple(failure.details)) == (kind, True, details)
    assert says in failure.message


def test_a_database_that_is_down_is_a_failure_to_retry_and_then_nothing_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/gone/journal.db"
    (tmp_path / "gone").write_text("a file where the folder should be")
    failure = failure_of(url, *events(1, 2))
    assert (failure.type, failure.non_retryable) == ("JournalUnavailable", False)
    (tmp_path / "gone").unlink()
    assert append(url, *events(1, 2)) == 2


def recorded(failure: ApplicationError) -> str:
    """Return what Temporal would write into the workflow's history."""
    written = Failure()
    converter = pydantic_data_converter
    converter.failure_converter.to_failure(failure, converter.payload_converter, written)
    assert not written.HasField("cause")
    return str(written)


def test_a_server_that_is_not_there_is_recorded_without_its_password() -> None:
    history = recorded(failure_of("postgresql+psycopg://bst:s3cret@127.0.0.1:1/journal", event(1)))
    assert "127.0.0.1" in history
    assert "s3cret" not in history


def test_a_statement_that_fails_is_recorded_without_sql_and_events(url: str) -> None:
    append(url, event(1))
    refuse = "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no space left'); END"
    run_sql(url, refuse)
    history = recorded(failure_of(url, event(2, body={"member": "m1a"})))
    assert "cannot be used now: no space left. Trying again is safe." in history
    assert [word for word in ("m1a", "INSERT", "VALUES") if word in history] == []
