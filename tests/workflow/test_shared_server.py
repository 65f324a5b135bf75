"""The ground that workflow tests stand on: a real server, our plugin, the sandbox, time that can be moved."""

import uuid
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper
from temporalio.worker import Replayer, Worker

from domain.errors import BstError
from workflows import search_attributes
from workflows.plugin import plugin

DAY = timedelta(days=1)


@workflow.defn(name="Days")
class Days:
    """Counts days, and continues as new after every tenth."""

    @workflow.init
    def __init__(self, days: int, last: int) -> None:
        self._days = days

    @workflow.query
    def days(self) -> int:
        return self._days

    @workflow.run
    async def run(self, days: int, last: int) -> datetime:
        while self._days < last:
            await workflow.sleep(DAY)
            self._days += 1
            if self._days % 10 == 0:
                left = search_attributes.GAP.value_set(float(last - self._days))
                workflow.upsert_search_attributes([left])
                workflow.continue_as_new(args=[self._days, last])
        return workflow.now()


@workflow.defn(name="LooksAround")
class LooksAround:
    """Tells what it shares with the worker, given the worker's ids of the same things."""

    @workflow.run
    async def run(self, domain_class: int, this_class: int) -> tuple[bool, bool]:
        return id(BstError) == domain_class, id(LooksAround) == this_class


async def _start(skipper: TimeSkipper, task_queue: str, last: int) -> WorkflowHandle[Days, datetime]:
    workflow_id = f"days-{uuid.uuid4()}"
    await skipper.client.start_workflow("Days", args=[0, last], id=workflow_id, task_queue=task_queue)
    handle: WorkflowHandle[Days, datetime] = skipper.client.get_workflow_handle(
        workflow_id, result_type=datetime
    )
    return handle


async def test_time_stands_until_it_is_moved_and_no_day_is_lost_over_continue_as_new(
    client: Client, skipper: TimeSkipper, task_queue: str
) -> None:
    async with Worker(client, task_queue=task_queue, workflows=[Days]):
        handle = await _start(skipper, task_queue, last=1000)
        assert await handle.query(Days.days) == 0

        assert await skipper.fast_forward(handle, 105 * DAY + timedelta(hours=12))

        assert await handle.query(Days.days) == 105
        attributes = (await handle.describe()).typed_search_attributes
        assert attributes[search_attributes.GAP] == 900.0
        await handle.terminate()


async def test_a_history_replays_with_the_same_plugin(
    client: Client, skipper: TimeSkipper, task_queue: str
) -> None:
    async with Worker(client, task_queue=task_queue, workflows=[Days]):
        handle = await _start(skipper, task_queue, last=5)
        await skipper.fast_forward(handle, 6 * DAY)
        await handle.result()

    await Replayer(workflows=[Days], plugins=[plugin()]).replay_workflow(await handle.fetch_history())


async def test_workflows_share_the_domain_and_are_sandboxed_themselves(
    client: Client, task_queue: str
) -> None:
    async with Worker(client, task_queue=task_queue, workflows=[LooksAround]):
        shared_domain, shared_workflow = await client.execute_workflow(
            LooksAround.run,
            args=[id(BstError), id(LooksAround)],
            id=f"looks-{uuid.uuid4()}",
            task_queue=task_queue,
        )

    assert shared_domain
    assert not shared_workflow
