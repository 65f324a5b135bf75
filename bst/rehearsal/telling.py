"""A rehearsal as people and programs read it: its course in words, tables and one document."""

from collections.abc import Iterator
from typing import Any, Final

from bst.rehearsal.answers import assumptions
from bst.rehearsal.course import Course, Holder, Stay, course_of, nearest_misses
from bst.rehearsal.engine import Played
from bst.rehearsal.preparing import Rehearsal
from domain.periods import noun
from domain.state import State
from domain.wording import counted, figure, moment, so_many

LABEL: Final = "REHEARSAL"
# Criteria that a stage is summed up with, and near misses of each: what fits beside one another.
HOLDERS: Final = 4
MISSES: Final = 3


def title(rehearsal: Rehearsal, played: Played) -> str:
    """Return the first line: whose, and of when."""
    return (
        f"{LABEL} of {played.charter.team}, {moment(rehearsal.start)} to {moment(rehearsal.end)}: "
        "nothing here has happened"
    )


def taken_for_granted(rehearsal: Rehearsal) -> list[str]:
    """Return what the rehearsal assumes, a sentence each."""
    return [
        *assumptions(rehearsal.answers, rehearsal.charter),
        *rehearsal.left_out,
        "sources said then what they say today",
    ]


def ending(course: Course, state: State) -> str:
    """Return where it stands at the end, and why."""
    if state.ending is not None:
        return f"{state.stage}: {state.ending.reason}"
    stay = course.stays[-1]
    gate = state.gate
    since = f"in {state.stage} since {moment(stay.entered)}"
    if gate is None:
        return since
    if gate.open:
        return f"{since}; its gate is open"
    held = "; ".join(f"{v.title}: {v.actual}" for v in gate.held_by)
    return f"{since}; held by {held}"


def lasted(stay: Stay, course: Course) -> str:
    """Return how long a stay was, until it was left or last measured: whole days."""
    until = course.rows[-1].at if stay.left is None else stay.left
    days = (until - stay.entered).days
    return so_many(days, "day") if days else "under a day"


def held_by(stay: Stay, course: Course) -> Iterator[str]:
    """Yield what held a stay's gate, the longest first."""
    for holder in stay.holders[:HOLDERS]:
        yield f"{holder.title}: {_how_long(holder, course)}"
    rest = len(stay.holders) - HOLDERS
    if rest > 0:
        yield f"and {rest} more"


def misses(course: Course) -> Iterator[str]:
    """Yield the near misses: periods in which one criterion alone held a gate, and how close it came."""
    for stay in course.stays:
        for row, verdict, times in nearest_misses(stay, MISSES):
            once = f"in {counted(times, course.charter.cadence)}"
            yield (
                f"{stay.stage}: {verdict.title} was alone in holding the gate {once}, nearest in the "
                f"{noun(course.charter.cadence)} of {row.label}: {verdict.actual}; needed {verdict.needed}"
            )


def document(rehearsal: Rehearsal, played: Played, course: Course) -> dict[str, Any]:
    """Return all of it for programs."""
    entries = played.entries()
    return {
        "rehearsal": True,
        "team": played.charter.team,
        "from": rehearsal.start.isoformat(),
        "to": rehearsal.end.isoformat(),
        "assumed": taken_for_granted(rehearsal),
        "stage": played.state.stage,
        "ending": ending(course, played.state),
        "stages": [_stay(stay) for stay in course.stays],
        "turning_points": [
            {"at": line.at.isoformat(), "kind": line.kind, "sentence": line.sentence} for line in course.lines
        ],
        "periods": [
            {
                "period": row.label,
                "at": row.at.isoformat(),
                "stage": row.stage,
                "value": row.value,
                "missing": row.missing,
                "signal": row.signal,
                "troubles": list(row.troubles),
                "open": row.gate is not None and row.gate.open,
                "held_by": [] if row.gate is None else [v.criterion for v in row.gate.held_by],
            }
            for row in course.rows
        ],
        "near_misses": list(misses(course)),
        "not_allowed": [
            {"at": one.at.isoformat(), "what": one.what, "why": one.why} for one in played.not_allowed
        ],
        "missing": course.missing,
        "events": len(entries),
        "last_hash": entries[-1].hash,
    }


def told(played: Played) -> Course:
    """Return the course of what was played."""
    return course_of(played.happened, played.charter)


def value_of(row_value: float | None, course: Course) -> str:
    """Return the outcome's value of a period as people read it."""
    outcome = course.charter.outcome
    return "" if row_value is None else figure(row_value, outcome.unit, outcome.measure)


def _how_long(holder: Holder, course: Course) -> str:
    cadence = course.charter.cadence
    words = counted(holder.periods, cadence)
    if holder.longest < holder.periods:
        words += f", {holder.longest} in a row"
    if holder.undecided:
        words += f", {holder.undecided} of them with too little data"
    return words + (f", {holder.alone} alone" if holder.alone else "")


def _stay(stay: Stay) -> dict[str, Any]:
    return {
        "stage": stay.stage,
        "entered": stay.entered.isoformat(),
        "left": None if stay.left is None else stay.left.isoformat(),
        "to": stay.to,
        "reason": stay.reason,
        "periods": len({row.period for row in stay.rows}),
        "open_periods": stay.open_periods,
        "gate_opened": None if stay.opened_at is None else stay.opened_at.isoformat(),
        "gate_opened_on": stay.opened_on,
        "held_by": [
            {
                "criterion": holder.criterion,
                "title": holder.title,
                "periods": holder.periods,
                "longest": holder.longest,
                "undecided": holder.undecided,
                "alone": holder.alone,
            }
            for holder in stay.holders
        ],
    }
