"""What a journey asks of the answers database: the one thing that is due next."""

from domain.commands import RecordPulse, RecordReadBack
from domain.readback.standing import next_task_at
from domain.state import State
from workflows import pulse_tasks, read_back_tasks


async def asked(state: State) -> RecordPulse | RecordReadBack:
    """Do what is due, and return what became of it. A forming team has read-backs, a later one pulses."""
    if next_task_at(state) is not None:
        return await read_back_tasks.asked(state)
    return await pulse_tasks.asked(state)
