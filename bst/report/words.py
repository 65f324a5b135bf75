"""What the page says beside its pictures, person by nobody: outcomes are the team's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bst.report.history import History
from bst.report.plot import Plot
from bst.report.text import reading
from bst.report.tracks import Track
from domain.charter import Stage
from domain.charting import BETWEEN_EVENTS, BY_CASES
from domain.periods import label, noun
from domain.state import State
from domain.telling import ASSURANCE, VARIATION, contributed, details, told
from domain.verdicts import Status, Verdict
from domain.wording import counted, listed, moment, named

STAGES: Final[tuple[Stage, ...]] = ("forming", "stability", "optimization", "innovation", "completed")
STATUS_WORDS: Final[dict[Status, str]] = {
    "met": "met",
    "not_met": "not met",
    "undecided": "too little data",
    "error": "source fails",
}
_LAYERS: Final = {"outcome": "the outcome", "guardrail": "guardrail", "efficiency": "efficiency"}


@dataclass(frozen=True, slots=True)
class Check:
    """One criterion of the gate, as a row."""

    status: Status
    word: str
    title: str
    actual: str
    needed: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One stage on the way, and whether the team is past it, in it, or before it."""

    name: str
    place: str


def steps(state: State) -> tuple[Step, ...]:
    """Return the stages in order; a dissolved team's way ends where it was."""
    if state.stage == "dissolved":
        return (Step("dissolved", "now"),)
    at = STAGES.index(state.stage)
    return tuple(
        Step(name, "past" if number < at else "now" if number == at else "ahead")
        for number, name in enumerate(STAGES)
    )


def checklist(history: History) -> tuple[Check, ...]:
    """Return the gate's criteria; who promised or confirmed what is a record of its own, and not here."""
    gate = history.state.gate
    if gate is None:
        return ()
    return tuple(
        Check(v.status, STATUS_WORDS[v.status], v.title, _actual(v, history.state), v.needed, v.counts)
        for v in gate.verdicts
    )


def _actual(verdict: Verdict, state: State) -> str:
    kind, _, name = verdict.criterion.partition(":")
    match kind:
        case "confirmations":
            members, version = state.charter.members, state.outcome_version
            confirmed = sum(state.confirmations.get(member) == version for member in members)
            return f"{confirmed} of {len(members)}"
        case "milestone":
            reached = state.milestones.get(name)
            return "not yet" if reached is None else f"reached {reached.at:%Y-%m-%d}"
        case "exemption" if state.exempt is not None:
            return f"until {moment(state.exempt.until)}: {state.exempt.reason}"
        case "hold" if state.hold is not None:
            return f"held since {moment(state.hold.at)}: {state.hold.reason}"
        case _:
            return verdict.actual


def sentence(track: Track, state: State) -> str:
    """Return what the newest points of a metric say."""
    said = told(track.gauge, track.evidence, track.limits, state.charter.calendar)
    if track.trouble is not None:
        said += f" Its source fails since {moment(track.trouble.since)}: {track.trouble.message}"
    return said


def variation(track: Track) -> str:
    """Return the words beside the icon of variation."""
    found = None if track.evidence is None else track.evidence.variation
    return "" if found is None else f"Newest point: {VARIATION[found]}."


def assurance(track: Track) -> str:
    """Return the words beside the icon of assurance."""
    found = None if track.evidence is None else track.evidence.assurance
    return "" if found is None else f"{ASSURANCE[found][0].upper()}{ASSURANCE[found][1:]}."


def role(track: Track) -> str:
    """Return what a metric is for, and which way is better."""
    gauge = track.gauge
    way = "higher is better" if gauge.direction == "up" else "lower is better"
    whose = f"{gauge.function}'s own" if gauge.function else "support"
    return f"{_LAYERS.get(gauge.layer, whose)}, {way}"


def beneath(track: Track, plot: Plot | None, state: State) -> tuple[str, ...]:
    """Return what stands beneath a chart: n, limits, rules, gaps, memory, and what is not drawn."""
    calendar = state.charter.calendar
    lines = [] if track.evidence is None else [
        line for line in details(track.gauge, track.evidence, track.limits, calendar)
        if not line.startswith(("newest point, by the rules", "the level may have changed"))
        and "the outcome" not in line.partition(" (")[0]
    ]  # fmt: skip
    lines += _of_drawing(track, plot, state)
    return tuple(f"{line[:1].upper()}{line[1:].removesuffix('.')}." for line in lines)


def _of_drawing(track: Track, plot: Plot | None, state: State) -> Iterator[str]:
    calendar = state.charter.calendar
    if track.restated:
        many = counted(len(track.restated), calendar.cadence)
        yield f"the source corrected {many} later: the newest values are shown"
    if track.begun_anew is not None:
        since = f"{track.begun_anew:%Y-%m-%d}"
        yield f"what was measured before the charter was amended on {since} was another number"
    if plot is None:
        return
    if plot.left_out:
        yield f"{plot.left_out} earlier points are not drawn; the data has them (`--format csv`)"
    levels = {"target": track.gauge.target, "promise": track.gauge.promise}
    for name in plot.beyond:
        level = levels[name]
        assert level is not None  # only what there is can lie beyond
        where = "above" if level > plot.high else "below"
        said = reading(level, track.gauge.unit, track.gauge.measure)
        yield f"the {name} of {said} lies {where} what is drawn"
    if track.phases and track.phases[-1].limits.chart in BY_CASES:
        yield "each point has limits of its own, by its cases, so there is no chart of moving ranges"
    if track.phases and track.phases[-1].limits.chart in BETWEEN_EVENTS:
        at = noun(calendar.cadence)
        yield f"events are rare: drawn is the time between them, at the {at} of the later one"


def questions(history: History) -> tuple[str, ...]:
    """Return what the numbers of the metrics that may hold a gate ask; only the team can answer."""
    if history.state.over:
        return ()
    return tuple(
        question
        for track in history.tracks
        if track.gauge.layer != "support"
        for question in _questions(track, history.state)
    )


def _questions(track: Track, state: State) -> Iterator[str]:
    calendar, found = state.charter.calendar, track.evidence
    if found is None:
        return
    open_ = [] if found.control is None else [p for p in found.control.bad if p not in track.explained]
    if open_:
        when = listed(open_, calendar)
        yield f"{track.name}, {when}: is the cause known? Then anybody may propose to take it as explained."
    for change in found.changes:
        when = f"{noun(calendar.cadence)} of {label(change.period, calendar)}"
        levels = " to ".join(
            reading(x, track.gauge.unit, track.gauge.measure) for x in (change.before, change.after)
        )
        yield (
            f"{track.name}: its level may have changed in the {when}, from {levels}. "
            "Is the reason known, wanted, and here to stay? Then anybody may propose to freeze limits anew."
        )


def holding(history: History) -> str:
    """Return what keeps the gate shut, in one sentence; nothing where it is open or there is none."""
    gate = history.state.gate
    if gate is None or gate.open or history.state.over:
        return ""
    many = len(gate.held_by)
    hold = "holds" if many == 1 else "hold"
    return f"No ballot is open: {many} of {len(gate.counting)} criteria {hold} the gate of {gate.stage}."


def contribution(track: Track, state: State) -> str:
    """Return how a metric of the support layer moves with the outcome."""
    found = None if track.evidence is None else track.evidence.contribution
    if found is None:
        return "There are not enough numbers yet to say how it moves with the outcome."
    said = contributed(found, state.charter.cadence)
    return f"{said[0].upper()}{said[1:]}."


def breaks(track: Track, state: State) -> tuple[str, ...]:
    """Return where limits were frozen anew, why, and who signed it."""
    calendar = state.charter.calendar
    return tuple(
        f"From {label(found.first, calendar)} on, limits are frozen anew: {found.cause} "
        f"({found.signed}, {found.at:%Y-%m-%d})."
        for found in track.breaks
    )


def explained(track: Track, state: State) -> tuple[str, ...]:
    """Return the explained points with their causes."""
    calendar = state.charter.calendar
    return tuple(f"{label(period, calendar)}: {cause}" for period, cause in track.explained.items())


def functions(state: State) -> str:
    """Return which functions own the outcome together."""
    return named(dict.fromkeys(state.charter.members.values()))
