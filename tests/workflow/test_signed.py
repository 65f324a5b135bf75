"""A team with keys on the real server: who has full access to the namespace still answers for nobody."""

import asyncio
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from bst.client import Journeys
from bst.keys import private
from bst.keys.signer import Signer
from domain import commands as c
from domain.errors import BadSignature, KeyUnusable, NotSigned, StaleSignature
from domain.statement import Standing
from tests.unit.signers import KEYS, PRIVATE, signed
from tests.workflow.team import StartTeam, Team, steps, write_weeks
from workflows.messages import TEAM_JOURNEY, CarriedJourney, JourneyInput, journey_id


@pytest.fixture
async def team(start_team: StartTeam, tmp_path: Path) -> Team:
    """A team with keys that has formed and is asked whether to go on to optimization."""
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team(keys=KEYS)
    for member in KEYS:
        await team.update("confirm", signed(await about(team), c.ConfirmOutcome(by=member, version=1)))
    await team.until(lambda status: bool(status.ballots))
    return team


async def about(team: Team) -> Standing:
    found: Standing = await team.handle.query("standing", result_type=Standing)
    return found


async def consent(team: Team, by: str, note: str = "") -> c.GiveConsent:
    ballot = (await team.ballots()).open[0]
    return c.GiveConsent(by=by, ballot=ballot.id, digest=ballot.digest, note=note)


async def code(team: Team, name: str, command: Any) -> str | None:
    """Send an update by Temporal's own client, and return the code of its refusal."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await team.update(name, command)
    assert isinstance(caught.value.cause, ApplicationError)
    return caught.value.cause.type


async def answered(team: Team) -> tuple[str, ...]:
    return (await team.ballots()).open[0].answered


async def test_nobody_with_full_access_answers_for_a_member(team: Team, client: Client) -> None:
    ana, ben = await consent(team, "Ana"), await consent(team, "Ben")
    known = await about(team)
    other = known.model_copy(update={"journey": str(uuid.uuid4())})
    yes = signed(known, ana)
    forged: tuple[tuple[str, Any, str], ...] = (
        ("consent", ana, NotSigned.code),
        ("consent", {"by": "Ana"}, NotSigned.code),
        ("consent", signed(known, ana, key="new"), BadSignature.code),
        ("consent", signed(other, ana), BadSignature.code),
        ("consent", yes.model_copy(update={"note": "and more"}), BadSignature.code),
        ("consent", yes.model_copy(update={"by": "Ben"}), BadSignature.code),
        ("consent", signed(known, ana, number=9), StaleSignature.code),
        ("hold", c.HoldJourney(by="Ana", reason="no"), NotSigned.code),
        ("dissolve", c.DissolveTeam(by="Ana", reason="no", lesson="no"), NotSigned.code),
    )
    for name, command, expected in forged:
        assert await code(team, name, command) == expected
    await team.handle.signal("milestone", {"name": "runbook", "by": "Ben"})
    status = await team.status()
    assert status.milestones == {"runbook": False}
    assert "Ben has to sign this" in " ".join(status.notes)
    assert await answered(team) == ()
    await team.update("consent", signed(known, ben))
    assert await answered(team) == ("Ben",)


async def test_a_signed_answer_counts_once_at_once_and_later(team: Team) -> None:
    yes = signed(await about(team), await consent(team, "Ana"))
    receipts = await asyncio.gather(*(team.update("consent", yes) for _ in range(8)))
    assert sorted(len(receipt.said) for receipt in receipts) == [0] * 7 + [1]
    assert (await about(team)).numbers["Ana"] == 2
    said = yes.model_dump(include={"by", "ballot", "digest"})
    no = c.RaiseObjection(**said, objection="irreversible", reason="I looked again")
    await team.update("object", signed(await about(team), no))
    assert await code(team, "consent", yes) == StaleSignature.code
    for member in ("Ben", "Chloe"):
        await team.update("consent", signed(await about(team), await consent(team, member)))
    last = (await team.ballots()).last
    assert last is not None
    assert last.outcome == "objected"


async def test_signatures_are_kept_sealed_and_hold_for_no_other_run(
    team: Team, client: Client, task_queue: str
) -> None:
    yes = signed(await about(team), await consent(team, "Ana"))
    assert yes.signature is not None
    await team.update("consent", yes)
    seen = [await team.status(), await team.ballots(), await about(team)]
    assert all(yes.signature.ed25519 not in view.model_dump_json() for view in seen)
    page = (await team.handle.describe()).raw_description
    assert yes.signature.ed25519 not in str(page)
    stolen = await carried(team)
    assert stolen.state.ballots[0].answers.keys() == {"Ana"}
    assert stolen.state.signed["Ana"] == 2
    # Else whoever may start workflows could begin where old signatures count once more.
    name = f"{journey_id(team.name)}-again"
    await client.start_workflow(TEAM_JOURNEY, JourneyInput(carried=stolen), id=name, task_queue=task_queue)
    with pytest.raises(WorkflowFailureError) as caught:
        await client.get_workflow_handle(name).result()
    assert isinstance(caught.value.cause, ApplicationError)
    assert "another journey's" in caught.value.cause.message


async def carried(team: Team) -> CarriedJourney:
    """Return the journey's state as its own events make it."""
    from domain.evolve import fold
    from domain.parsing import parse_event

    entries = list(team.store.read(team.name))
    pending = (await team.handle.query("pending"))["envelopes"]
    bodies = [entry.envelope().body for entry in entries] + [one["body"] for one in pending]
    events = tuple(event for body in bodies if (event := parse_event(body)) is not None)
    state = fold(None, events)
    assert state is not None
    return CarriedJourney(
        state=state, clock_offset=timedelta(0), sequence=len(events), outbox=(), receipts={}
    )


# The client, with keys in files.
@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the keys of all members, those of Ana alone under a passphrase."""
    for name, key in PRIVATE.items():
        private.write(key, tmp_path / "keys" / f"{name}.key", "open sesame" if name == "Ana" else None, name)
    return tmp_path / "keys"


async def test_the_client_signs_what_the_journey_wants_signed(
    team: Team, client: Client, place: Path
) -> None:
    asked = list[Path]()

    def passphrase(file: Path) -> str:
        asked.append(file)
        return "open sesame"

    journeys = Journeys(client, signer=Signer(place, passphrase=passphrase))
    await journeys.milestone(team.name, "runbook", by="ben")
    assert (await team.status()).milestones == {"runbook": True}
    await journeys.hold(team.name, by="Ana", reason="an audit")
    await journeys.resume(team.name, by="ana")
    assert asked == [place / "Ana.key"]  # once, for both
    await team.until(lambda status: bool(status.ballots))
    await journeys.object(team.name, by="Ana", kind="harms_outcome", reason="wait")
    for member in KEYS:
        await journeys.consent(team.name, by=member)
    assert (await team.status()).stage == "optimization"


async def test_the_client_says_what_it_lacks(team: Team, client: Client, place: Path) -> None:
    with pytest.raises(NotSigned, match="Ana has to sign this"):
        await Journeys(client).consent(team.name, by="Ana")
    with pytest.raises(NotSigned, match="give `Journeys` a signer"):
        await Journeys(client).milestone(team.name, "runbook", by="Ben")
    mine = Signer(place, file=place / "Dora.key", passphrase=str)
    with pytest.raises(KeyUnusable, match=r"the charter lists ed25519:.* for Ben: sign with that key"):
        await Journeys(client, signer=mine).consent(team.name, by="Ben")
    nothing = Signer(place / "none", passphrase=str)
    with pytest.raises(KeyUnusable, match=r"its private half is not here: .* is empty"):
        await Journeys(client, signer=nothing).consent(team.name, by="Ben")
    wrong = Signer(place, passphrase=lambda _: "guess")
    with pytest.raises(KeyUnusable, match="the passphrase is wrong"):
        await Journeys(client, signer=wrong).consent(team.name, by="Ana")
    assert await answered(team) == ()
