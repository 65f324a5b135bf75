"""What people send to a journey: taken, refused with a reason, or recorded; it never sticks."""

from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.testing import TimeSkipper

from domain import commands as c
from tests.workflow.team import StartTeam, Team, charter, journal, started, working


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


async def refusal(team: Team, name: str, command: Any) -> tuple[str | None, str]:
    """Return the code and the sentence with which an update is refused."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await team.update(name, command)
    cause = caught.value.cause
    assert isinstance(cause, ApplicationError)
    return cause.type, cause.message


@pytest.mark.parametrize(
    "payload",
    [
        "runbook",
        {"name": "runbook"},
        {"name": "runbook", "by": "ana", "note": "in the wiki"},
        raw(b'"runbook"'),
    ],
)
async def test_a_milestone_comes_as_a_name_or_an_object(start_team: StartTeam, payload: Any) -> None:
    team = await start_team()
    await team.handle.signal("milestone", payload)
    assert (await team.status()).milestones == {"runbook": True}


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ([], "0 values"),
        (["runbook", "Ben"], "2 values"),
        (["picnic"], "There is no milestone 'picnic': the charter has runbook."),
        ([{"name": "runbook", "by": "Mallory"}], "not a member"),
        ([{"nom": "runbook"}], "name: Field required"),
        ([17], "neither a name nor an object"),
        ([None], "neither a name nor an object"),
        ([raw(b"{broken")], "could not be read"),
        ([raw(b"\xff\xfe", b"binary/plain")], "neither a name nor an object"),
        ([raw(b"x", b"of/another/world")], "could not be read"),
        ([["runbook"] * 1000], "neither a name nor an object"),
    ],
)
async def test_a_nonsense_signal_is_recorded_and_the_journey_goes_on(
    start_team: StartTeam, args: list[Any], reason: str
) -> None:
    team = await start_team()
    await team.handle.signal("milestone", args=args)
    status = await team.status()
    assert "refused" in status.attention
    assert reason in " ".join(status.notes)
    assert status.milestones == {"runbook": False}

    await team.handle.signal("milestone", "runbook")
    assert (await team.status()).milestones == {"runbook": True}


@pytest.mark.parametrize(
    ("name", "command", "code", "words"),
    [
        ("confirm", c.ConfirmOutcome(by="Mallory"), "not_a_member", "the members are Ana, Ben and Chloe"),
        ("confirm", c.ConfirmOutcome(by="Ana", version=7), "stale_evidence", "version 1 is the present one"),
        ("consent", c.GiveConsent(by="Ana"), "no_such_ballot", "No ballot is open."),
        ("resume", c.ResumeJourney(by="Ben"), "wrong_stage", "nothing to resume"),
        (
            "explain",
            c.ExplainSignal(by="Ben", period="someday", cause="x"),
            "not_understood",
            "'someday' is no date",
        ),
        (
            "explain",
            c.ExplainSignal(by="Ben", period="2026-01-01", cause="x"),
            "not_understood",
            "is no signal",
        ),
        (
            "amend",
            c.ProposeAmendment(by="Ben", reason="x", charter=charter("other")),
            "not_understood",
            "another team",
        ),
    ],
)
async def test_an_update_that_the_rules_do_not_allow_is_refused_with_its_code(
    start_team: StartTeam, name: str, command: Any, code: str, words: str
) -> None:
    team = await start_team()
    before = await team.status()
    found, sentence = await refusal(team, name, command)
    assert found == code
    assert words in sentence
    assert await team.status() == before


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"by": 3},
        {"by": "Ana", "role": "boss"},
        "Ana",
        17,
        None,
        raw(b"{broken"),
        raw(b"", b"binary/null"),
    ],
)
async def test_an_update_of_another_form_is_refused_and_changes_nothing(
    start_team: StartTeam, payload: Any
) -> None:
    team = await start_team()
    before = await team.status()
    with pytest.raises(WorkflowUpdateFailedError):
        await team.handle.execute_update("confirm", payload)
    assert await team.status() == before


async def test_an_update_with_no_value_or_two_is_refused(start_team: StartTeam) -> None:
    team = await start_team()
    for args in ([], [c.ConfirmOutcome(by="Ana"), c.ConfirmOutcome(by="Ben")]):
        with pytest.raises(WorkflowUpdateFailedError):
            await team.handle.execute_update("confirm", args=args)
    assert "waiting for Ana, Ben and Chloe" in str((await team.status()).verdicts)


async def test_the_same_update_id_gets_the_same_answer_and_counts_once(start_team: StartTeam) -> None:
    team = await start_team()
    first = await team.update("confirm", c.ConfirmOutcome(by="Ana"), "confirm-Ana-v1")
    again = await team.update("confirm", c.ConfirmOutcome(by="Ana"), "confirm-Ana-v1")
    assert first == again
    assert first.said == ("Ana confirmed version 1 of the outcome",)


async def test_a_charter_that_does_not_pass_its_lint_never_becomes_a_journey(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    outcome = charter("x").outcome.model_dump(mode="json")
    squishy = outcome | {"statement": "Improve business flexibility", "metric": "flexibility score"}
    with journal(tmp_path) as store:
        async with working(client, task_queue, tmp_path, store):
            team = await started(skipper, task_queue, tmp_path, store, outcome=squishy)
            with pytest.raises(WorkflowFailureError) as caught:
                await team.handle.result()
    assert "E11" in str(caught.value.cause)
    assert not (tmp_path / "journal.db").exists()
