"""Changes planted into past data, to see whether the gates notice: a shift, a drift, an outage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from bst.rehearsal.course import Course
from bst.rehearsal.engine import Played
from bst.rehearsal.recording import Recorded, Recording
from domain import events as e
from domain.charter import Charter
from domain.errors import BadInput
from domain.finding import nearest
from domain.measurement import Observation
from domain.periods import label, noun, period_of_day
from domain.state import Gauge, gauges
from domain.wording import counted, moment
from domain.zones import start_of_day

FORMS: Final = (
    "shift:METRIC:DAY:SIZE, drift:METRIC:DAY:SIZE (per period) or outage:METRIC:DAY:DAY; the metric may be "
    "`outcome`, a size is in its unit or like -10%"
)


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted change: from the period of a day on, by a size or by a part of each value."""

    text: str
    kind: Literal["shift", "drift", "outage"]
    metric: str
    since: date
    size: float = 0.0
    relative: bool = False
    until: date | None = None


def plant_of(text: str, charter: Charter) -> Plant:
    """Return what was written.

    Raises:
        BadInput: it has no such form, or the charter has no such metric.
    """
    kind, _, rest = text.partition(":")
    parts = rest.rsplit(":", 2)
    if kind not in {"shift", "drift", "outage"} or len(parts) != 3:  # noqa: PLR2004 - metric, day, and one more
        raise BadInput(f"--plant {text!r}: write {FORMS}.")
    metric, since = _metric(parts[0], charter, text), _day(parts[1], text)
    if kind == "outage":
        until = _day(parts[2], text)
        if until <= since:
            raise BadInput(f"--plant {text!r}: the outage ends before it begins.")
        return Plant(text, "outage", metric, since, until=until)
    size, relative = _size(parts[2], text)
    return Plant(text, "shift" if kind == "shift" else "drift", metric, since, size, relative)


def planted(recording: Recording, plants: Sequence[Plant], charter: Charter) -> tuple[Recording, list[str]]:
    """Return the recording with the changes in it, and what could not be done in full, a sentence each.

    Raises:
        BadInput: a metric has no source to change, or a change lies outside its data.
    """
    notes: list[str] = []
    known = {gauge.name: gauge for gauge in gauges(charter)}
    for plant in plants:
        before = recording.metrics.get(plant.metric)
        if before is None:
            raise BadInput(f"--plant {plant.text!r}: {plant.metric} is counted by hand and has no source.")
        _within(before, plant, charter)
        after, cut = _changed(before, plant, known[plant.metric], charter)
        recording = recording.with_metric(plant.metric, after)
        if cut:
            notes.append(f"{plant.text}: {counted(cut, charter.cadence)} were cut to what the measure allows")
    return recording, notes


def _within(recorded: Recorded, plant: Plant, charter: Charter) -> None:
    """Refuse a change that begins after the data or, an outage, ends before them: nothing could show it."""
    if not recorded.values:
        raise BadInput(f"--plant {plant.text!r}: {plant.metric} has no data to change.")
    calendar = charter.calendar
    first, last = min(recorded.values), max(recorded.values)
    early = plant.until is not None and period_of_day(plant.until, calendar) < first
    if early or period_of_day(plant.since, calendar) > last:
        raise BadInput(
            f"--plant {plant.text!r}: the data of {plant.metric} go from the {noun(charter.cadence)} of "
            f"{label(first, calendar)} to that of {label(last, calendar)}: name a day within them."
        )


def noticed(plant: Plant, base: Played, changed: Played, course: Course) -> Iterator[str]:
    """Yield what of a planted change shows: signals, a regression, gates, and what the base did instead."""
    charter = changed.charter
    begin = start_of_day(plant.since, charter.time_zone)
    if plant.kind == "outage":
        yield from _outage(plant, course, begin)
    else:
        signal = _first_signal(changed, plant, charter)
        before = _first_signal(base, plant, charter)
        if signal is None:
            yield f"no signal of {plant.metric} shows it"
        elif signal == before:
            at, periods = signal
            yield f"the first signal after it came without it too: told on {moment(at)}, {periods}"
        else:
            at, periods = signal
            yield f"first signal of {plant.metric} told on {moment(at)}: {periods}"
    yield from _moves(base, changed, begin)


def _moves(base: Played, changed: Played, begin: datetime) -> Iterator[str]:
    """Say which moves between stages came only with the change, and which only without it."""
    with_it, without = _moved(changed, begin), _moved(base, begin)
    for at, what in with_it:
        if (at, what) not in without:
            yield f"{what} on {moment(at)}, not so without it"
    for at, what in without:
        if (at, what) not in with_it:
            yield f"without it: {what} on {moment(at)}"
    if with_it == without:
        yield "no gate and no regression came otherwise"


def _moved(played: Played, begin: datetime) -> list[tuple[datetime, str]]:
    found = []
    for at, event in played.happened:
        if at < begin:
            continue
        if isinstance(event, e.StageEntered):
            back = event.stage == "stability" and event.previous != "forming"
            found.append((at, f"{'back to' if back else 'entered'} {event.stage}"))
        elif isinstance(event, e.RegressionFeared):
            found.append((at, "stability in doubt"))
        elif isinstance(event, e.BallotOpened) and event.ballot.proposal.kind == "advance":
            found.append((at, "the gate opened"))
    return found


def _first_signal(played: Played, plant: Plant, charter: Charter) -> tuple[datetime, str] | None:
    since, calendar = period_of_day(plant.since, charter.calendar), charter.calendar
    for at, event in played.happened:
        if not isinstance(event, e.Measured):
            continue
        for result in event.result.results:
            if result.name != plant.metric or result.evidence is None or result.evidence.control is None:
                continue
            control = result.evidence.control
            marked = sorted({p for p in (*control.outside, *control.runs) if p >= since})
            if marked:
                how = "a run on one side" if marked[-1] in control.runs else "outside the limits"
                return at, f"{how}, {noun(charter.cadence)} of {label(marked[-1], calendar)}"
    return None


def _outage(plant: Plant, course: Course, begin: datetime) -> Iterator[str]:
    failing = [row for row in course.rows if plant.metric in row.troubles and row.at >= begin]
    if not failing:
        yield "nobody read the source while it was down"
        return
    many = counted(len(failing), course.charter.cadence)
    yield f"noticed on {moment(failing[0].at)}: {many} could not be judged"
    layer = next(g.layer for g in gauges(course.charter) if g.name == plant.metric)
    if layer == "support":
        yield "no gate looks at it: it is of the support layer"
    else:
        yield "gates stay shut while it is down"


def _changed(recorded: Recorded, plant: Plant, gauge: Gauge, charter: Charter) -> tuple[Recorded, int]:
    zone = charter.time_zone
    if plant.kind == "outage":
        assert plant.until is not None  # an outage has both ends
        span = (start_of_day(plant.since, zone), start_of_day(plant.until, zone))
        return replace(recorded, outages=(*recorded.outages, span)), 0
    since = period_of_day(plant.since, charter.calendar)
    values, cut = dict(recorded.values), 0
    for period, point in recorded.values.items():
        if period >= since:
            steps = period - since + 1 if plant.kind == "drift" else 1
            size = plant.size * (point.value if plant.relative else 1) * steps
            values[period], outside = _moved_point(point, size, gauge)
            cut += outside
    return replace(recorded, values=values), cut


def _moved_point(point: Observation, size: float, gauge: Gauge) -> tuple[Observation, bool]:
    """Return the point moved, and whether it had to be cut to what its measure allows."""
    value = point.value + size
    low, high = (0.0, 1.0) if gauge.measure == "share" else (0.0, float("inf"))
    if gauge.measure == "amount":
        return point.model_copy(update={"value": value}), False
    if gauge.measure in {"count", "rare"}:
        value = float(round(value))
    inside = min(max(value, low), high)
    if gauge.measure == "duration" and inside <= 0:
        inside = point.value / 1000  # a duration is above 0: as good as none
    return point.model_copy(update={"value": inside}), inside != value


def _metric(name: str, charter: Charter, text: str) -> str:
    if name == "outcome":
        return charter.outcome.metric
    known = {gauge.name.casefold(): gauge.name for gauge in gauges(charter)}
    if name.casefold() not in known:
        names = list(known.values())
        hint = nearest(name, names) or f": the charter has {', '.join(names)}"
        raise BadInput(f"--plant {text!r}: there is no metric {name!r}{hint}.")
    return known[name.casefold()]


def _day(text: str, whole: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"--plant {whole!r}: {text!r} is no day, such as 2013-06-24; write {FORMS}.") from None


def _size(text: str, whole: str) -> tuple[float, bool]:
    relative = text.strip().endswith("%")
    try:
        size = float(text.strip().removesuffix("%"))
    except ValueError:
        raise BadInput(f"--plant {whole!r}: {text!r} is no size; write {FORMS}.") from None
    if size != size or abs(size) == float("inf") or not size:  # noqa: PLR0124 - NaN is not itself
        raise BadInput(f"--plant {whole!r}: {text!r} changes nothing that could be measured.")
    return (size / 100, True) if relative else (size, False)
