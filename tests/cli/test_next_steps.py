"""What the status page offers to do, on states that the rules themselves made."""

from io import StringIO

from rich.console import Console

from bst.cli.status_page import status_page
from bst.next_steps import next_steps
from domain import commands as c
from domain.views import status
from tests.unit.journeys import Play, begun
from tests.unit.test_pulses import asked
from tests.unit.test_read_back import asking


def offered(play: Play, me: str | None = None) -> tuple[str, ...]:
    return next_steps(status(play.state), me)


def test_forming_offers_to_confirm() -> None:
    play = begun()
    assert offered(play) == ("bst confirm claims --by NAME",)
    assert offered(play, me="Ana") == ("bst confirm claims",)


def test_a_milestone_that_holds_the_gate_is_offered_by_its_name() -> None:
    play = begun(milestones={"the runbook": "Ben"}, stages={"stability": {"milestones": ["the runbook"]}})
    play.confirm_all()
    play.measure()
    assert "bst milestone claims 'the runbook' --by NAME" in offered(play)


def test_a_ballot_is_offered_to_those_who_have_not_answered() -> None:
    play = begun(stages={})
    play.confirm_all()
    play.measure()
    assert offered(play)[0] == "bst consent claims --by NAME"
    assert offered(play, me="ana")[0] == "bst consent claims"
    for member in ("Ana", "Ben"):
        play.do(c.GiveConsent(by=member))
    assert offered(play)[0] == "bst consent claims --by Chloe"
    assert offered(play, me="Ana")[0] == "bst consent claims --by Chloe"


def test_several_ballots_are_told_apart() -> None:
    play = begun(stages={})
    play.confirm_all()
    play.measure()
    play.do(c.DissolveTeam(by="Ana", reason="over", lesson="start smaller"))
    assert {line.split(" --ballot ")[1][:2] for line in offered(play) if "consent" in line} == {"b1", "b2"}


def test_a_hold_offers_to_resume_and_an_end_the_record() -> None:
    play = begun()
    play.do(c.HoldJourney(by="Ana", reason="wait"))
    assert "bst resume claims --by NAME" in offered(play)
    play.do(c.DissolveTeam(by="Ana", reason="over", lesson="start smaller"))
    assert offered(play) == ("bst events claims",)


def page_of(play: Play) -> str:
    console = Console(width=200, no_color=True, record=True, file=StringIO())
    console.print(*status_page(status(play.state)))
    return console.export_text()


def test_an_open_pulse_and_an_open_read_back_are_yet_to_be_done() -> None:
    pulse = asked(k=3)
    pulse.do(c.OpenPulse(by="Ana"))
    pulse.do(c.RecordPulse(number=1))
    assert "everybody: answer pulse p1 by 2026-" in page_of(pulse)
    assert "`bst pulse status claims` counts the answers" in page_of(pulse)
    assert "people outside the team: answer read-back r1" in page_of(asking())


def test_a_parked_proposal_is_brought_back_by_its_ballot_and_the_next_stage_without() -> None:
    play = begun(ballots={"rounds": 1}, stages={})
    play.confirm_all()
    play.do(c.DissolveTeam(by="Ana", reason="over", lesson="start smaller"))
    ballot = play.state.ballots[0].id
    for member in play.state.charter.members:
        play.do(c.RaiseObjection(by=member, ballot=ballot, objection="harms_outcome", reason="no"))
    assert [line for line in offered(play) if "resume" in line] == [
        f"bst resume claims --ballot {ballot} --by NAME"
    ]
    play.measure()
    for member in play.state.charter.members:
        play.do(c.RaiseObjection(by=member, objection="harms_outcome", reason="no"))
    play.measure()
    assert "bst resume claims --by NAME" in offered(play)


def test_a_team_that_lacks_a_function_is_offered_to_amend() -> None:
    play = begun()
    play.confirm_all()
    play.do(c.LeaveTeam(by="Ana", reason="elsewhere"))
    assert 'bst amend claims CHARTER.yaml --by NAME --reason "..."' in offered(play)
