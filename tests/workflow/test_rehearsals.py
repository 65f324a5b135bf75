"""A rehearsal is reality: the real workflow, on a real server, gives the same journal event by event."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from bst.demo.flights import find_flights, write_flights
from bst.rehearsal.comparing import TOLERANCE, first_difference
from bst.rehearsal.on_temporal import played_on_temporal
from bst.rehearsal.planting import plant_of, planted
from bst.rehearsal.preparing import Rehearsal
from domain.envelope import Entry, check_chain
from tests.rehearsing import FIRST, METRIC, made_up, of_flights
from workflows.team_journey import TeamJourney


async def on_temporal(
    rehearsal: Rehearsal, skipper: TimeSkipper, folder: Path
) -> tuple[list[Entry], list[Entry]]:
    """Return the journal of a rehearsal in process, and that of the workflow."""
    played = rehearsal.play()
    journal = f"sqlite:///{folder / 'rehearsal.db'}"
    rows = await played_on_temporal(rehearsal, played, skipper, journal, folder.name)
    assert check_chain(rehearsal.charter.team, rows).ok
    return played.entries(), rows


async def test_real_flights_give_the_same_journal(skipper: TimeSkipper, tmp_path: Path) -> None:
    write_flights(find_flights(), tmp_path)

    # With a ballot that fails, one that is withdrawn or not, and a stage that is entered.
    here, there = await on_temporal(of_flights(tmp_path, date(2013, 7, 1)), skipper, tmp_path)

    assert first_difference(here, there) is None
    assert "stage_entered" in {row.kind for row in there[20:]}


async def test_a_whole_journey_with_everything_in_it_gives_the_same_journal(
    skipper: TimeSkipper, tmp_path: Path
) -> None:
    """Objected, held, silent, a source that is down, a gap, all stages, lost stability, a late milestone."""
    policy = {
        "members": {"Chloe": "3 days"},
        "milestones": {"runbook": str(FIRST + timedelta(weeks=32, days=1))},
        "objections": [{"by": "Ana", "stage": "optimization", "reason": "too soon"}],
        "holds": [
            {"by": "Ben", "on": str(FIRST + timedelta(weeks=36)), "until": str(FIRST + timedelta(weeks=37)),
             "reason": "the scanner is broken"}
        ],
    }  # fmt: skip
    (tmp_path / "answers.yaml").write_text(json.dumps(policy))
    rehearsal = made_up(tmp_path, str(tmp_path / "answers.yaml"), ballots={"open_for": "4 days"})
    outage = plant_of(
        f"outage:{METRIC}:{FIRST + timedelta(weeks=39)}:{FIRST + timedelta(weeks=40, days=1)}",
        rehearsal.charter,
    )
    recording, _ = planted(rehearsal.recording, [outage], rehearsal.charter)

    here, there = await on_temporal(rehearsal.with_recording(recording), skipper, tmp_path)

    assert first_difference(here, there) is None
    kinds = {row.kind for row in there}
    assert kinds >= {
        "journey_held", "journey_resumed", "objection_raised", "members_reminded", "regression_feared",
        "milestone_reached",
    }  # fmt: skip
    stages = [json.loads(row.body)["stage"] for row in there if row.kind == "stage_entered"]
    assert stages == ["stability", "optimization", "innovation", "stability"]


async def test_a_rehearsal_says_so_on_the_server(skipper: TimeSkipper, tmp_path: Path) -> None:
    rehearsal = made_up(tmp_path, steady=True)
    played = rehearsal.play()
    played.acts.clear()  # it goes no further than its first measurement

    await played_on_temporal(
        Rehearsal(
            rehearsal.charter, rehearsal.answers, rehearsal.recording, rehearsal.start,
            rehearsal.start + TOLERANCE,
        ),
        played, skipper, f"sqlite:///{tmp_path / 'rehearsal.db'}", tmp_path.name,
    )  # fmt: skip

    name = f"rehearsal-{tmp_path.name}"
    handle = skipper.client.get_workflow_handle(name)
    async with Worker(skipper.client, task_queue=name, workflows=[TeamJourney]):
        assert "**REHEARSAL**: played over past data" in str(
            await handle.query("__temporal_workflow_metadata")
        )
    described = await handle.describe()
    assert described.task_queue == name
    assert (await described.static_summary() or "").startswith("REHEARSAL of claims")
    assert "nothing here has happened" in (await described.static_details() or "")


def test_what_differs_is_said_with_its_place(tmp_path: Path) -> None:
    entries = made_up(tmp_path).play().entries()
    other = made_up(tmp_path, "consent:3d").play().entries()

    found = first_difference(entries, other)

    assert found is not None
    assert found.where == "at"
    assert first_difference(entries, entries[:-1]) is not None
    changed = [replace(row, body=row.body.replace('"met"', '"not_met"', 1)) for row in entries]
    found = first_difference(entries, changed)
    assert found is not None
    assert found.where == "gate_evaluated.gate.verdicts[0].status"
