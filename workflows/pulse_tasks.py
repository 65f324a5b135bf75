"""What a journey asks of the answers database, and what it makes of the answer."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.commands import RecordPulse
from domain.pulses.cycles import ClosePulseTask, OpenPulse, OpenPulseTask, PulseReport
from domain.state import State
from workflows.edges import one_line
from workflows.limits import PULSE_RETRIES, PULSE_TIMEOUT
from workflows.messages import CLOSE_PULSE, OPEN_PULSE

_LOST = "the answers database has lost its answers: they are asked for anew with the next pulse"


async def asked(state: State) -> RecordPulse:
    """Open the journey's pulse in the answers database, or close it there; return what became of it."""
    pulse = None if state.pulses is None else state.pulses.open
    assert pulse is not None  # only a journey with an open pulse has this to do
    try:
        return await (_closed(state, pulse) if pulse.ready else _opened(state, pulse))
    except ActivityError as error:
        if workflow.cancellation_reason() is not None:
            raise  # somebody cancelled the journey: no database failed
        return RecordPulse(number=pulse.number, trouble=one_line(error.cause or error))


async def discarded(state: State) -> None:
    """Destroy what an ended journey's pulse has gathered; where that fails, the team's next journey does."""
    pulse = None if state.pulses is None else state.pulses.open
    if pulse is not None:
        try:
            await _close(state, pulse, discard=True)
        except ActivityError:
            workflow.logger.warning("the answers of pulse p%d could not be destroyed", pulse.number)


async def _opened(state: State, pulse: OpenPulse) -> RecordPulse:
    await workflow.execute_activity(
        OPEN_PULSE,
        OpenPulseTask(
            team=state.charter.team,
            number=pulse.number,
            opened_at=pulse.opened_at,
            closes_at=pulse.closes_at,
            k=pulse.k,
            items=pulse.items,
            members=tuple(state.charter.members),
        ),
        start_to_close_timeout=PULSE_TIMEOUT,
        retry_policy=PULSE_RETRIES,
        summary=f"take answers of pulse p{pulse.number}",
    )
    return RecordPulse(number=pulse.number)


async def _closed(state: State, pulse: OpenPulse) -> RecordPulse:
    result = (await _close(state, pulse, discard=False)).result
    return RecordPulse(number=pulse.number, result=result, lost="" if result else _LOST)


async def _close(state: State, pulse: OpenPulse, *, discard: bool) -> PulseReport:
    report: PulseReport = await workflow.execute_activity(
        CLOSE_PULSE,
        ClosePulseTask(
            team=state.charter.team, number=pulse.number, opened_at=pulse.opened_at, discard=discard
        ),
        result_type=PulseReport,
        start_to_close_timeout=PULSE_TIMEOUT,
        retry_policy=PULSE_RETRIES,
        summary=f"close pulse p{pulse.number}",
    )
    return report
