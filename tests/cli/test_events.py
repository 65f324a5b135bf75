"""The journal as `bst events` shows it."""

from pathlib import Path

import pytest

from tests.cli.place import Place
from tests.programs import until


@pytest.fixture(scope="module")
def told(place: Place) -> str:
    """A team of which something is told: it was held and resumed."""
    team = place.stable()
    place.ask(lambda journeys: journeys.hold(team, by="Ana", reason="wrong data"))
    place.ask(lambda journeys: journeys.resume(team, by="Ben"))
    until(lambda: "Ben resumed" in place.bst("events", team).out)
    return team


def test_each_event_is_a_sentence(place: Place, told: str) -> None:
    ran = place.bst("events", told)
    assert ran.code == 0
    assert f"{told} began to form" in ran.out
    assert "measured: days to payment 11.2 days" in ran.out
    assert "\x1b" not in ran.out


def test_programs_get_the_record(place: Place, told: str) -> None:
    events = place.bst("events", told, "--json").json
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["kind"] == "journey_started"
    assert events[0]["body"]["charter"]["team"] == told
    stored = [event for event in events if event["journaled"]]
    assert [b["previous"] for b in stored[1:]] == [a["hash"] for a in stored[:-1]]
    held = next(event for event in events if event["kind"] == "journey_held")
    assert held["sentence"] == "Ana holds the journey: wrong data"


def test_a_part_can_be_asked_for(place: Place, told: str) -> None:
    everything = place.bst("events", told, "--json").json
    assert place.bst("events", told, "--last", "2", "--json").json == everything[-2:]
    assert place.bst("events", told, "--after", "3", "--json").json == everything[3:]
    newest = everything[-1]["seq"]
    assert f"the newest is {newest}" in place.bst("events", told, "--after", str(newest)).out


def test_a_name_that_is_not_there_suggests_one_that_is(place: Place, told: str) -> None:
    ran = place.bst("events", told + "x")
    assert ran.code == 2
    assert f"did you mean `{told}`?" in ran.err


def test_the_newest_events_are_shown_before_the_journal_has_them(place: Place) -> None:
    team, path = place.charter()
    assert place.bst("start", str(path)).code == 0
    until(lambda: bool(place.bst("events", team, "--json").json))

    events = place.bst("events", team, "--json").json
    waiting = [event for event in events if not event["journaled"]]

    # What was measured rides to the journal with the next measurement, a week from now.
    assert "measured" in {event["kind"] for event in waiting}
    assert {event["hash"] for event in waiting} == {None}
    assert events[-len(waiting) :] == waiting
    assert f"On their way to the journal: event {waiting[0]['seq']}" in place.bst("events", team).out

    # What reports a team has them too; what stands on the journal alone says how many it lacks.
    report = place.bst("report", team, "--json").json
    assert (report["events"], report["on_their_way"]) == (len(events), len(waiting))
    assert place.bst("report", team, "-o", "-", BST_HOME=str(place.folder)).err.startswith("No server")
    chart = place.bst("chart", team, "--json").json
    assert chart["metrics"][0]["observations"]
    newer = f"{len(waiting)} newer events are on the way to the journal"
    assert newer in place.bst("verify", team).out
    assert newer in place.bst("export", team).out


def test_a_running_journey_comes_out_when_it_is_played_anew(place: Place, told: str) -> None:
    ran = place.bst("what-if", told, "--set", "stages.optimization.margin=9")
    assert (ran.code, ran.err) == (0, "")
    assert "the record comes out, event by event" in ran.out


def test_the_journal_alone_is_read_where_no_server_answers(place: Place, told: str, tmp_path: Path) -> None:
    events = place.bst("events", told, "--json", BST_HOME=str(tmp_path)).json
    assert events
    assert all(event["journaled"] for event in events)
