"""One permission table for everybody: what a member may do depends on the rules and on nobody's name."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from temporalio import workflow

from domain import commands as c
from domain.decide import decide
from domain.errors import BstError, NotAMember, NotSigned
from domain.events.shapes import ByMember
from domain.measurement import MetricResult
from domain.parsing import parse_event
from domain.permissions import permissions
from domain.reconstruction import command_of
from signing.ed25519 import verify
from tests.unit.journey_scripts import amended
from tests.unit.journeys import MEMBERS, Play, begun, charter, control, evidence
from tests.unit.signers import KEYS, signed
from workflows.team_journey import TeamJourney

OF_MEMBERS = tuple(kind for kind in get_args(c.Command) if "by" in kind.model_fields)
OF_THE_PROGRAM = {
    "start_journey",
    "refuse_message",
    "record_measurement",
    "report_journal",
    "pass_time",
    "record_pulse",
    "record_read_back",
}
# A name of a field that would tell people apart.
RANKS = {"role", "rank", "admin", "owner", "lead", "override", "force", "weight", "votes", "as_"}


def asked() -> Play:
    """A journey in which every command of a member is allowed: a ballot is open, and there is a signal."""
    play = begun().to("innovation")
    signal = control(runs=(2925,))
    play.measure(days_to_payment=MetricResult(name="days to payment", evidence=evidence(control=signal)))
    return play


def confirming() -> Play:
    return begun()


def later() -> Play:
    """A while after the newest measurement."""
    play = asked()
    play.now += timedelta(hours=1)
    return play


def counting() -> Play:
    outcome = charter().outcome.model_dump() | {"source": {"kind": "manual"}}
    return begun(outcome=outcome)


def together() -> Play:
    """A journey in which everybody has posted, promised, worked and been told that the team drifts."""
    play = begun(drift={"cycle": "13 weeks"})
    for member in MEMBERS:
        play.do(c.PostToExchange(by=member, need=("one person to ask",)))
        play.do(c.MakeCommitment(by=member, what="ask legal", due=date(2026, 3, 5)))
    for place in range(10):
        said = "no second look saves two days"
        people = {"defined_by": ("Ana", "Chloe"), "executed_by": ("Ben",), "hypothesis": said}
        play.do(c.AddWorkItem(by="Ana", title=f"form {place}", **people))
    assert set(play.state.together.drift.flags) == {"taking_orders"}
    return play


READ_BACK = {"situations": ["paid in 3 days", "answered in 3 days", "filed in 3 days"], "met": 1}


def read() -> Play:
    """A forming team whose outcome has to be read back."""
    return begun(forming={"read_back": READ_BACK})


def being_read() -> Play:
    play = read()
    play.do(c.OpenReadBack(by="Chloe"))
    play.do(c.RecordReadBack(number=1))
    return play


def formed() -> Play:
    """A team whose charter asks for pulses, and none is open."""
    return begun(pulse={"k": 3}).to("stability")


def held() -> Play:
    play = asked()
    play.do(c.HoldJourney(by="Chloe", reason="an audit"))
    return play


def wondering() -> Play:
    """A ballot with a question on it."""
    play = begun().to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    play.measure()
    play.do(c.AskQuestion(by="Ben", question="until when?"))
    return play


def away(of: str) -> Play:
    """A journey in which one member is absent, and another one may answer."""
    play = begun().to("stability")
    play.do(c.DelegateVoice(by=of, to="Ben" if of != "Ben" else "Ana", until=date(2026, 2, 1)))
    return play


def exempt() -> Play:
    play = asked()
    play.do(c.ProposeExemption(by="Ana", reason="a new system", until=play.now.date()))
    play.consent_all(-1)
    return play


def with_keys(play: Play) -> Play:
    """The same, as if the charter had always listed keys."""
    listed = play.state.charter.model_copy(update={"keys": KEYS})
    play.state = play.state.model_copy(update={"charter": listed})
    return play


# Each command of a member, in a situation that allows it.
TABLE: dict[type[Any], tuple[Callable[[], Play], dict[str, Any]]] = {
    c.ConfirmOutcome: (confirming, {}),
    c.GiveConsent: (asked, {}),
    c.RaiseObjection: (asked, {"objection": "irreversible", "reason": "no way back"}),
    c.AskQuestion: (asked, {"question": "until when?"}),
    c.AnswerQuestion: (wondering, {"answer": "until June"}),
    c.WithdrawQuestion: (wondering, {}),
    c.DelegateVoice: (asked, {"to": "Ben", "until": "2026-02-01"}),
    c.TakeBackVoice: (asked, {}),
    c.LeaveTeam: (asked, {"reason": "another task"}),
    c.ProposeExemption: (asked, {"reason": "a new system", "until": "2026-02-01"}),
    c.RevokeExemption: (exempt, {"reason": "it is done"}),
    c.ExplainSignal: (asked, {"period": "2026-01-19", "cause": "a storm"}),
    c.RecordValue: (counting, {"period": "2025-12-22", "value": 12.0}),
    c.ProposeRebase: (
        asked,
        {"since": "2025-12-08", "cause": "a new till", "different": True, "known": True, "desirable": True}
        | {"lasting": True},
    ),
    c.ProposeAmendment: (asked, {"reason": "we learned", "charter": amended(begun().state, "target")}),
    c.MeasureNow: (later, {}),
    c.OpenPulse: (formed, {}),
    c.OpenReadBack: (read, {}),
    c.CloseReadBack: (being_read, {}),
    c.HoldJourney: (asked, {"reason": "an audit"}),
    c.ResumeJourney: (held, {}),
    c.DissolveTeam: (asked, {"reason": "sold", "lesson": "ask earlier"}),
    c.PostToExchange: (together, {"limitation": ("no releases in December",)}),
    c.WithdrawPost: (together, {"post": "One person to  ask"}),
    c.AcknowledgePosts: (together, {"exchange": 3}),
    c.AddWorkItem: (
        together,
        {"title": "letters", "defined_by": ("Ana", "Ben"), "executed_by": ("Chloe",)}
        | {"hypothesis": "no printing saves a day", "metric": "complaints"},
    ),
    c.CloseWorkItem: (together, {"item": "w3", "how": "done"}),
    c.RecordRetrospective: (together, {"flag": "taking_orders", "reason": "we plan together"}),
    c.MakeCommitment: (together, {"what": "tell finance", "due": date(2026, 4, 1)}),
    c.CloseCommitment: (together, {"how": "done"}),
    c.PassFacilitation: (together, {"how": "next"}),
    c.ReachMilestone: (confirming, {"name": "pilot"}),
}


def test_the_table_has_every_command_of_a_member() -> None:
    assert set(TABLE) == set(OF_MEMBERS)
    others = {kind.model_fields["kind"].default for kind in get_args(c.Command) if kind not in OF_MEMBERS}
    assert others == OF_THE_PROGRAM


@pytest.mark.parametrize("kind", get_args(c.Command))
def test_no_command_has_a_field_that_tells_people_apart(kind: type[Any]) -> None:
    assert not RANKS & set(kind.model_fields)


# What is about a thing of one's own: each member in the same situation of theirs.
OWN: dict[type[Any], Callable[[str], tuple[Play, dict[str, Any]]]] = {
    c.WithdrawQuestion: lambda by: (asking(by), {}),
    c.DelegateVoice: lambda by: (asked(), {"to": "Ben" if by != "Ben" else "Ana"}),
    c.TakeBackVoice: lambda by: (away(by), {}),
    c.CloseCommitment: lambda by: (together(), {"commitment": f"c{MEMBERS.index(by) + 1}"}),
}


def asking(by: str) -> Play:
    play = asked()
    play.do(c.AskQuestion(by=by, question="until when?"))
    return play


@pytest.mark.parametrize("kind", TABLE)
def test_the_same_command_of_any_member_gives_the_same_kinds_of_events(kind: type[Any]) -> None:
    make, fields = TABLE[kind]
    alike = make()
    outcomes = set()
    for member in MEMBERS:
        play, own = OWN[kind](member) if kind in OWN else (alike, {})
        events = decide(play.state, kind(by=member, **(fields | own)), play.now)
        outcomes.add(tuple(event.kind for event in events))
    assert len(outcomes) == 1
    assert outcomes != {()}
    row = next(row for row in permissions() if row.command == kind.model_fields["kind"].default)
    assert row.ballot == ("ballot_opened" in next(iter(outcomes)))  # the printed table says so


def test_every_command_of_a_member_is_signed_but_the_one_that_decides_nothing() -> None:
    assert {kind for kind in OF_MEMBERS if not issubclass(kind, c.Signable)} == {c.MeasureNow}


@pytest.mark.parametrize("kind", [kind for kind in TABLE if issubclass(kind, c.Signable)])
def test_in_a_team_with_keys_each_command_has_to_be_signed_and_keeps_it(
    kind: type[Any],
) -> None:
    make, fields = TABLE[kind]
    own_play, own = OWN[kind]("Ben") if kind in OWN else (make(), {})
    play, fields = with_keys(own_play), fields | own
    last = play.state.ballots[-1] if play.state.ballots else None
    explicit = {"version": 1, "ballot": last and last.id, "digest": last and last.digest}
    named = {name: value for name, value in explicit.items() if name in kind.model_fields}
    command = kind(by="Ben", **fields, **named)
    with pytest.raises(NotSigned):
        decide(play.state, command, play.now, verify)
    sent = signed(play.state, command)
    events = decide(play.state, sent, play.now, verify)
    bodies = (event.model_dump(mode="json") for event in events)
    stored = tuple(read for body in bodies if (read := parse_event(body)) is not None)
    assert command_of(play.state, stored) == sent  # so the journal alone proves it
    first = events[0]
    assert isinstance(first, ByMember)
    assert first.signed is not None
    assert (first.signed.by, first.signed.number) == ("Ben", 1)


@pytest.mark.parametrize("kind", TABLE)
def test_no_command_is_taken_from_a_stranger(kind: type[Any]) -> None:
    make, fields = TABLE[kind]
    play = make()
    with pytest.raises(NotAMember, match="the members are Ana, Ben and Chloe"):
        decide(play.state, kind(by="Mallory", **fields), play.now)


@pytest.mark.parametrize("last", MEMBERS)
def test_any_members_silence_or_objection_keeps_the_gate_shut(last: str) -> None:
    for answer in (None, c.RaiseObjection(by=last, objection="harms_outcome", reason="no")):
        play = begun().to("stability")
        play.do(c.ReachMilestone(name="runbook"))
        play.measure()
        for member in MEMBERS:
            if member != last:
                play.do(c.GiveConsent(by=member))
        if answer is not None:
            play.do(answer)
        assert play.state.stage == "stability"


def test_every_update_is_decided_for_its_errors_before_it_leaves_a_trace() -> None:
    updates = workflow._Definition.must_from_class(TeamJourney).updates
    assert {update.name for update in updates.values() if update.validator is None} == set()


@pytest.mark.parametrize("removed", MEMBERS)
def test_who_left_the_team_has_no_voice(removed: str) -> None:
    play = begun(members={**dict.fromkeys(MEMBERS, "IT"), "Dora": "legal"}, milestones={}, stages={})
    play.to("stability")
    left = {name: job for name, job in play.state.charter.members.items() if name != removed}
    play.do(
        c.ProposeAmendment(
            by="Dora", reason="a new job", charter=play.state.charter.model_copy(update={"members": left})
        )
    )
    play.consent_all(-1)
    assert removed not in play.state.charter.members
    with pytest.raises(BstError, match="not a member"):
        decide(play.state, c.HoldJourney(by=removed, reason="x"), play.now)
    play.measure()
    assert removed not in play.state.ballots[0].voters
