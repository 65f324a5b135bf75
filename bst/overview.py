"""Every journey in one row, from search attributes alone: it works while no worker runs."""

from datetime import datetime
from typing import Final

from pydantic import Field
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from domain.model import Carried, Finite
from workflows import search_attributes as keys
from workflows.messages import TEAM_JOURNEY, journey_id

# Runs that went on as new ones are the same journey. The SDK cannot read the status of a paused workflow and
# fails the whole list over it; this program never pauses one, an operator may.
_QUERY: Final = (
    f"WorkflowType = '{TEAM_JOURNEY}' AND ExecutionStatus != 'ContinuedAsNew' AND ExecutionStatus != 'Paused'"
)
_PREFIX: Final = journey_id("")


class Row(Carried):
    """One journey as its search attributes tell it; what a journey has not said yet is None or empty."""

    team: str
    stage: str | None
    gate: str | None = Field(description="none, shut, ballot or open.")
    outcome: Finite | None = Field(description="Value of the newest period, in the charter's unit.")
    gap: Finite | None = Field(description="Still to go to the target; zero or less when reached.")
    functions: tuple[str, ...]
    attention: tuple[str, ...] = Field(description="Codes of why somebody should look.")
    next_period: datetime | None
    execution: str = Field(description="Temporal's word: running, completed, failed, terminated, ...")
    started_at: datetime


async def rows(client: Client) -> tuple[Row, ...]:
    """Return every journey of the client's namespace, by team, the newest where a team had several."""
    newest: dict[str, WorkflowExecution] = {}
    async for execution in client.list_workflows(_QUERY):
        known = newest.get(execution.id)
        if known is None or execution.start_time > known.start_time:
            newest[execution.id] = execution
    return tuple(_row(newest[name]) for name in sorted(newest) if name.startswith(_PREFIX))


def _row(execution: WorkflowExecution) -> Row:
    told = execution.typed_search_attributes
    over = execution.status is not WorkflowExecutionStatus.RUNNING
    return Row(
        team=execution.id.removeprefix(_PREFIX),
        stage=told.get(keys.STAGE),
        gate=told.get(keys.GATE),
        outcome=told.get(keys.OUTCOME),
        gap=told.get(keys.GAP),
        functions=tuple(told.get(keys.FUNCTIONS) or ()),
        attention=tuple(told.get(keys.ATTENTION) or ()),
        next_period=None if over else told.get(keys.NEXT_PERIOD),
        execution="unknown" if execution.status is None else execution.status.name.lower(),
        started_at=execution.start_time,
    )
