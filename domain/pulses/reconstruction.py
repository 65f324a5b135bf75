"""Which command led to an event of a pulse. A part of `domain.reconstruction`."""

from typing import assert_never

from domain.commands.program import PassTime
from domain.commands.pulses import OpenPulse, RecordPulse
from domain.events.pulses import PulseClosed, PulseEvent, PulseHindered, PulseOpened, PulseReadied


def command(first: PulseEvent) -> PassTime | OpenPulse | RecordPulse:
    """Return what led there: a member, the time, or what the answers database said."""
    match first:
        case PulseOpened():
            return PassTime() if first.by is None else OpenPulse(by=first.by)
        case PulseReadied():
            return RecordPulse(number=first.number)
        case PulseHindered():
            return RecordPulse(number=first.number, trouble=first.reason)
        case PulseClosed():
            result = None if first.lost else first.result
            return RecordPulse(number=first.number, result=result, lost=first.lost)
        case _:
            assert_never(first)
