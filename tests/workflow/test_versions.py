"""A run stays with the version of the worker that it began on; the next goes to the newest."""

import uuid
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from bst.settings import Settings
from domain import commands as c
from domain.errors import BadInput
from tests.temporal_server import settings_in
from tests.workflow.team import journal, measured, started, steps, write_weeks
from worker import build_worker

# The server tells a run of a newer version with its next tasks, when it has spread the word itself.
WEEKS_UNTIL_SEEN = 30


def versioned(folder: Path, task_queue: str, name: str, build: str) -> Settings:
    return settings_in(
        folder,
        BST_TASK_QUEUE=task_queue,
        TEMPORAL_ADDRESS="127.0.0.1:1",
        TEMPORAL_DEPLOYMENT_NAME=name,
        TEMPORAL_WORKER_BUILD_ID=build,
    )


async def make_current(client: Client, name: str, build: str) -> None:
    """Say which version new runs go to, as soon as the server has seen its worker."""
    for _ in range(100):
        try:
            await client.workflow_service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=client.namespace, deployment_name=name, build_id=build, identity="test"
                )
            )
        except RPCError:
            continue
        return
    pytest.fail(f"the server never saw version {build}")


async def run_of(client: Client, journey: str) -> tuple[str, str]:
    """Return the present run and the version that it is pinned to."""
    found = await client.get_workflow_handle(journey).describe()
    info = found.raw_description.workflow_execution_info.versioning_info
    return found.run_id, info.deployment_version.build_id


async def test_a_run_stays_with_its_version_and_the_next_goes_to_the_newest(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    name = f"bst-{uuid.uuid4().hex[:8]}"

    def worker(build: str) -> Worker:
        return build_worker(client, versioned(tmp_path, task_queue, name, build))

    with journal(tmp_path) as store:
        async with worker("v1"):
            await make_current(client, name, "v1")
            team = await started(skipper, task_queue, tmp_path, store)
            await team.until(measured)
            first = await run_of(client, team.handle.id)
            async with worker("v2"):
                await make_current(client, name, "v2")
                second = first
                for _ in range(WEEKS_UNTIL_SEEN):
                    await team.pass_weeks(1)
                    second = await run_of(client, team.handle.id)
                    if second != first:
                        break
                await team.update("confirm", c.ConfirmOutcome(by="Ana"))
                assert (await team.status()).verdicts[1].number == 1

    assert first[1] == "v1"
    assert second[1] == "v2"
    assert first[0] != second[0]


async def test_half_a_version_is_refused(client: Client, task_queue: str, tmp_path: Path) -> None:
    settings = versioned(tmp_path, task_queue, "bst", "v1")
    half = {k: v for k, v in settings.temporal.items() if k != "TEMPORAL_WORKER_BUILD_ID"}
    with pytest.raises(BadInput, match="go together"):
        build_worker(client, settings.model_copy(update={"temporal": half}))
