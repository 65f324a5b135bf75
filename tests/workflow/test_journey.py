"""One team's whole journey on a real server: real files in, real activities, time skipped."""

from pathlib import Path

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from tests.workflow.team import journal, started, steps, working, write_weeks


async def test_from_forming_to_completed(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11), (4, 6), (20, 3.2)))
    with journal(tmp_path) as store:
        async with working(client, task_queue, tmp_path, store):
            team = await started(skipper, task_queue, tmp_path, store)
            stages = [(await team.status()).stage]
            await team.confirm_all()
            await team.until(lambda status: bool(status.ballots))  # its own clock stands until it is moved
            for _ in range(80):
                status = await team.status()
                if status.stage != stages[-1]:
                    stages.append(status.stage)
                if status.stage == "innovation" and not status.milestones["runbook"]:
                    await team.handle.signal("milestone", "runbook")
                if status.stage == "completed":
                    break
                if status.ballots:
                    await team.consent_all()
                else:
                    await team.pass_weeks()
            ended = await team.handle.result()

            assert stages == ["forming", "stability", "optimization", "innovation", "completed"]
            assert ended["stage"] == "completed"
            assert store.verify_chain(team.name).ok
            assert team.kinds()[0] == "journey_started"
            assert team.kinds()[-1] == "stage_entered"
