"""What a run hands to the next stays under 64 KB: ten metrics, five years of weeks, people who write much."""

import random
from datetime import date, timedelta
from typing import Any

from domain import commands as c
from domain.decisions.proposals import BASELINE_PERIODS
from domain.measurement import TAIL_PERIODS, MetricResult, Observation
from domain.periods import label
from domain.state import gauges
from domain.together.records import POST_KINDS
from tests.unit.journeys import Play, begun, control, evidence, measured
from workflows.ledger import RECEIPTS_AT_LEAST, RECEIPTS_KEPT, RECEIPTS_ROOM, Ledger
from workflows.messages import CarriedJourney, JourneyInput

LIMIT = 64 * 1024  # bytes
WEEKS = 260
REASON = "The supplier of the labels was on strike, so that two shifts packed by hand; it ended on Friday. "[
    :97
]
SOURCE = {
    "kind": "sql",
    "url": "postgresql+psycopg://reader:${CLAIMS_PASSWORD}@db.internal/claims",
    "query": "select date_trunc('week', paid_at) as period, count(*) filter (where late) as numerator, "
    "count(*) as denominator from payments where paid_at >= :since and paid_at < :until group by 1",
}
MEMBERS = {f"Member {i} of the team": "IT" if i % 2 else "claims handling" for i in range(8)}


def ten_shares() -> Play:
    """Stability, with ten gating metrics, all of them shares."""
    outcome = begun().state.charter.outcome.model_dump() | {"source": SOURCE}
    metrics = [
        {
            "name": f"share of claims that wait in step {i}",
            "layer": "efficiency" if i == 0 else "guardrail",
            "unit": "share of claims",
            "direction": "down",
            "measure": "share",
            "source": SOURCE,
        }
        for i in range(9)
    ]
    owners = {"runbook": next(iter(MEMBERS)), "pilot": next(iter(MEMBERS))}
    play = begun(outcome=outcome, metrics=metrics, members=MEMBERS, milestones=owners)
    return play.to("stability")


def measure(play: Play, numbers: random.Random, *, signal: bool) -> None:
    """Measure one week of every metric; a signal is the outcome's newest point."""
    newest = 2920 if play.state.through is None else play.state.through + 1
    found = {}
    for gauge in gauges(play.state.charter):
        new = Observation(period=newest, value=round(numbers.uniform(0.8, 0.99), 6), denominator=1234.0)
        out = (newest,) if signal and gauge.layer == "outcome" else ()
        changes: dict[str, Any] = {"control": control(newest, outside=out, bad=out), "improvement": None}
        found[gauge.name.replace(" ", "_")] = MetricResult(
            name=gauge.name, observations=(new,), evidence=evidence(newest, **changes)
        )
    play.measure(**found)
    if signal:
        day = label(newest, play.state.charter.calendar)
        play.do(c.ExplainSignal(by=next(iter(MEMBERS)), period=day, cause=REASON))
        play.consent_all(-1)


def five_years() -> Ledger:
    """Return the journey after 260 weeks, in which a signal was explained each quarter, and much was said."""
    play, numbers = ten_shares(), random.Random(1)
    for week in range(WEEKS):
        if week == WEEKS // 4:
            play.to("optimization")
        measure(play, numbers, signal=week % 13 == 5)
    ledger = Ledger("claims", play.state, sequence=len(play.events))
    people = list(MEMBERS)
    for turn in range(2 * RECEIPTS_KEPT):
        command: c.Command = (
            c.HoldJourney(by=people[turn % 8], reason=REASON)
            if ledger.state.hold is None
            else c.ResumeJourney(by=people[turn % 8])
        )
        ledger.answer(f"hold-{turn}-0123456789abcdef0123456789abcdef", command, play.now)
    ledger.do(measured(ledger.state, play.now, {}), play.now)
    return ledger


def test_five_years_of_ten_metrics_stay_under_64_kilobytes() -> None:
    ledger = five_years()
    state = ledger.state
    assert state.stage == "optimization"
    assert {len(series.values) for series in state.series.values()} == {TAIL_PERIODS}
    points = [len(baseline.series.observations()) for baseline in state.baselines.values()]
    assert points == [BASELINE_PERIODS] * 10
    assert 5 <= sum(map(len, state.explained.values())) <= TAIL_PERIODS // 13 + 1  # of 20
    carried = CarriedJourney(
        state=state, clock_offset=timedelta(0), sequence=ledger.sequence, outbox=(), receipts=ledger.receipts
    )
    size = len(JourneyInput(carried=carried).model_dump_json().encode())
    assert 48 * 1024 < size < LIMIT  # were it much less, the test would not be about a large journey


def test_the_newest_answers_are_kept_as_far_as_they_have_room() -> None:
    play = begun()
    ledger = Ledger("claims", play.state)
    for turn in range(2 * RECEIPTS_KEPT):
        ledger.answer(f"u{turn}", c.ConfirmOutcome(by="Ana"), play.now)
    assert list(ledger.receipts) == [f"u{turn}" for turn in range(RECEIPTS_KEPT, 2 * RECEIPTS_KEPT)]

    for turn in range(2 * RECEIPTS_KEPT):
        held = ledger.state.hold is not None
        command = c.ResumeJourney(by="Ana") if held else c.HoldJourney(by="Ana", reason="x" * 500)
        ledger.answer(f"h{turn}", command, play.now)
    said = sum(len(line) for answer in ledger.receipts.values() for line in answer.said)
    assert RECEIPTS_AT_LEAST <= len(ledger.receipts) < RECEIPTS_KEPT
    assert said <= RECEIPTS_ROOM
    assert list(ledger.receipts)[-1] == f"h{2 * RECEIPTS_KEPT - 1}"


def test_a_closed_amendment_leaves_its_charter_to_the_journal() -> None:
    play = begun().to("stability")
    other = play.state.charter.model_copy(update={"glossary": {"SLA": "what we promised"}})
    play.do(c.ProposeAmendment(by="Ana", reason="a word", charter=other))
    play.consent_all()
    assert play.state.charter == other
    closed = play.state.last_closed
    assert closed is not None
    assert closed.ballot.proposal.kind == "amend"
    assert closed.ballot.proposal.charter is None


def test_what_a_team_has_of_itself_is_bounded_whatever_it_writes() -> None:
    rules = {"drift": {"cycle": "13 weeks"}, "forming": {"exchange": True}}
    play = begun(members=MEMBERS, milestones={}, stages={}, **rules)
    people = tuple(MEMBERS)
    play.confirm_all()
    for turn in range(300):
        by, words = people[turn % 8], f"{turn} {REASON}"
        play.do(c.PostToExchange.model_validate({"by": by, POST_KINDS[turn % 3]: [words]}))
        play.do(c.AcknowledgePosts(by=by))
        who: dict[str, Any] = {"defined_by": people[:2], "executed_by": people[1:3]}
        play.do(c.AddWorkItem(by=by, title=words[:80], hypothesis=words, **who))
        play.do(c.MakeCommitment(by=by, what=words, due=date(2026, 3, 5)))
        play.do(c.PassFacilitation(by=by))
        if turn % 2:
            play.do(c.CloseWorkItem(by=by, item=f"w{turn // 2}", how="done"))
            play.do(c.CloseCommitment(by=by, commitment=f"c{turn // 2}", how="done", note=REASON))
    size = len(play.state.together.model_dump_json().encode())
    assert 14 * 1024 < size < 20 * 1024
