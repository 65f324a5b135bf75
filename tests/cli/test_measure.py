"""`bst measure`: a mended file is read at once, and never more than once a minute."""

import asyncio
import uuid
from datetime import timedelta

from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bst.charter_file import load
from bst.client import Journeys
from tests.cli.place import Place, outcome
from workflows.messages import TEAM_JOURNEY, JourneyInput, journey_id


def two_minutes_old(place: Place, path: str) -> str:
    """Start a journey whose source is a file of this name, and let two minutes pass after its measurement."""
    team, file = place.charter(outcome=outcome(source={"kind": "files", "path": path}))

    async def begin(journeys: Journeys) -> None:
        skipper = TimeSkipper(
            journeys.client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=100)
        )
        await skipper.client.start_workflow(
            TEAM_JOURNEY,
            JourneyInput(charter=load(file).charter),
            id=journey_id(team),
            task_queue=place.environment["BST_TASK_QUEUE"],
        )
        async with asyncio.timeout(30):
            async for status in journeys.watch(team, every=timedelta(seconds=0.05)):
                if status.measured_at is not None:
                    break
        await skipper.fast_forward(skipper.client.get_workflow_handle(journey_id(team)), timedelta(minutes=2))

    place.ask(begin)
    return team


def test_a_mended_file_is_read_at_once(place: Place) -> None:
    name = f"late-{uuid.uuid4().hex[:8]}.csv"
    team = two_minutes_old(place, name)
    page = place.bst("status", team, COLUMNS="400").out
    assert f"once mended, `bst measure {team} --by NAME` reads it at once" in page
    assert "no_such_file" in place.bst("events", team, "--json").out
    (place.folder / name).write_text((place.folder / "days.csv").read_text())

    ran = place.bst("measure", team, "--by", "Ben")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Ben wants the sources read now\ndays to payment: 1")
    again = place.bst("measure", team, "--by", "Ana", "--json")
    assert (again.code, again.json["error"]["code"]) == (2, "wrong_stage")
    assert "ask again in a minute" in again.json["error"]["message"]


def test_one_that_still_fails_ends_with_one(place: Place) -> None:
    team = two_minutes_old(place, "never.csv")
    ran = place.bst("measure", team, "--by", "Ben", "--json")
    assert ran.code == 1
    assert ran.json["receipt"]["said"] == ["Ben wants the sources read now"]
    assert "no such file" in ran.json["evidence"]["metrics"][0]["trouble"]
    assert ran.json["status"]["attention"] == ["source"]
    offered = place.bst("status", team).out
    assert f"bst measure {team} --by NAME" in offered


def test_a_stranger_is_refused(place: Place) -> None:
    team = place.started()
    ran = place.bst("measure", team, "--by", "Zoe")
    assert (ran.code, "'Zoe' is not a member" in ran.err) == (2, True)
