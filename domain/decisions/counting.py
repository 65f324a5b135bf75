"""What members count by hand: named, dated, of periods that are over, and open to correction."""

from datetime import datetime, timedelta

from domain import events as e
from domain.charting import BY_CASES
from domain.commands import RecordValue
from domain.decisions.people import member
from domain.decisions.proposals import gauge_named, period_named
from domain.errors import NotUnderstood
from domain.measurement import TAIL_PERIODS, Observation, share_of
from domain.periods import label as named_period
from domain.periods import last_closed, noun
from domain.state import Gauge, State

# What is counted as so many of so many.
_RATIOS = frozenset({"share", "rate"})


def record(state: State, command: RecordValue, now: datetime) -> tuple[e.Event, ...]:
    """Take in what a member counted. The same words again are no news."""
    by = member(state, command.by)
    gauge = gauge_named(state, command.metric)
    if gauge.source.kind != "manual":
        raise NotUnderstood(
            f"{gauge.name} comes from a source of kind {gauge.source.kind}: correct it there, and it is read "
            "again. Values are recorded only where the charter says `source: {kind: manual}`."
        )
    period = period_named(state, command.period)
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
    """Return the value as it is carried; what no chart could take is refused here, for it would stay."""
    counted, value = command.denominator is not None, command.value
    _refuse_wrong_form(state, gauge, counted=counted)
    if command.numerator is not None and command.denominator is not None:
        if gauge.measure == "share" and command.numerator > command.denominator:
            raise NotUnderstood(f"{command.numerator:g} of {command.denominator:g} is more than all.")
        value = share_of(command.numerator, command.denominator)
    assert value is not None  # the command has one of the two forms
    flaw = _flaw(gauge, value)
    if flaw:
        raise NotUnderstood(flaw)
    return Observation(period=period, value=value, denominator=command.denominator)


def _refuse_wrong_form(state: State, gauge: Gauge, *, counted: bool) -> None:
    """Refuse a value where so many of so many are needed, and the other way round."""
    if counted and gauge.measure not in _RATIOS:
        raise NotUnderstood(f"{gauge.name} is no share (its measure is {gauge.measure}): record its value.")
    limits = state.limits.get(gauge.name)
    kind = gauge.chart.kind if limits is None else limits.chart
    before = [known.denominator is not None for known in state.recorded.get(gauge.name, {}).values()]
    if any(share is not counted for share in before):
        way = "value" if counted else "numerator and denominator"
        raise NotUnderstood(f"{gauge.name} was recorded with {way} so far, and has to go on so.")
    if kind in BY_CASES and not counted:
        raise NotUnderstood(f"The {kind} chart of {gauge.name} needs numerator and denominator.")


def _flaw(gauge: Gauge, value: float) -> str:
    match gauge.measure:
        case "share" if not 0 <= value <= 1:
            return f"A share lies between 0 and 1, this is {value:g}: write 0.85 for 85 %."
        case "duration" if value <= 0:
            return f"A duration is more than 0, this is {value:g}."
        case "rare" if value < 0 or value != int(value):
            return f"Rare events are counted: a whole number, 0 where there was none. This is {value:g}."
        case "rare" if gauge.chart.kind == "t" and value > 1:
            return f"A t chart holds one event a period at most, these are {value:g}: take chart g."
    return ""
