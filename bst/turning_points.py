"""The turning points of a journey, in sentences: what is worth a line of all that is in its journal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain import events as e
from domain.charter import Charter
from domain.periods import label, noun
from domain.sentences import describe
from domain.verdicts import GateEvaluation
from domain.wording import figure

# What goes without saying, and what happens in every week.
_UNTOLD: Final = (e.JourneyStarted, e.OutcomeConfirmed, e.ConsentGiven)
# Criteria whose numbers say on what a gate opened; the others are about people and milestones.
# Their first words here, where the number alone would not say what it is of.
_DECIDING: Final = {
    "limits": "",
    "control": "",
    "promise": "promise kept ",
    "test": "",
    "margin": "shift ",
    "guardrail": "{} ",
    "stability": "",
    "target": "target kept ",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened in a team, at a moment of its own clock."""

    at: datetime
    team: str
    kind: str
    sentence: str


@dataclass
class Sentences:
    """Says a journey's events in their order; answers stay sealed until their ballot closes."""

    charter: Charter
    _objections: list[e.ObjectionRaised] = field(default_factory=list)
    _gate: e.GateEvaluated | None = None

    def of(self, event: e.Event) -> Iterator[tuple[e.Event, str]]:
        """Yield what to say now that this has happened, and of which event."""
        match event:
            case e.Measured():
                yield from ((event, sentence) for sentence in out_of_limits(event, self.charter))
            case e.GateEvaluated():
                self._gate = event  # told when it asks the team something
            case e.ObjectionRaised():
                self._objections.append(event)  # sealed until the ballot closes, here as everywhere
            case e.BallotOpened():
                if event.ballot.proposal.kind == "advance" and self._gate is not None:
                    yield self._gate, opened_on(self._gate.gate)
                yield event, describe(event, self.charter)
            case e.CharterAmended():
                self.charter = event.charter
                yield event, describe(event, self.charter)
            case e.BallotClosed():
                objections = [o for o in self._objections if o.ballot == event.ballot]
                yield from ((objection, describe(objection, self.charter)) for objection in objections)
                yield event, describe(event, self.charter)
            case _ if self._worth_a_line(event):
                yield event, describe(event, self.charter)

    def _worth_a_line(self, event: e.Event) -> bool:
        if isinstance(event, e.LimitsFrozen):
            return event.metric == self.charter.outcome.metric
        return not isinstance(event, _UNTOLD)


def out_of_limits(event: e.Measured, charter: Charter) -> Iterator[str]:
    """Say that the outcome's newest period is outside the frozen limits, where it is."""
    outcome = charter.outcome
    for metric in event.result.results:
        evidence = metric.evidence
        if metric.name != outcome.metric or not metric.observations or evidence is None:
            continue
        newest, control = metric.observations[-1], evidence.control
        if control is not None and newest.period in control.outside:
            value, low, high = (
                figure(number, outcome.unit, outcome.measure)
                for number in (newest.value, control.lower, control.upper)
            )
            side, limit = ("below", low) if newest.value < control.lower else ("above", high)
            side = f"just {side}" if value == limit else side  # both were rounded
            period = label(newest.period, charter.calendar)
            yield f"the {noun(charter.cadence)} of {period} has {value}, {side} the limits of {low} to {high}"


def opened_on(gate: GateEvaluation) -> str:
    """Say on which numbers a gate opened."""
    numbers = []
    for verdict in gate.verdicts:
        criterion, _, metric = verdict.criterion.partition(":")
        if criterion in _DECIDING and verdict.criterion != f"limits:{metric}":  # those of the outcome suffice
            numbers.append(f"{_DECIDING[criterion].format(metric)}{verdict.actual}")
    return f"the gate of {gate.stage} is open: {'; '.join(numbers)}"
