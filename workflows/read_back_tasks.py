"""What a journey asks of the answers database about its read-back, and what it makes of the answer."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.commands import RecordReadBack
from domain.readback.records import CountReadBackTask, OpenReadBack, OpenReadBackTask, ReadBackCount
from domain.readback.standing import current
from domain.state import State
from workflows.edges import one_line
from workflows.limits import PULSE_RETRIES, PULSE_TIMEOUT
from workflows.messages import COUNT_READ_BACK, OPEN_READ_BACK


async def asked(state: State) -> RecordReadBack:
    """Open the journey's read-back in the answers database, or have it counted; return what became of it."""
    found = current(state)
    assert found is not None  # only a journey with an open read-back has this to do
    try:
        if not found.ready:
            await _open(state, found)
            return RecordReadBack(number=found.number)
        return RecordReadBack(number=found.number, count=await _count(state, found))
    except ActivityError as error:
        if workflow.cancellation_reason() is not None:
            raise  # somebody cancelled the journey: no database failed
        return RecordReadBack(number=found.number, trouble=one_line(error.cause or error))


async def _open(state: State, found: OpenReadBack) -> None:
    rules = state.charter.forming.read_back
    assert rules is not None  # `current` is of a charter that asks for it
    await workflow.execute_activity(
        OPEN_READ_BACK,
        OpenReadBackTask(
            team=state.charter.team,
            number=found.number,
            opened_at=found.opened_at,
            statement=state.charter.outcome.statement,
            situations=rules.situations,
        ),
        start_to_close_timeout=PULSE_TIMEOUT,
        retry_policy=PULSE_RETRIES,
        summary=f"take answers of read-back r{found.number}",
    )


async def _count(state: State, found: OpenReadBack) -> ReadBackCount:
    rules = state.charter.forming.read_back
    assert rules is not None  # as above
    count: ReadBackCount = await workflow.execute_activity(
        COUNT_READ_BACK,
        CountReadBackTask(
            team=state.charter.team,
            number=found.number,
            opened_at=found.opened_at,
            people=rules.people,
            functions=rules.functions,
        ),
        result_type=ReadBackCount,
        start_to_close_timeout=PULSE_TIMEOUT,
        retry_policy=PULSE_RETRIES,
        summary=f"count read-back r{found.number}",
    )
    return count
