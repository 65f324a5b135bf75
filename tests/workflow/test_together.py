"""What a team has of itself, on a real server: the exchange, promises that time ends, results."""

from datetime import date
from pathlib import Path

from domain import commands as c
from domain.together.views import TogetherView
from tests.workflow.team import MEMBERS, StartTeam, steps, write_weeks


async def test_a_team_forms_by_its_exchange_and_time_ends_a_promise(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team(forming={"exchange": True}, drift={"cycle": "13 weeks"})
    await team.confirm_all()
    for member in MEMBERS:
        await team.update(
            "post", c.PostToExchange(by=member, need=("a",), limitation=("b",), capability=("c",))
        )
    assert (await team.status()).stage == "forming"
    for member in MEMBERS:
        await team.update("acknowledge", c.AcknowledgePosts(by=member, exchange=3))
    await team.until(lambda status: status.stage == "stability")

    await team.update("commit", c.MakeCommitment(by="Ana", what="ask legal", due=date(2026, 1, 8)))
    await team.update("commit", c.MakeCommitment(by="Ben", what="a test system", due=date(2026, 1, 29)))
    await team.update("facilitate", c.PassFacilitation(by="Chloe"))
    await team.pass_weeks(1)
    found: TogetherView = await team.handle.query("together", result_type=TogetherView)
    assert [(one.owner, one.standing) for one in found.commitments] == [("Ben", "open"), ("Ana", "missed")]
    assert (found.facilitator, found.evenness, found.contributions) == ("Ana", 0.0, 6)
    assert team.kinds().count("commitment_closed") == 1
