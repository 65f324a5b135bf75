"""What the demo tells of a journal, and what it says at the end."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.journal_store import JournalStore
from bst.demo.cast import FIRST_DAY, teams
from bst.demo.ending import holding, newest
from bst.demo.telling import Teller
from domain import events as e
from domain.ballots import Advance, Ballot
from domain.envelope import Envelope
from domain.measurement import Control, MeasureResult, MetricEvidence, MetricResult, Observation
from domain.periods import Calendar, parse_label
from domain.state import State
from domain.verdicts import GateEvaluation, Verdict
from domain.views import status

STORM = "2013-06-24"
STOOD = status(State(charter=teams()[0].charter, entered_at=FIRST_DAY, stage="stability"))
MONDAY = datetime(2013, 7, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    journal = JournalStore(f"sqlite:///{tmp_path / 'journal.db'}")
    yield journal
    journal.close()


def measured(value: float, *, outside: bool, new: bool = True) -> e.Measured:
    charter = teams()[0].charter
    week = parse_label(STORM, Calendar("weekly"))
    evidence = MetricEvidence(
        n=20,
        last_period=week,
        last_value=value,
        control=Control(
            judged=8,
            window=(week - 7, week),
            outside=(week,) if outside else (),
            runs=(),
            bad=(),
            lower=0.687,
            upper=0.93,
        ),
    )
    found = MetricResult(
        name=charter.outcome.metric,
        observations=(Observation(period=week, value=value),) if new else (),
        evidence=evidence,
    )
    return e.Measured(result=MeasureResult(as_of=MONDAY, through=week, results=(found,)))


def gate(*, is_open: bool) -> e.GateEvaluated:
    verdicts = [
        ("functions", "all"),
        ("limits", "centre 80.9 %, on 12 points"),
        ("limits:share of flights cancelled", "centre 2.3 %, on 12 points"),
        ("control", "8 of 8 points judged, none out"),
        ("promise", "in 7 of 8"),
        ("guardrail:share of flights cancelled", "at worst +0.0 points"),
    ]
    return e.GateEvaluated(
        gate=GateEvaluation(
            stage="stability",
            verdicts=tuple(
                Verdict(
                    criterion=code,
                    status="met" if is_open else "not_met",
                    title=code,
                    actual=actual,
                    needed="",
                )
                for code, actual in verdicts
            ),
            digest="",
        )
    )


def opened() -> e.BallotOpened:
    return e.BallotOpened(
        ballot=Ballot(
            id="b1",
            proposal=Advance(stage="stability", to="optimization"),
            digest="",
            round=1,
            opened_at=MONDAY,
            closes_at=MONDAY + timedelta(days=7),
            voters=("Maya", "Omar"),
        )
    )


OBJECTED = e.ObjectionRaised(ballot="b1", by="Omar", objection="stops_my_work", reason="no crew")
CLOSED = e.BallotClosed(ballot="b1", outcome="objected", reason="everybody answered", at=MONDAY)
OPEN_ON = (
    "the gate of stability is open: centre 80.9 %, on 12 points; 8 of 8 points judged, none out; "
    "promise kept in 7 of 8; share of flights cancelled at worst +0.0 points"
)
OPENED = "ballot b1 opened, round 1: go on from stability to optimization; it closes 2013-07-08 00:00 UTC"
FEARED = e.RegressionFeared(streak=2, until=MONDAY)


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([measured(0.8, outside=False)], []),
        (
            [measured(0.629, outside=True)],
            ["the week of 2013-06-24 has 62.9 %, below the limits of 68.7 % to 93.0 %"],
        ),
        (
            [measured(0.961, outside=True)],
            ["the week of 2013-06-24 has 96.1 %, above the limits of 68.7 % to 93.0 %"],
        ),
        (
            [measured(0.6868, outside=True)],
            ["the week of 2013-06-24 has 68.7 %, just below the limits of 68.7 % to 93.0 %"],
        ),
        ([measured(0.629, outside=True, new=False)], []),
        ([gate(is_open=False), gate(is_open=True)], []),
        (
            [gate(is_open=True), opened()],
            [
                OPEN_ON,
                OPENED,
            ],
        ),
        ([OBJECTED, e.ConsentGiven(ballot="b1", by="Maya")], []),
        (
            [OBJECTED, CLOSED],
            [
                "Omar objected on b1 (it stops my work): no crew",
                "ballot b1 closed, objected: everybody answered",
            ],
        ),
        (
            [OBJECTED, CLOSED.model_copy(update={"ballot": "b2"})],
            ["ballot b2 closed, objected: everybody answered"],
        ),
        ([e.OutcomeConfirmed(by="Maya", version=1)], []),
        (
            [FEARED],
            ["stability is in doubt, 2 weeks in a row for the worse: grace until 2013-07-01 00:00 UTC"],
        ),
    ],
)
def test_each_thing_that_happens_has_a_line_and_nothing_else_has(
    store: JournalStore, events: list[e.Event], told: list[str]
) -> None:
    append(store, events)
    assert [line.sentence for line in Teller(teams()[0].charter, store).before(None)] == told


def test_a_day_is_told_once_and_not_before_it_is_over(store: JournalStore) -> None:
    teller = Teller(teams()[0].charter, store)
    append(store, [FEARED])
    assert teller.before(MONDAY) == []
    assert len(teller.before(MONDAY + timedelta(days=1))) == 1
    assert teller.before(None) == []
    append(store, [e.RegressionAverted()], after=1)
    assert [line.kind for line in teller.before(None)] == ["regression_averted"]


def append(store: JournalStore, events: list[e.Event], after: int = 0) -> None:
    team = teams()[0].name
    store.append(
        [
            Envelope(team=team, seq=seq, at=MONDAY, kind=event.kind, body=json.loads(event.model_dump_json()))
            for seq, event in enumerate(events, after + 1)
        ]
    )


# The end


def test_the_end_says_what_holds_a_team_with_its_numbers() -> None:
    verdicts = (
        Verdict(criterion="control", status="met", title="Calm", actual="8 of 8", needed="8"),
        Verdict(
            criterion="promise",
            status="not_met",
            title="The promise is kept",
            actual="in 5 of 8",
            needed="in 7 of 8",
        ),
    )
    stood = STOOD.model_copy(update={"verdicts": verdicts, "notes": ("stability is in doubt",)})
    assert list(holding(stood)) == [
        "The promise is kept: in 5 of 8 (needed: in 7 of 8)",
        "stability is in doubt",
    ]
    assert newest(stood) == "no value, target 85.0 %"
    assert newest(stood.model_copy(update={"value": 0.845, "period": "2013-12-23"})) == (
        "84.5 % (2013-12-23), target 85.0 %"
    )
