"""A result is the whole team's: of the members of that date, and of nobody in particular."""

from datetime import date

import pytest

from domain import commands as c
from domain.model import Carried
from domain.notices import ESCALATED_AFTER, attention
from domain.together.records import Result
from domain.together.views import ResultView, results, together
from domain.wording import moment
from tests.unit.journeys import Play, begun, charter, failing
from workflows.details import details

TEAM = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance"}


def due(deadline: str, **changes: object) -> Play:
    outcome = charter().outcome.model_dump() | {"deadline": date.fromisoformat(deadline)} | changes
    return begun(outcome=outcome, milestones={}, stages={})


def amend_members(play: Play, **people: str) -> None:
    members = {**play.state.charter.members, **people}
    play.do(
        c.ProposeAmendment(
            by="Ana", reason="Ida joins", charter=play.state.charter.model_copy(update={"members": members})
        )
    )
    play.consent_all(-1)


def test_who_reaches_the_end_has_reached_it_together() -> None:
    play = begun().to("completed")
    (found,) = results(play.state)
    assert (found.occasion, found.reached, found.value, found.target) == ("completed", False, 11.0, 3.0)
    assert found.team == TEAM
    assert "the outcome was missed (11 days) by the team of Ana (claims handling), Ben (IT)" in details(
        play.state
    )


@pytest.mark.parametrize(("target", "reached"), [(11.0, True), (10.9, False)])
def test_at_the_deadline_the_team_of_that_date_has_reached_it_or_not(target: float, reached: bool) -> None:
    play = due("2026-02-25", target=target, baseline=20).to("stability")  # a Wednesday
    amend_members(play, Ida="finance")
    while not results(play.state):
        assert play.state.through is None or play.state.through < 2929
        play.measure()
    others = play.state.charter.model_copy(update={"members": {"Tom": "legal", "Ben": "IT"}})
    play.state = play.state.model_copy(update={"charter": others})
    for _ in range(3):
        play.measure()
    (found,) = results(play.state)
    # The week that the deadline lies in is not over by it; the one before is.
    assert (found.occasion, found.reached, found.period) == ("deadline", reached, "2026-02-16")
    assert found.team == {**TEAM, "Ida": "finance"}


def test_without_a_value_the_outcome_is_missed() -> None:
    play = due("2026-02-25").to("stability")
    while not results(play.state):
        play.measure(days_to_payment=failing("days to payment"))
    (found,) = results(play.state)
    assert (found.reached, found.value, found.period) == (False, None, None)


def test_a_team_that_is_dissolved_has_a_result_and_one_that_never_formed_has_none() -> None:
    for play, count in ((begun(), 0), (begun().to("stability"), 1)):
        play.do(c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier"))
        if play.state.ballots:
            play.consent_all(-1)
        assert play.state.stage == "dissolved"
        assert len(results(play.state)) == count


@pytest.mark.parametrize("model", [Result, ResultView])
def test_no_result_has_a_place_for_a_person(model: type[Carried]) -> None:
    persons = {"by", "owner", "member", "who", "name", "facilitator", "author", "lead"}
    assert not persons & set(model.model_fields)
    people = [name for name, field in model.model_fields.items() if "dict" in str(field.annotation)]
    assert people == ["team"]


def test_a_function_that_nobody_is_of_shuts_the_gate_says_since_when_and_is_escalated() -> None:
    play = begun(milestones={}, stages={}).to("stability")
    play.do(c.LeaveTeam(by="Ben", reason="another task"))
    since = play.now
    assert attention(play.state)["incomplete"] == f"IT (since {moment(since)}) missing: gates stay shut"
    play.measure()
    assert play.state.gate is not None
    assert "functions" in [verdict.criterion for verdict in play.state.gate.held_by]
    while play.now - since < ESCALATED_AFTER:
        assert "escalated" not in attention(play.state)
        play.measure()
    assert attention(play.state)["escalated"].startswith("IT missing for 14 days or more: find somebody")
    assert "incomplete" in attention(play.state)


def test_who_leaves_takes_the_turn_the_open_promises_and_nothing_else_along() -> None:
    play = begun(milestones={}, stages={}, forming={"exchange": True})
    for member in TEAM:
        play.do(c.PostToExchange(by=member, need=("x",), limitation=("y",), capability=("z",)))
        play.do(c.MakeCommitment(by=member, what="ask legal", due=date(2026, 3, 5)))
    play.do(c.AcknowledgePosts(by="Ben"))
    play.do(c.PassFacilitation(by="Ben"))
    play.do(c.LeaveTeam(by="Ana", reason="another task"))
    found = together(play.state)
    assert found.facilitator is None
    assert [one.owner for one in found.commitments] == ["Ben", "Chloe"]
    # The function stays required, and what it posted stands until somebody of it says otherwise.
    assert [len(sheet.posts) for sheet in found.exchange] == [3, 3, 3]
    play.do(c.PassFacilitation(by="Chloe"))
    assert together(play.state).facilitator == "Ben"
