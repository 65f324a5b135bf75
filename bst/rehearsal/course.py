"""The course of a journey, read from its events: period by period, stage by stage, and its turning points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bst.turning_points import Line, Sentences, opened_on
from domain import events as e
from domain.charter import Charter, Stage
from domain.measurement import MeasureResult, Observation
from domain.periods import label
from domain.verdicts import GateEvaluation, Verdict

# Which way a criterion's deciding number is better, to tell the nearest of several misses.
_MORE_IS_BETTER: Final = frozenset({"limits", "promise", "margin", "guardrail", "efficiency", "target"})
_LESS_IS_BETTER: Final = frozenset({"control", "test", "gaps", "stability"})
Happened = Iterable[tuple[datetime, e.Event]]


@dataclass(slots=True)
class Row:
    """One period that was measured in one stage, with how the gate stood after it."""

    at: datetime
    period: int
    label: str
    stage: Stage
    value: float | None = None
    missing: bool = False
    troubles: tuple[str, ...] = ()
    signal: bool = False
    gate: GateEvaluation | None = None
    opened: bool = False


@dataclass(slots=True)
class Holder:
    """A criterion that held a stage's gate: in how many periods, in how many of them alone."""

    criterion: str
    title: str
    periods: int = 0
    alone: int = 0
    undecided: int = 0
    longest: int = 0
    nearest: tuple[Row, Verdict] | None = None
    _running: int = 0

    def held(self, row: Row, verdict: Verdict, *, alone: bool) -> None:
        """Count a period in which it held the gate."""
        self.periods += 1
        self._running += 1
        self.longest = max(self.longest, self._running)
        self.undecided += verdict.status == "undecided"
        if alone:
            self.alone += 1
            if self.nearest is None or _nearer(verdict, self.nearest[1]):
                self.nearest = (row, verdict)

    def met(self) -> None:
        """Take note of a period in which it did not."""
        self._running = 0


@dataclass(slots=True)
class Stay:
    """One stretch of time in a stage."""

    stage: Stage
    entered: datetime
    left: datetime | None = None
    to: Stage | None = None
    reason: str = ""
    rows: list[Row] = field(default_factory=list)
    opened_at: datetime | None = None
    opened_on: str = ""

    @property
    def holders(self) -> list[Holder]:
        """What held the gate, the longest first."""
        found: dict[str, Holder] = {}
        for row in self.rows:
            held = {} if row.gate is None else {v.criterion: v for v in row.gate.held_by}
            for criterion, verdict in held.items():
                holder = found.setdefault(criterion, Holder(criterion, verdict.title))
                holder.held(row, verdict, alone=len(held) == 1)
            for criterion, holder in found.items():
                if criterion not in held:
                    holder.met()
        return sorted(found.values(), key=lambda one: -one.periods)

    @property
    def open_periods(self) -> int:
        """In how many periods the gate stood open."""
        return sum(row.opened or (row.gate is not None and row.gate.open) for row in self.rows)


@dataclass(slots=True)
class Course:
    """All of it, in order."""

    charter: Charter
    rows: list[Row]
    stays: list[Stay]
    lines: list[Line]

    @property
    def missing(self) -> list[str]:
        """The periods without a value of the outcome, once each."""
        return list(dict.fromkeys(row.label for row in self.rows if row.missing))


def course_of(happened: Happened, charter: Charter) -> Course:
    """Return the course of what happened; `charter` is the one that the journey began with."""
    reader = _Reader(charter)
    for at, event in happened:
        reader.read(at, event)
    return Course(charter, reader.rows, reader.stays, reader.lines)


@dataclass
class _Reader:
    charter: Charter
    rows: list[Row] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    _say: Sentences = field(init=False)
    _newest: Observation | None = None
    _troubled: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._say = Sentences(self.charter)

    def read(self, at: datetime, event: e.Event) -> None:
        """Take in the next event."""
        match event:
            case e.JourneyStarted():
                self.stays.append(Stay("forming", at))
            case e.CharterAmended():
                self.charter = event.charter
            case e.Measured():
                self._tell(at, "source", self._troubles(event.result))
                self._measured(at, event.result)
            case e.GateEvaluated():
                self._judged(at, event.gate)
            case e.StageEntered():
                self._moved(at, event.stage, event.reason)
            case e.TeamDissolved():
                self._moved(at, "dissolved", event.reason)
        for told, sentence in self._say.of(event):
            self.lines.append(Line(at, self.charter.team, told.kind, sentence))

    def _tell(self, at: datetime, kind: str, sentences: Iterable[str]) -> None:
        self.lines += [Line(at, self.charter.team, kind, sentence) for sentence in sentences]

    def _troubles(self, result: MeasureResult) -> Iterator[str]:
        """Say which sources begin to fail, and which answer again."""
        now = {one.name: one.trouble for one in result.results if one.trouble is not None}
        for name, trouble in now.items():
            if self._troubled.get(name) != trouble.code:
                yield f"source fails ({trouble.code}): {trouble.message}"
        for name in self._troubled.keys() - now.keys():
            yield f"the source of {name} answers again"
        self._troubled = {name: trouble.code for name, trouble in now.items()}

    def _measured(self, at: datetime, result: MeasureResult) -> None:
        outcome = next((one for one in result.results if one.name == self.charter.outcome.metric), None)
        stay = self.stays[-1]
        row = self.rows[-1] if self.rows else None
        if row is None or (row.period, row.stage) != (result.through, stay.stage):
            name = label(result.through, self.charter.calendar)
            before = stay.rows[-1].gate if stay.rows else None  # a gate is told again only when it changes
            row = Row(at, result.through, name, stay.stage, gate=before)
            self.rows.append(row)
            stay.rows.append(row)
        row.troubles = tuple(one.name for one in result.results if one.trouble is not None)
        if outcome is None:
            return
        newest = outcome.observations[-1] if outcome.observations else None
        if newest is not None:
            self._newest = newest
        if self._newest is not None:
            row.missing = self._newest.period < result.through
            row.value = None if row.missing else self._newest.value
        control = outcome.evidence.control if outcome.evidence else None
        if control is not None:
            row.signal = result.through in {*control.outside, *control.runs}

    def _judged(self, at: datetime, gate: GateEvaluation) -> None:
        stay = self.stays[-1]
        if stay.rows and gate.stage == stay.stage:
            stay.rows[-1].gate = gate
            stay.rows[-1].opened = stay.rows[-1].opened or gate.open
        if gate.open and stay.opened_at is None and stay.stage != "forming":
            stay.opened_at, stay.opened_on = at, opened_on(gate)

    def _moved(self, at: datetime, stage: Stage, reason: str) -> None:
        stay = self.stays[-1]
        stay.left, stay.to, stay.reason = at, stage, reason
        self.stays.append(Stay(stage, at))


def nearest_misses(stay: Stay, count: int) -> list[tuple[Row, Verdict, int]]:
    """Return where one criterion alone held the gate: its nearest period, and in how many it was alone."""
    alone = [(*holder.nearest, holder.alone) for holder in stay.holders if holder.nearest is not None]
    return sorted(alone, key=lambda one: -one[2])[:count]


def _nearer(one: Verdict, other: Verdict) -> bool:
    """Whether a verdict is nearer to being met; what cannot be compared is as near as the newest."""
    kind = one.criterion.partition(":")[0]
    if one.number is None or other.number is None:
        return True
    if kind in _MORE_IS_BETTER:
        return one.number >= other.number
    return one.number <= other.number if kind in _LESS_IS_BETTER else True
