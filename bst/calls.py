"""The calls that a journey answers, each bounded in time and with errors that people understand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from pydantic import BaseModel
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from bst import overview
from bst.failures import Missing, NoWorker, late, told
from bst.update_ids import Moment
from domain.charter import Charter
from domain.errors import BstError, JourneyOver, NotFound, WrongStage
from domain.finding import nearest
from domain.views import Receipt
from domain.wording import figure, named
from workflows import search_attributes as keys
from workflows.messages import TEAM_JOURNEY, JourneyInput, journey_id

# Seconds. A query takes 10 ms, with a worker that has to replay a long journey first 2 s.
QUERY_PATIENCE_S: Final = 5.0
# Seconds. As a query; and when a worker dies over the update, the server hands it to the next one.
UPDATE_PATIENCE_S: Final = 10.0
# Seconds. What the server does without a worker takes some 10 ms.
SERVER_PATIENCE_S: Final = 5.0
# A server that serves says so in milliseconds.
_HEALTH_PATIENCE: Final = timedelta(seconds=1)
# How a workflow ends when no rule of a journey ended it.
_CUT_SHORT: Final = {
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED: "cancelled",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed out",
}
_ANOTHER_NAME: Final = "To go on, start a charter with another `team` name: `bst start CHARTER`."
# Teams that a sentence names before it only counts them.
_NAMED: Final = 8

_Answer = TypeVar("_Answer", bound=BaseModel)


async def start(client: Client, task_queue: str, charter: Charter, as_of: datetime | None) -> None:
    """Start a journey; a second one of the same team is refused."""
    try:
        async with told(SERVER_PATIENCE_S, changes=True):
            await client.start_workflow(
                TEAM_JOURNEY,
                JourneyInput(charter=charter, as_of=as_of),
                id=journey_id(charter.team),
                task_queue=task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=_summary(charter),
                # The workflow would fail for ever where the server does not know them; this refuses at once.
                search_attributes=_first_attributes(charter),
            )
    except WorkflowAlreadyStartedError:
        if how := await cut_short(client, charter.team):
            raise WrongStage(f"{how} {_ANOTHER_NAME}") from None
        raise WrongStage(
            f"The journey of {charter.team} has started already, and a team has one. See it with "
            f"`bst status {charter.team}`; propose another charter with `bst amend {charter.team}`."
        ) from None


async def query(client: Client, team: str, name: str, result: type[_Answer]) -> _Answer:
    """Ask a journey; it may have ended."""
    async with _about(client, team, QUERY_PATIENCE_S, worker=True):
        answer: _Answer = await client.get_workflow_handle(journey_id(team)).query(name, result_type=result)
    return answer


async def update(client: Client, team: str, name: str, command: BaseModel, update_id: str) -> Receipt:
    """Have a journey carry out a command, once per id."""
    async with _about(client, team, UPDATE_PATIENCE_S, worker=True, changes=True):
        receipt: Receipt = await client.get_workflow_handle(journey_id(team)).execute_update(
            name, command, id=update_id, result_type=Receipt
        )
    return receipt


async def signal(client: Client, team: str, name: str, command: BaseModel) -> None:
    """Send a journey something that it does not answer."""
    async with _about(client, team, SERVER_PATIENCE_S, changes=True):
        await client.get_workflow_handle(journey_id(team)).signal(name, command)


async def moment(client: Client, team: str) -> Moment:
    """Return how far a journey has come; no worker is needed.

    By the raw call, because the SDK's own fails over a workflow that an operator paused.
    """
    async with _about(client, team, SERVER_PATIENCE_S):
        info = await _describe(client, team)
    return Moment(info.execution.run_id, info.history_length)


async def cut_short(client: Client, team: str) -> str:
    """Return how an operator ended a journey that its team did not; empty for any other."""
    async with _about(client, team, SERVER_PATIENCE_S):
        return _cut_short(await _describe(client, team))


async def all_rows(client: Client) -> tuple[overview.Row, ...]:
    """Return every journey in one row; no worker is needed."""
    async with told(SERVER_PATIENCE_S):
        return await overview.rows(client)


@asynccontextmanager
async def _about(
    client: Client, team: str, seconds: float, *, worker: bool = False, changes: bool = False
) -> AsyncIterator[None]:
    """Run a call as `told` does, and say who is not there: the journey, the worker or the server."""
    try:
        async with told(seconds, worker=worker, changes=changes):
            yield
    except NoWorker:
        if await _serves(client):
            raise
        raise late(seconds, worker=False, changes=changes) from None
    except Missing:
        raise await _absence(client, team) from None


async def _serves(client: Client) -> bool:
    try:
        return await client.service_client.check_health(timeout=_HEALTH_PATIENCE)
    except RPCError:
        return False


async def _absence(client: Client, team: str) -> BstError:
    try:
        async with told(SERVER_PATIENCE_S):
            info = await _describe(client, team)
    except Missing:
        teams = [row.team for row in await all_rows(client)]
        if not teams:
            return NotFound(f"No journey is called {team!r}, and none has started: `bst start CHARTER`.")
        more = f" and {len(teams) - _NAMED} more" if len(teams) > _NAMED else ""
        there = f"{', '.join(teams[:_NAMED])}{more}" if more else named(teams)
        hint = nearest(team, teams) or "."
        return NotFound(f"No journey is called {team!r}{hint} There is {there}.")
    if info.status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING:
        return NotFound(f"The journey of {team} has only just begun: ask again.")  # since the call was made
    if how := _cut_short(info):
        return JourneyOver(f"{how} {_ANOTHER_NAME}")
    return JourneyOver(f"The journey of {team} has ended; `bst status {team}` shows how.")


def _cut_short(info: Any) -> str:
    how = _CUT_SHORT.get(info.status)
    team = info.execution.workflow_id.removeprefix(journey_id(""))
    return f"The journey of {team} was {how} in Temporal, not by its team: it does not go on." if how else ""


async def _describe(client: Client, team: str) -> Any:
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=journey_id(team))
    )
    answer = await client.workflow_service.describe_workflow_execution(request, retry=True)
    return answer.workflow_execution_info


def _first_attributes(charter: Charter) -> TypedSearchAttributes:
    functions = sorted(set(charter.members.values()))
    return TypedSearchAttributes(
        [SearchAttributePair(keys.STAGE, "forming"), SearchAttributePair(keys.FUNCTIONS, functions)]
    )


def _summary(charter: Charter) -> str:
    """Return one line that stays true for as long as the charter does."""
    outcome = charter.outcome
    target = figure(outcome.target, outcome.unit, outcome.measure)
    return f"{charter.team}: {outcome.metric} {outcome.direction} to {target} by {outcome.deadline}"
