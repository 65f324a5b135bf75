"""What a journey waits for by itself, in words: on its page and on its timers."""

from datetime import datetime

from domain.ballots import reminders_at
from domain.periods import label, last_closed, noun
from domain.pulses.timing import next_pulse_at, next_task_at
from domain.schedule import next_measure_at, next_timer_at, settle_time
from domain.state import State
from domain.wording import moment, named


def next_words(state: State) -> str:
    """Return what the journey does next by itself: a period, or what is due before."""
    if state.measured_at is None or state.measures_served < state.measures_wanted:
        return "a measurement, now"
    measure, timer, task = next_measure_at(state), next_timer_at(state), next_task_at(state)
    if task is not None and task < min(measure, timer or measure):
        return f"the answers of the pulse on {moment(task)}"
    if timer is not None and timer < measure:
        return _due(state, timer)
    if state.trouble:
        return f"another try of {named(state.trouble)} on {moment(measure)}"
    calendar = state.charter.calendar
    period = last_closed(measure, calendar, settle_time(state.charter))
    return f"{noun(calendar.cadence)} of {label(period, calendar)} on {moment(measure)}"


def _due(state: State, timer: datetime) -> str:
    for ballot in state.ballots:
        if timer == ballot.closes_at:
            return f"ballot {ballot.id} closes on {moment(timer)}"
        if timer in reminders_at(ballot)[ballot.reminders :]:
            return f"reminder of ballot {ballot.id} on {moment(timer)}"
    for commitment in state.together.commitments.open:
        if timer == commitment.until:
            return f"commitment {commitment.id} of {commitment.owner} is due until {moment(timer)}"
    if timer == next_pulse_at(state):
        return f"a pulse opens on {moment(timer)}"
    for absent, given in state.delegations.items():
        if timer == given.until:
            return f"the absence of {absent} ends on {moment(timer)}"
    what = "exemption" if state.exempt is not None and timer == state.exempt.until else "grace period"
    return f"{what} ends on {moment(timer)}"
