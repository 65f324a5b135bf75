"""The journal as `bst events` shows it."""

import pytest

from tests.cli.place import Place
from tests.programs import until


@pytest.fixture(scope="module")
def told(place: Place) -> str:
    """A team of which something is told: it was held and resumed."""
    team = place.stable()
    place.ask(lambda journeys: journeys.hold(team, by="Ana", reason="red \x1b[31m data"))
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
    assert [b["previous"] for b in events[1:]] == [a["hash"] for a in events[:-1]]
    held = next(event for event in events if event["kind"] == "journey_held")
    assert held["sentence"] == "Ana holds the journey: red \x1b[31m data"


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
