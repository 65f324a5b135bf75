"""What a journey does besides going forward: back, on hold, amended, dissolved, carried on."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from domain import commands as c
from domain.measurement import Series
from domain.views import Receipt
from tests.workflow.team import (
    MEMBERS,
    StartTeam,
    Team,
    charter,
    journal,
    measured,
    started,
    steps,
    working,
    write_weeks,
)

# Ordinary periods that are counted, after a first one that freezes limits.
PERIODS = 6


async def to_optimization(team: Team) -> None:
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    await team.consent_all()
    await team.until(lambda status: status.stage == "optimization")


async def test_lost_stability_leads_back_after_the_grace_period(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11), (3, 16)))
    team = await start_team()
    await to_optimization(team)
    await team.pass_weeks(5.2)
    assert "grace" in (await team.status()).attention
    await team.pass_weeks(2)
    assert (await team.status()).stage == "stability"
    assert team.kinds().count("regression_feared") == 1


async def test_one_lucky_week_is_no_recovery(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11), (3, 16), (5, 11), (6, 16)))
    team = await start_team()
    await to_optimization(team)
    await team.pass_weeks(8)
    assert (await team.status()).stage == "stability"
    assert "regression_averted" not in team.kinds()


async def test_a_team_that_recovers_in_time_stays(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11), (3, 16), (5, 11)))
    team = await start_team()
    await to_optimization(team)
    await team.pass_weeks(8)
    assert (await team.status()).stage == "optimization"
    assert team.kinds().count("regression_averted") == 1


async def test_silence_is_no_consent_and_no_end(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await team.confirm_all()
    ballot = (await team.until(lambda status: bool(status.ballots))).ballots[0]
    for member in list(MEMBERS)[1:]:
        await team.update("consent", c.GiveConsent(by=member, ballot=ballot.id))
    await team.pass_weeks(1.1)
    closed = (await team.ballots()).last
    assert closed is not None
    assert (closed.outcome, closed.waiting_for) == ("no_decision", ("Ana",))
    assert team.kinds().count("members_reminded") == 2
    assert (await team.status()).stage == "stability"


async def test_a_proposal_without_consent_is_parked_after_three_rounds_and_brought_back(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    await team.pass_weeks(7)
    assert team.kinds().count("ballot_opened") == 3
    assert "parked" in (await team.status()).attention
    await team.update("resume", c.ResumeJourney(by="Chloe"))
    assert (await team.status()).ballots[0].round == 1


async def test_an_objection_holds_and_stays_sealed_until_all_have_answered(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    objection = c.RaiseObjection(by="Ben", objection="stops_my_work", reason="the night shift breaks")
    await team.update("object", objection)
    open_ballot = (await team.ballots()).open[0]
    assert (open_ballot.answered, open_ballot.answers) == (("Ben",), None)
    assert "night shift" not in (await team.status()).model_dump_json()

    for member in ("Ana", "Chloe"):
        await team.update("consent", c.GiveConsent(by=member))
    closed = (await team.ballots()).last
    assert closed is not None
    assert closed.outcome == "objected"
    assert closed.answers is not None
    assert closed.answers["Ben"].words == "the night shift breaks"


async def test_hold_withdraws_the_ballot_and_resume_goes_on(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    await team.update("hold", c.HoldJourney(by="Ana", reason="an audit"))
    assert (await team.status()).ballots == ()
    await team.pass_weeks(3)
    assert "hold" in (await team.status()).attention
    await team.update("resume", c.ResumeJourney(by="Ben"))
    assert (await team.until(lambda status: bool(status.ballots))).ballots[0].round == 1


async def test_an_explained_signal_stops_counting(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11), (-5, 17), (-4, 11)))
    team = await start_team()
    await team.confirm_all()
    status = await team.until(lambda status: status.stage == "stability" and bool(status.verdicts))
    assert [v.criterion for v in status.verdicts if v.status != "met"] == ["control"]
    await team.update("explain", c.ExplainSignal(by="Ana", period="2025-12-03", cause="the strike"))
    await team.consent_all()
    await team.pass_weeks(1.1)
    status = await team.until(lambda status: bool(status.ballots))
    assert status.ballots[0].kind == "advance"
    assert (await team.evidence()).metrics[0].explained == {"2025-12-01": "the strike"}


async def test_an_amendment_takes_everybodys_consent(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    other = charter(team.name, members={**MEMBERS, "Dora": "legal"})
    await team.update("amend", c.ProposeAmendment(by="Ben", reason="legal belongs to it", charter=other))
    amendment = next(ballot for ballot in (await team.ballots()).open if ballot.kind == "amend")
    for member in ("Ana", "Chloe"):
        await team.update("consent", c.GiveConsent(by=member, ballot=amendment.id))
    status = await team.until(lambda status: "legal" in status.functions and measured(status))
    assert status.ballots == ()
    assert status.waiting == ("Dora to confirm the outcome",)
    await team.update("confirm", c.ConfirmOutcome(by="Dora"))
    assert (await team.until(lambda status: bool(status.ballots))).ballots[0].waiting_for[-1] == "Dora"


async def test_a_team_that_dissolves_by_consent_ends_with_its_lesson(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await to_optimization(team)
    ending = c.DissolveTeam(by="Ana", reason="the product is sold", lesson="ask customers earlier")
    await team.update("dissolve", ending)
    for member in ("Ben", "Chloe"):
        await team.update("consent", c.GiveConsent(by=member))
    assert (await team.handle.result())["stage"] == "dissolved"
    assert team.kinds()[-1] == "team_dissolved"


async def test_a_failing_source_holds_the_gate_and_says_why(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team()
    await team.confirm_all()
    status = await team.until(lambda status: status.stage == "stability" and bool(status.verdicts))
    assert {v.status for v in status.verdicts if v.criterion in {"limits", "control"}} == {"error"}
    assert any("days.csv" in note for note in status.notes)
    assert status.attention == ("source",)  # it failed a second time, when the stage began
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    await team.pass_weeks(1)
    assert (await team.status()).ballots


async def test_a_journal_that_is_down_stops_nothing_and_loses_nothing(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    blocked = tmp_path / "kept"
    blocked.write_text("a file where the journal's folder should be")
    with journal(blocked) as store:
        async with working(client, task_queue, tmp_path, store):
            team = await started(skipper, task_queue, tmp_path, store)
            await to_optimization(team)
            await team.pass_weeks(2)
            assert "journal" in (await team.status()).attention
            blocked.unlink()
            await team.pass_weeks(2)
            await team.update("hold", c.HoldJourney(by="Ana", reason="look at the journal"))
            await team.until(lambda _: (blocked / "journal.db").exists() and "journey_held" in team.kinds())
            assert store.verify_chain(team.name).ok
            assert team.kinds()[0] == "journey_started"
            assert team.kinds().count("journal_failed") == 1
            assert (await team.status()).attention == ("hold",)


async def test_an_ordinary_period_costs_at_most_twelve_events(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await to_optimization(team)
    await team.pass_weeks(1.1)
    before = len([e async for e in team.handle.fetch_history_events()])
    await team.pass_weeks(PERIODS)
    events = [e async for e in team.handle.fetch_history_events()][before:]
    skips = {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    }
    assert 0 < len([e for e in events if e.event_type not in skips]) <= 12 * PERIODS


async def test_updates_that_cross_a_continue_as_new_all_count_and_all_get_their_answer(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    many = {f"P{i:02}": "IT" if i % 2 else "finance" for i in range(50)}
    team = await start_team(members=many, milestones={}, stages={})
    await team.pass_weeks(12.9)
    across = asyncio.create_task(team.pass_weeks(0.4))  # the quarter ends within it
    at_once = asyncio.Semaphore(8)  # the server refuses more than ten in flight

    async def confirmed(name: str) -> Receipt:
        async with at_once:
            return await team.update("confirm", c.ConfirmOutcome(by=name), f"confirm-{name}-v1")

    receipts = await asyncio.gather(*(confirmed(name) for name in many))
    await across
    assert all(
        f"{name} confirmed version 1 of the outcome" in r.said for name, r in zip(many, receipts, strict=True)
    )
    run = (await team.handle.describe()).run_id
    await team.pass_weeks(1)
    assert (await team.status()).stage == "stability"
    again = await team.update("confirm", c.ConfirmOutcome(by="P00"), "confirm-P00-v1")
    assert again == receipts[0]
    assert run != team.handle.first_execution_run_id


async def test_a_large_journey_stays_small(start_team: StartTeam, tmp_path: Path) -> None:
    """Ten metrics and five years of weeks: what a run hands to the next stays under 64 KB."""
    write_weeks(tmp_path / "days.csv", steps((-300, 11)), first=-300, last=30)
    source = {"kind": "files", "path": "days.csv"}
    metrics: list[dict[str, Any]] = [
        {"name": f"cost of step {i}", "layer": layer, "unit": "EUR", "direction": "down", "source": source}
        for i, layer in enumerate(["efficiency", "guardrail", *["support"] * 7])
    ]
    stages = {"stability": {"baseline_from": "2021-01-04"}}  # imports all five years at once
    team = await start_team(metrics=metrics, stages=stages, milestones={})
    await team.confirm_all()
    await team.pass_weeks(14)
    first = await team.handle.fetch_history_events().__anext__()
    carried = first.workflow_execution_started_event_attributes
    assert carried.continued_execution_run_id
    assert len(carried.input.payloads[0].data) < 64 * 1024
    series = Series.model_validate((await team.evidence()).metrics[0].series.model_dump())
    assert len(series.values) == 120


@pytest.mark.parametrize("stage", ["forming"])
async def test_forming_amends_at_once_and_everybody_confirms_anew(start_team: StartTeam, stage: str) -> None:
    team = await start_team()
    await team.update("confirm", c.ConfirmOutcome(by="Ana"))
    better = charter(team.name, cadence="daily")
    await team.update("amend", c.ProposeAmendment(by="Ben", reason="days, not weeks", charter=better))
    status = await team.status()
    assert (status.stage, status.outcome_version) == (stage, 2)
    assert status.waiting == ("Ana, Ben and Chloe to confirm the outcome",)
