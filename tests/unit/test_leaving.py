"""Members who join, leave and are taken out, while ballots are open and milestones are promised."""

from domain import ballot_views, views
from domain import commands as c
from domain.lint import lint
from domain.wording import moment
from tests.unit.journeys import Play, begun
from tests.unit.voting import (
    FIVE,
    asked,
    changed,
    everybody,
    last,
    optimizing,
    refused,
    say,
    stage_of,
    the,
    until_it_closes,
)
from workflows import details

OWNERS = {"runbook": "Ben", "pilot": "Ana"}


def five() -> Play:
    return asked(members=FIVE, milestones=OWNERS)


def without(play: Play, *gone: str, owners: dict[str, str] | None = None) -> c.ProposeAmendment:
    members = {name: job for name, job in play.state.charter.members.items() if name not in gone}
    other = changed(play, members=members, milestones=owners or play.state.charter.milestones)
    return c.ProposeAmendment(by="Chloe", reason="gone", charter=other)


def test_who_leaves_is_gone_at_once_and_the_others_are_asked_anew() -> None:
    play = five()
    everybody(play, "advance", "Dora")
    play.do(c.RaiseObjection(by="Dora", objection="irreversible", reason="no"))
    play.measure()
    play.do(c.GiveConsent(by="Ana"))
    kinds = say(play, c.LeaveTeam(by="dora", reason="another task"))
    assert kinds.startswith("member_left ballot_closed gate_evaluated ballot_opened")
    assert "Dora left the team, and everybody is asked anew" in last(play).reason
    assert the(play, "advance").answers == {}  # no answer of before counts, and no objection is lost quietly
    assert "Dora" not in the(play, "advance").voters
    assert refused(play, c.GiveConsent(by="Dora")).code == "not_a_member"
    assert the(play, "advance").round == last(play).ballot.round
    everybody(play, "advance")
    assert stage_of(play) == "optimization"


def test_a_function_whose_last_member_left_is_missing_since_then_and_gates_stay_shut() -> None:
    play = five()
    play.do(c.LeaveTeam(by="Chloe", reason="another task"))
    assert play.state.advance_ballot is None
    status = views.status(play.state)
    assert "incomplete" in status.attention
    since = moment(play.now)
    assert f"finance (since {since}) missing: gates stay shut" in " ".join(status.notes)
    assert [v.criterion for v in status.verdicts if v.status == "not_met"] == ["functions"]
    play.measure()
    assert play.state.advance_ballot is None
    back = {**play.state.charter.members, "Faye": "finance"}
    play.do(c.ProposeAmendment(by="Ana", reason="Faye", charter=changed(play, members=back)))
    everybody(play, "amend")
    assert "incomplete" not in views.status(play.state).attention
    assert play.state.missing_since == {}
    play.do(c.ConfirmOutcome(by="Faye"))
    play.measure()
    assert "Faye" in the(play, "advance").voters


def test_no_team_gets_smaller_than_two() -> None:
    play = begun(members={"Ana": "claims handling", "Ben": "IT"}, metrics=())
    said = str(refused(play, c.LeaveTeam(by="Ana", reason="another task")))
    assert "no team has fewer" in said
    assert "bst dissolve claims" in said


def test_a_milestone_of_who_left_is_told_can_be_reached_and_finds_another_owner() -> None:
    play = optimizing(members=FIVE, milestones=OWNERS, stages={"optimization": {"milestones": ["pilot"]}})
    play.do(c.LeaveTeam(by="Ana", reason="another task"))
    play.state = play.state.model_copy(update={"milestones": {}})
    play.measure()
    status = views.status(play.state)
    assert "unowned" in status.attention
    assert "the milestone pilot of Ana, who left: name another owner with `bst amend`" in status.notes
    assert "not yet (owner Ana, who left)" in {verdict.actual for verdict in status.verdicts}
    assert "say who says so" in str(refused(play, c.ReachMilestone(name="pilot")))
    assert details.details(play.state)
    assert [f.code for f in lint(play.state.charter, play.now.date()) if f.severity == "error"] == ["C5"]
    owners = changed(play, milestones={"runbook": "Ben", "pilot": "Dora"})
    play.do(c.ProposeAmendment(by="Ben", reason="Dora takes it", charter=owners))
    everybody(play, "amend")
    assert "unowned" not in views.status(play.state).attention
    assert "milestone_reached" in say(play, c.ReachMilestone(name="pilot", by="Eli"))


def test_the_others_decide_on_who_has_gone_and_cannot_answer() -> None:
    play = five()
    play.do(without(play, "Dora"))
    ballot = the(play, "amend")
    assert ballot.excused == ("Dora",)
    everybody(play, "amend", "Dora")
    assert "Dora" in play.state.charter.members  # there is time to object until it closes
    play.now = ballot.closes_at
    play.pass_time()
    assert "Dora" not in play.state.charter.members
    assert (last(play).ballot.id, last(play).outcome) == (ballot.id, "consented")
    assert last(play).reason == ("time is up: all whose consent is needed gave it, and Dora did not object")


def test_who_is_taken_out_may_object_and_may_consent() -> None:
    play = five()
    play.do(without(play, "Dora"))
    play.do(c.RaiseObjection(by="Dora", ballot="b2", objection="stops_my_work", reason="I am here"))
    everybody(play, "amend", "Dora")
    assert (last(play).outcome, "Dora" in play.state.charter.members) == ("objected", True)
    play.do(without(play, "Dora"))
    everybody(play, "amend")
    assert "Dora" not in play.state.charter.members


def test_silence_of_anybody_else_is_no_decision() -> None:
    play = five()
    play.do(without(play, "Dora"))
    everybody(play, "amend", "Dora", "Eli")
    until_it_closes(play)
    assert last(play).ballot.proposal.kind in {"advance", "amend"}
    assert "Dora" in play.state.charter.members


def test_an_amendment_that_does_more_than_take_out_needs_everybody() -> None:
    play = five()
    for more in (
        {"cadence": "daily"},
        {"milestones": {"runbook": "Ben", "pilot": "Eli"}},  # Ana stays, and keeps what she promised
        {"members": {"Ana": "IT", "Ben": "IT", "Chloe": "finance", "Eli": "IT"}},
    ):
        proposal = without(play, "Dora")
        other = proposal.charter.model_copy(update=more)
        assert say(play, proposal.model_copy(update={"charter": other})) == "ballot_opened consent_given"
        assert the(play, "amend").excused == ()
        play.do(
            c.RaiseObjection(by="Ben", ballot=the(play, "amend").id, objection="irreversible", reason="no")
        )
        everybody(play, "amend", "Ben")


def test_a_milestone_of_who_is_taken_out_may_change_hands_with_it() -> None:
    play = five()
    play.do(without(play, "Ana", owners={"runbook": "Ben", "pilot": "Dora"}))
    assert the(play, "amend").excused == ("Ana",)
    # Nobody takes themselves out in silence: to propose is to consent.
    play = five()
    proposal = without(play, "Ana", owners={"runbook": "Ben", "pilot": "Dora"})
    play.do(proposal.model_copy(update={"by": "Ana"}))
    assert the(play, "amend").excused == ()


def test_who_joins_during_a_ballot_is_asked_in_the_next_and_not_in_this_one() -> None:
    play = five()
    everybody(play, "advance", "Eli")
    more = {**play.state.charter.members, "Faye": "legal"}
    play.do(c.ProposeAmendment(by="Ana", reason="Faye", charter=changed(play, members=more)))
    everybody(play, "amend")
    assert play.state.advance_ballot is None  # withdrawn: its consents were those of another team
    assert stage_of(play) == "stability"
    play.do(c.ConfirmOutcome(by="Faye"))
    play.measure()
    assert set(the(play, "advance").voters) == {*FIVE, "Faye"}
    everybody(play, "advance", "Faye")
    assert stage_of(play) == "stability"
    play.do(c.GiveConsent(by="Faye"))
    assert stage_of(play) == "optimization"


def test_a_members_proposal_is_withdrawn_and_said_to_need_proposing_again() -> None:
    play = optimizing(members=FIVE, milestones=OWNERS)
    say(play, without(play, "Eli"))
    say(play, c.LeaveTeam(by="Ana", reason="elsewhere"))
    assert last(play).reason == "Ana left the team, so propose it again if it is still wanted"
    assert play.state.ballots == ()


def test_who_leaves_opens_no_answer_of_what_is_asked_again() -> None:
    play = asked(members=FIVE)
    play.do(c.RaiseObjection(by="Ben", objection="harms_outcome", reason="too soon"))
    say(play, c.LeaveTeam(by="Ana", reason="elsewhere"))
    closed = ballot_views.ballots(play.state).last
    assert closed is not None
    assert (closed.outcome, closed.answered, closed.answers) == ("withdrawn", ("Ben",), None)
    assert "too soon" not in details.details(play.state)
