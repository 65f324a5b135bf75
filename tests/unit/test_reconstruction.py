"""Every event can be told from its command again, whatever people, sources and time do in whatever order."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from pydantic import BaseModel, ValidationError

from bst.verification import measurements
from bst.verification.walk import verify
from domain import commands as c
from domain import events as e
from domain.decide import decide
from domain.envelope import Envelope
from domain.measurement import Observation
from domain.pulses.bands import PulseResult
from domain.readback.records import ReadBackCount
from domain.reconstruction import NoCommand, command_of
from tests.lived import chained
from tests.unit.journey_scripts import Step, run, steps
from tests.unit.journeys import START, Play, begun, charter

# The scripts invent their evidence, which is not what these tests are about.
TRUSTED = MappingProxyType({1: lambda _, told: told})


@dataclass
class Written(Play):
    """A journey that is driven by hand, and written down."""

    journal: list[Envelope] = field(default_factory=list)

    def do(self, command: c.Command) -> tuple[e.Event, ...]:
        """Decide, fold, and write down."""
        events = super().do(command)
        self.write(events)
        return events

    def write(self, events: tuple[e.Event, ...]) -> None:
        """Add the events of one decision."""
        self.journal += [
            Envelope(team="claims", seq=seq, at=self.now, kind=event.kind, body=event.model_dump(mode="json"))
            for seq, event in enumerate(events, len(self.journal) + 1)
        ]


def written(**changes: Any) -> Written:
    events = decide(None, c.StartJourney(charter=charter(**changes)), START)
    play = Written(state=begun(**changes).state, events=events)
    play.write(events)
    return play


@given(steps)
@settings(max_examples=25, deadline=None)
def test_whatever_happens_can_be_decided_again(script: list[Step]) -> None:
    play = written()
    run(play, script)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measurements, "EVIDENCE", TRUSTED)
        found = verify("claims", chained(play.journal))
    assert found.ok, found.difference


@pytest.mark.parametrize("kind", get_args(e.Event), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_has_its_command_or_follows(kind: type[BaseModel]) -> None:
    """A new event needs a case in `domain.reconstruction`: its command, or that it follows from another."""
    empty = kind.model_construct(**{name: None for name in kind.model_fields if name != "kind"})
    # It is looked at, and lacks what it needs; what nobody thought of ends in assert_never instead.
    with suppress(NoCommand, AttributeError, TypeError, ValidationError):
        command_of(written().state, [empty])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (e.RegressionAverted(), "regression_averted follows from other events"),
        (e.JourneyStarted(charter=charter(), at=START), "the journey has begun already"),
    ],
)
def test_what_cannot_come_first_is_refused(event: e.Event, said: str) -> None:
    with pytest.raises(NoCommand, match=said):
        command_of(written().state, [event])


def test_a_journey_begins_with_its_start() -> None:
    with pytest.raises(NoCommand, match="begins with journey_started, not with journey_resumed"):
        command_of(None, [e.JourneyResumed(by="Ana")])


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(0, 7), (3, 7), (7, 7), (99_999_999, 100_000_000), (2.5, 9), (1, 3e-9)]
)
def test_what_was_counted_comes_back_from_its_share(numerator: float, denominator: float) -> None:
    source = {"kind": "manual"}
    outcome = charter().outcome.model_dump() | {"source": source, "measure": "rate"}
    play = begun(outcome=outcome)
    day = (START - timedelta(weeks=1)).date().isoformat()
    command = c.RecordValue(by="Ana", period=day, numerator=numerator, denominator=denominator)
    events = decide(play.state, command, play.now)
    assert isinstance(events[0], e.ValueRecorded)
    assert isinstance(events[0].observation, Observation)
    assert decide(play.state, command_of(play.state, events), play.now) == events


def test_what_the_answers_database_said_can_be_decided_again() -> None:
    """A read-back that is hindered, goes on and passes; pulses by time and by wish, judged and lost."""
    asked = {"situations": ("paid", "told", "filed"), "met": 3, "people": 3, "functions": 2}
    play = written(pulse={"k": 3}, forming={"read_back": asked}, milestones={}, stages={})
    play.confirm_all()
    play.do(c.OpenReadBack(by="Ana"))
    for said in ({"trouble": "no answer"}, {}):
        play.do(c.RecordReadBack(number=1, **said))
    for choices in (None, (0, 1, 4)):
        play.do(c.CloseReadBack(by="Ben"))
        count = ReadBackCount(people=5, functions=2, choices=choices)
        play.do(c.RecordReadBack(number=1, count=count))
    assert play.state.stage == "stability"
    high = PulseResult(answered=3, scales={"trust": "high", "equality": "high"})
    for number, command, result in ((1, c.OpenPulse(by="Ana"), high), (2, c.PassTime(), None)):
        play.now += timedelta(days=100)
        play.do(command)
        play.do(c.RecordPulse(number=number, trouble="no answer"))
        play.do(c.RecordPulse(number=number))
        play.do(c.RecordPulse(number=number, result=result, lost="" if result else "gone"))
    kinds = {event.kind for event in play.events}
    assert {"read_back_hindered", "read_back_continued", "read_back_counted"} <= kinds
    assert {"pulse_opened", "pulse_readied", "pulse_hindered", "pulse_closed"} <= kinds
    found = verify("claims", chained(play.journal))
    assert found.ok, found.difference
