"""What must hold for every journey, whatever people and sources do."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain import events as e
from domain.ballots import Ballot
from domain.decide import decide, evolve, fold
from domain.errors import BstError
from domain.events import parse_event
from domain.measurement import MetricResult
from domain.state import State
from tests.unit import journeys
from tests.unit.journeys import Step, begun, run, steps

ORDER = ("forming", "stability", "optimization", "innovation", "completed")
many = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@many
@given(steps)
def test_the_folded_journal_equals_the_live_state(script: list[Step]) -> None:
    play = begun()
    run(play, script)
    journal = [parse_event(event.model_dump(mode="json")) for event in play.events]
    assert all(event is not None for event in journal)
    assert fold(None, tuple(event for event in journal if event is not None)) == play.state


@many
@given(steps)
def test_a_state_survives_being_carried(script: list[Step]) -> None:
    play = begun()
    run(play, script)
    assert State.model_validate_json(play.state.model_dump_json()) == play.state


@many
@given(steps, steps)
def test_evolve_is_total_and_ignores_the_unknown(script: list[Step], other: list[Step]) -> None:
    here, there = (
        begun(),
        begun(members={"Zoe": "IT", "Yan": "sales"}, metrics=(), milestones={}, stages={}, cadence="daily"),
    )
    run(here, script)
    run(there, other)
    state: State | None = here.state
    for event in there.events:  # another team's events, in a state that never expected them
        state = evolve(state, event)
        assert state is not None
    assert parse_event({"kind": "of_a_later_version", "x": 1}) is None


@many
@given(steps)
def test_decide_never_mutates(script: list[Step]) -> None:
    play = begun()
    for step in script:
        if play.state.over:
            break
        before, state = play.state.model_dump_json(), play.state
        run(play, [step])
        assert state.model_dump_json() == before


@many
@given(steps, st.lists(journeys.results("portal latency"), min_size=40, max_size=40))
def test_no_support_metric_ever_changes_a_gate(script: list[Step], support: list[MetricResult]) -> None:
    calm, wild = begun(), begun()
    run(calm, script)
    run(wild, script, support)

    def decisions(events: tuple[e.Event, ...]) -> list[e.Event]:
        return [event for event in events if not isinstance(event, e.Measured | e.LimitsFrozen)]

    assert decisions(calm.events) == decisions(wild.events)


@many
@given(steps)
def test_a_stage_is_entered_in_order_and_only_with_everybodys_consent(script: list[Step]) -> None:
    play = begun()
    run(play, script)
    state: State | None = None
    for event in play.events:
        if isinstance(event, e.StageEntered):
            assert state is not None
            if event.stage != "stability":
                assert ORDER.index(event.stage) == ORDER.index(state.stage) + 1
                assert state.last_closed is not None
                _assert_everybody_consented(state, state.last_closed.ballot)
            elif state.stage == "forming":
                assert set(state.confirmations.items()) >= {
                    (m, state.outcome_version) for m in state.charter.members
                }
        state = evolve(state, event)


def _assert_everybody_consented(state: State, ballot: Ballot) -> None:
    assert set(ballot.voters) == set(state.charter.members)
    assert {member for member, answer in ballot.answers.items() if answer.choice == "consent"} == set(
        ballot.voters
    )


@many
@given(steps)
def test_an_open_ballot_and_a_shut_gate_never_meet(script: list[Step]) -> None:
    play = begun()
    for step in script:
        run(play, [step])
        ballot, gate = play.state.advance_ballot, play.state.gate
        if ballot is not None and gate is not None:
            assert gate.open
            assert play.state.hold is None


@many
@given(steps)
def test_a_refusal_changes_nothing_and_says_why(script: list[Step]) -> None:
    play = begun()
    run(play, script)
    for name in ("Mallory", "nobody"):
        for command in (
            c.ConfirmOutcome(by=name),
            c.HoldJourney(by=name, reason="x"),
            c.GiveConsent(by=name),
        ):
            with pytest.raises(BstError, match=r"member|ended|is (completed|dissolved)|ballot"):
                decide(play.state, command, play.now)


def test_no_event_kind_is_used_twice() -> None:
    kinds = [cls.model_fields["kind"].default for cls in e.Event.__args__]
    assert all(a != b for a, b in itertools.combinations(kinds, 2))
