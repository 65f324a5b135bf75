"""The typed client against a real journey on a real server."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from bst import calls
from bst.client import Journeys
from bst.failures import NoWorker, told
from domain import errors
from domain.views import Receipt, Status
from tests.workflow.team import MEMBERS, START, charter, journal, steps, working, write_weeks
from workflows.messages import journey_id

SOON = timedelta(seconds=0.05)


@pytest.fixture
async def journeys(client: Client, task_queue: str, tmp_path: Path) -> AsyncIterator[Journeys]:
    """The client of a place where a worker works on calm data; its journeys play the past."""
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    with journal(tmp_path) as store:
        async with working(client, task_queue, tmp_path, store):
            yield Journeys(client, task_queue=task_queue)


def a_name() -> str:
    return f"team-{uuid.uuid4().hex[:12]}"


async def started(journeys: Journeys) -> str:
    team = a_name()
    await journeys.start(charter(team), as_of=START)
    return team


async def voting(journeys: Journeys) -> str:
    """Return a team that is asked whether to go on to optimization."""
    team = await started(journeys)
    for member in MEMBERS:
        await journeys.confirm(team, by=member)
    async with asyncio.timeout(20):
        async for status in journeys.watch(team, every=SOON):
            if status.ballots:
                break
    return team


async def events(journeys: Journeys, team: str, kind: str) -> int:
    """Count what happened by the updates that the history has."""
    handle = journeys.client.get_workflow_handle(journey_id(team))
    accepted = [
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    return accepted.count(kind)


async def test_a_team_has_one_journey(journeys: Journeys) -> None:
    team = await started(journeys)
    with pytest.raises(errors.WrongStage, match="has started already"):
        await journeys.start(charter(team), as_of=START)
    await journeys.dissolve(team, by="Ana", reason="over", lesson="start smaller")
    with pytest.raises(errors.WrongStage, match="a team has one"):
        await journeys.start(charter(team), as_of=START)


async def test_a_charter_that_fails_its_lint_starts_nothing(journeys: Journeys, tmp_path: Path) -> None:
    team = a_name()
    bad = charter(team, members={"Ana": "claims handling", "Ben": "finance"})
    with pytest.raises(errors.CharterRefused, match="IT") as refused:
        await journeys.start(bad, as_of=START)
    assert refused.value.problems[0].severity == "error"
    with pytest.raises(errors.CharterRefused, match="nothing-here"):
        await journeys.start(tmp_path / "nothing-here.yaml")
    with pytest.raises(errors.NotFound, match=team):
        await journeys.status(team)


async def test_a_charter_can_be_started_from_its_file(journeys: Journeys, tmp_path: Path) -> None:
    team = a_name()
    path = tmp_path / "charter.yaml"  # JSON is YAML
    path.write_text(charter(team).model_dump_json(exclude_defaults=True))
    await journeys.start(str(path), as_of=START)
    status = await journeys.status(team)
    assert (status.stage, status.entered_at) == (
        "forming",
        status.entered_at.replace(year=2026, month=1, day=5),
    )


async def test_the_journeys_page_has_a_line_of_its_own(journeys: Journeys) -> None:
    team = await started(journeys)
    about = await journeys.client.get_workflow_handle(journey_id(team)).describe()
    assert await about.static_summary() == f"{team}: days to payment down to 4 days by 2029-06-30"


async def test_the_same_call_twice_at_once_happens_once(journeys: Journeys) -> None:
    team = await voting(journeys)
    answers = await asyncio.gather(*(journeys.consent(team, by="Ana") for _ in range(5)))
    assert ("Ana consented on b1",) in {answer.said for answer in answers}
    assert (await journeys.ballot(team)).open[0].revisions == {"Ana": 1}

    held = await asyncio.gather(
        *(journeys.hold(team, by="Ben", reason="wait") for _ in range(5)), return_exceptions=True
    )
    # Those that looked before it happened are the same update; those that looked after it are refused.
    assert sum(isinstance(answer, Receipt) for answer in held) >= 1
    assert all(isinstance(answer, Receipt | errors.WrongStage) for answer in held)
    assert await events(journeys, team, "hold") == 1


async def test_a_repetition_is_another_wish(journeys: Journeys) -> None:
    team = await voting(journeys)
    for _ in range(3):
        assert (await journeys.hold(team, by="Ana", reason="wait")).said[0] == "Ana holds the journey: wait"
        assert "hold" in (await journeys.status(team)).attention
        assert (await journeys.resume(team, by="Ana")).said[0] == "Ana resumed the journey"
        assert "hold" not in (await journeys.status(team)).attention


async def test_two_answers_at_once_both_arrive(journeys: Journeys) -> None:
    team = await voting(journeys)
    await asyncio.gather(
        journeys.consent(team, by="Ana"),
        journeys.object(team, by="Ana", kind="irreversible", reason="no way back"),
    )
    view = (await journeys.ballot(team)).open[0]
    assert view.revisions["Ana"] == 2


async def test_a_changed_mind_replaces_the_answer(journeys: Journeys) -> None:
    team = await voting(journeys)
    await journeys.object(team, by="ana", kind="harms_outcome", reason="the data is wrong")
    await journeys.consent(team, by="Ana")
    assert (await journeys.consent(team, by="Ben")).stage == "stability"
    assert (await journeys.consent(team, by="Chloe")).stage == "optimization"
    with pytest.raises(errors.NoSuchBallot, match="No ballot is open"):
        await journeys.consent(team, by="Ana")


async def test_an_answer_to_other_evidence_is_refused(journeys: Journeys) -> None:
    team = await voting(journeys)
    with pytest.raises(errors.StaleEvidence):
        await journeys.consent(team, by="Ana", digest="0" * 64)
    digest = (await journeys.ballot(team)).open[0].digest
    assert (await journeys.consent(team, by="Ana", digest=digest)).said


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("confirm", {"by": "Zoe"}, errors.NotAMember),
        ("confirm", {"by": "Ana", "version": 9}, errors.StaleEvidence),
        ("confirm", {"by": ""}, errors.NotUnderstood),
        ("consent", {"by": "Ana", "ballot": "b9"}, errors.NoSuchBallot),
        ("hold", {"by": "Ana", "reason": " "}, errors.NotUnderstood),
        ("resume", {"by": "Ana"}, errors.WrongStage),
        ("explain", {"by": "Ana", "period": "yesterday", "cause": "x"}, errors.NotUnderstood),
        ("milestone", {"name": "runbok", "by": "Ben"}, errors.NotUnderstood),
        ("milestone", {"name": "runbook", "by": "Zoe"}, errors.Refused),
    ],
)
async def test_refusals_have_their_class(
    journeys: Journeys, name: str, arguments: dict[str, str], kind: type[errors.BstError]
) -> None:
    team = await started(journeys)
    with pytest.raises(kind):
        await getattr(journeys, name)(team, **arguments)
    assert (await journeys.status(team)).stage == "forming"


async def test_a_charter_refused_by_the_journey_says_why(journeys: Journeys) -> None:
    team = await started(journeys)
    bad = charter(team, members={"Ana": "claims handling", "Ben": "finance"})
    with pytest.raises(errors.CharterRefused, match="C1"):
        await journeys.amend(team, bad, by="Ana", reason="no IT")
    with pytest.raises(errors.NotUnderstood, match="another team"):
        await journeys.amend(team, charter(a_name()), by="Ana", reason="x")


async def test_milestones_are_answered_although_signals_are_not(journeys: Journeys) -> None:
    team = await started(journeys)
    assert (await journeys.milestone(team, "RUNBOOK", by="Ben")).said == ("milestone runbook reached",)
    assert (await journeys.milestone(team, "runbook")).said == ()


async def test_a_name_nobody_has_lists_those_there_are(journeys: Journeys) -> None:
    team = await started(journeys)
    for call in (journeys.status(team + "x"), journeys.hold(team + "x", by="Ana", reason="x")):
        with pytest.raises(errors.NotFound, match="did you mean"):
            await call


async def test_watching_shows_each_change_once_and_ends(journeys: Journeys) -> None:
    team = await started(journeys)

    async def act() -> None:
        for member in ("Ana", "Ben"):
            await asyncio.sleep(0.3)
            await journeys.confirm(team, by=member)
        await journeys.dissolve(team, by="Ana", reason="over", lesson="start smaller")

    acting = asyncio.create_task(act())
    async with asyncio.timeout(30):
        seen: list[Status] = [status async for status in journeys.watch(team, every=SOON)]
    await acting
    assert seen[-1].ended == "over"
    assert all(one != other for one, other in itertools.pairwise(seen))
    counts = [v.number for status in seen for v in status.verdicts if v.criterion == "confirmations"]
    assert [count for count in (0, 1, 2) if count in counts] == list(dict.fromkeys(counts))


async def test_without_a_worker_it_waits_no_longer_than_it_says(
    client: Client, task_queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bst.calls.QUERY_PATIENCE_S", 0.5)
    monkeypatch.setattr("bst.calls.UPDATE_PATIENCE_S", 0.5)
    journeys, team = Journeys(client, task_queue=task_queue), a_name()
    await journeys.start(charter(team), as_of=START)
    with pytest.raises(NoWorker, match="bst up"):
        await journeys.status(team)
    with pytest.raises(NoWorker, match="may still be carried out"):
        await journeys.hold(team, by="Ana", reason="x")
    heard: list[errors.BstError] = []
    watch = journeys.watch(team, every=SOON, trouble=heard.append)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(watch), 2)
    assert heard
    assert all(isinstance(error, NoWorker) for error in heard)
    row = next(row for row in await journeys.list() if row.team == team)
    assert (row.stage, row.gate, row.execution) == ("forming", None, "running")


async def test_what_the_sdk_cannot_read_of_a_paused_workflow_is_said() -> None:
    with pytest.raises(errors.BstError, match="temporal workflow unpause"):
        async with told(1):
            WorkflowExecutionStatus(8)
    with pytest.raises(ValueError, match="something else"):
        async with told(1):
            raise ValueError("something else")


async def test_a_silent_server_is_not_taken_for_a_missing_worker() -> None:
    with pytest.raises(errors.ServerUnreachable) as silent:
        async with told(0.01):
            await asyncio.sleep(1)
    assert silent.value.code == "server_unreachable"


async def test_a_journey_that_begins_while_it_is_asked_is_not_called_ended(journeys: Journeys) -> None:
    team = await started(journeys)  # between the answer "there is none" and the look at why
    error = await calls._absence(journeys.client, team)
    assert isinstance(error, errors.NotFound)
    assert str(error) == f"The journey of {team} has only just begun: ask again."
