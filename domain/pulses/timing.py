"""When a pulse opens by itself, and when the answers database has to be asked."""

from datetime import datetime

from domain.charter import GATED_STAGES
from domain.state import State


def next_pulse_at(state: State) -> datetime | None:
    """Return when a pulse opens by itself: a rhythm after the last one, or after the stage was entered."""
    rules, pulses = state.charter.pulse, state.pulses
    if rules is None or state.stage not in GATED_STAGES or len(state.charter.members) < rules.k:
        return None
    if pulses is None or pulses.last is None:
        return None if pulses is not None and pulses.open else state.entered_at + rules.every
    if pulses.open is not None:
        return None
    counted = pulses.kept or pulses.last  # one that a member opened in vain puts the next off no further
    return max(counted.opened_at + rules.every, pulses.last.closed_at + rules.open_for)


def next_task_at(state: State) -> datetime | None:
    """Return when the answers database has to be asked next: to take answers, or to take no more."""
    pulse = None if state.pulses is None else state.pulses.open
    if pulse is None or state.over:
        return None
    at = pulse.closes_at if pulse.ready else pulse.opened_at
    return at if pulse.retry_at is None else max(at, pulse.retry_at)
