"""What members count by hand: named, dated, of periods that are over, and open to correction."""

from datetime import datetime, timedelta

from domain import events as e
from domain.commands import RecordValue
from domain.decisions.people import member
from domain.decisions.proposals import gauge_of, period_of_text
from domain.errors import NotUnderstood
from domain.measurement import TAIL_PERIODS, Observation, share_of
from domain.periods import label as named_period
from domain.periods import last_closed, noun
from domain.state import Gauge, State


def record(state: State, command: RecordValue, now: datetime) -> tuple[e.Event, ...]:
    """Take in what a member counted. The same words again are no news."""
    by = member(state, command.by)
    gauge = gauge_of(state, command.metric)
    if gauge.source.kind != "manual":
        raise NotUnderstood(
            f"{gauge.name} comes from a source of kind {gauge.source.kind}: correct it there, and it is read "
            "again. Values are recorded only where the charter says `source: {kind: manual}`."
        )
    period = period_of_text(state, command.period)
    _refuse_wrong_period(state, period, now)
    observation = _observation(state, gauge, command, period)
    before = state.recorded.get(gauge.name, {}).get(period)
    if before == observation:
        return ()
    return (
        e.ValueRecorded(
            by=by, metric=gauge.name, observation=observation, before=before, note=command.note, at=now
        ),
    )


def _refuse_wrong_period(state: State, period: int, now: datetime) -> None:
    calendar = state.charter.calendar
    newest, word = last_closed(now, calendar, timedelta(0)), noun(state.charter.cadence)
    name = named_period(period, calendar)
    if period > newest:
        raise NotUnderstood(
            f"The {word} of {name} is not over: the newest that can be recorded is "
            f"{named_period(newest, calendar)}."
        )
    if period <= newest - TAIL_PERIODS:
        raise NotUnderstood(
            f"The {word} of {name} is more than {TAIL_PERIODS} {noun(state.charter.cadence, 2)} ago: what is "
            f"carried begins with {named_period(newest - TAIL_PERIODS + 1, calendar)}."
        )


def _observation(state: State, gauge: Gauge, command: RecordValue, period: int) -> Observation:
    counted, value = command.denominator is not None, command.value
    if counted and gauge.measure != "share":
        raise NotUnderstood(
            f"{gauge.name} is no share but a measure of kind {gauge.measure}: record its value."
        )
    before = [known.denominator is not None for known in state.recorded.get(gauge.name, {}).values()]
    if any(share is not counted for share in before):
        way = "value" if counted else "numerator and denominator"
        raise NotUnderstood(f"{gauge.name} was recorded with {way} so far, and has to go on so.")
    if command.numerator is not None and command.denominator is not None:
        value = share_of(command.numerator, command.denominator)
    assert value is not None  # the command has one of the two forms
    if gauge.measure == "share" and not 0 <= value <= 1:
        raise NotUnderstood(f"A share lies between 0 and 1, this is {value:g}: write 0.85 for 85 %.")
    if gauge.measure == "duration" and value <= 0:
        raise NotUnderstood(f"A duration is more than 0, this is {value:g}.")
    return Observation(period=period, value=value, denominator=command.denominator)
