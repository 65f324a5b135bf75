"""Freezing limits anew: only the team does it, signed, with its cause and Wheeler's four questions answered.

Limits that move by themselves hide every slow decline. Source of the questions: Wheeler, Making Sense of
Data, 2003; in the form of Wheeler 2010, page 224, as qicharts2 cites it.
"""

from datetime import datetime

from domain import events as e
from domain.ballots import Rebase
from domain.commands import ProposeRebase
from domain.decisions.people import member
from domain.decisions.proposals import gauge_named, open_by, period_named
from domain.errors import NotUnderstood, WrongStage
from domain.periods import label
from domain.state import State

# Each must be answered with yes: the key, and what a no means.
QUESTIONS = {
    "different": "Does the data show a distinctly different behaviour than before?",
    "known": "Is the reason for the change known?",
    "desirable": "Is the new behaviour desirable?",
    "lasting": "Is it intended, and expected to continue?",
}


def rebase(state: State, command: ProposeRebase, now: datetime) -> tuple[e.Event, ...]:
    """Ask everybody whether limits are frozen anew from a period on."""
    by = member(state, command.by)
    gauge = gauge_named(state, command.metric)
    no = [question for key, question in QUESTIONS.items() if not getattr(command, key)]
    if no:
        raise NotUnderstood(
            f"Limits are frozen anew only where all four questions are answered with yes. Not so: "
            f"{' '.join(no)} Keep the limits, look for the cause, and explain single points instead."
        )
    limits, period = state.limits.get(gauge.name), period_named(state, command.since)
    calendar = state.charter.calendar
    if limits is None:
        raise WrongStage(f"{gauge.name} has no frozen limits yet: there is nothing to freeze anew.")
    newest = state.series[gauge.name].last if gauge.name in state.series else None
    if newest is None or not limits.first < period <= newest:
        last = "no data" if newest is None else label(newest, calendar)
        raise NotUnderstood(
            f"Limits of {gauge.name} can begin after {label(limits.first, calendar)}, where the present ones "
            f"do, and up to the newest period, {last}; not at {label(period, calendar)}."
        )
    proposal = Rebase(by=by, metric=gauge.name, period=period, cause=command.cause, answered=tuple(QUESTIONS))
    return open_by(state, proposal, by, now, revises=command.revises)
