"""Journeys for tests of the rules: a charter, a journey driven by hand, and what its sources give."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from domain import commands as c
from domain import schedule
from domain.charter import Charter, Stage
from domain.decide import decide, fold
from domain.errors import Refused
from domain.events import Event
from domain.measurement import (
    Control,
    FrozenLimits,
    Improvement,
    MeasureResult,
    MetricEvidence,
    MetricResult,
    Observation,
    SourceTrouble,
)
from domain.periods import last_closed
from domain.state import State, gauges

# Far more than can be due at one moment, or than a calm journey needs.
AT_ONCE = 20
START = datetime(2026, 1, 5, tzinfo=UTC)
MEMBERS = ("Ana", "Ben", "Chloe")
LIMITS = FrozenLimits(chart="individuals", centre=11, sigma=0.6, n=20, first=2900, last=2919)


def charter(**changes: Any) -> Charter:
    """Return a sound charter; `changes` replaces parts of it."""
    source = {"kind": "files", "path": "claims.csv"}
    parts: dict[str, Any] = {
        "team": "claims",
        "outcome": {
            "statement": "A customer who files a simple claim is paid in 3 days instead of 11",
            "beneficiary": "customers who file a simple claim",
            "metric": "days to payment",
            "unit": "days",
            "direction": "down",
            "baseline": 11,
            "target": 3,
            "deadline": date(2028, 6, 30),
            "source": source,
        },
        "members": {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance"},
        "metrics": [
            {
                "name": "cost per claim",
                "layer": "efficiency",
                "unit": "EUR",
                "direction": "down",
                "source": source,
            },
            {
                "name": "complaints",
                "layer": "guardrail",
                "unit": "cases",
                "direction": "down",
                "source": source,
            },
            {
                "name": "portal latency",
                "layer": "support",
                "unit": "ms",
                "direction": "down",
                "source": source,
            },
        ],
        "milestones": {"runbook": "Ben", "pilot": "Ana"},
        "stages": {"stability": {"milestones": ["runbook"]}},
    }
    return Charter.model_validate(parts | changes)


@dataclass
class Play:
    """A journey that is driven by hand: every event that happened, and the state they fold to."""

    state: State
    now: datetime = START
    events: tuple[Event, ...] = ()
    refused: list[str] = field(default_factory=list)
    under_way: c.RecordMeasurement | None = None

    def do(self, command: c.Command) -> tuple[Event, ...]:
        """Decide and fold; a refusal is remembered and changes nothing."""
        try:
            events = decide(self.state, command, self.now)
        except Refused as error:
            self.refused.append(error.code)
            return ()
        after = fold(self.state, events)
        assert after is not None
        self.state, self.events = after, (*self.events, *events)
        return events

    def confirm_all(self) -> None:
        """Let every member confirm."""
        for member in self.state.charter.members:
            self.do(c.ConfirmOutcome(by=member))

    def consent_all(self, which: int = 0) -> None:
        """Let every member consent on an open ballot."""
        ballot = self.state.ballots[which % len(self.state.ballots)].id
        for member in self.state.charter.members:
            self.do(c.GiveConsent(by=member, ballot=ballot))

    def measure(self, **results: MetricResult) -> tuple[Event, ...]:
        """Record a measurement, at the time when it is due; metrics not named give sound, calm evidence."""
        self.now = max(self.now, schedule.next_measure_at(self.state))
        events = self.do(measured(self.state, self.now, results))
        self.pass_time()
        return events

    def pass_time(self) -> None:
        """Do what is due by now, as often as the workflow would."""
        for _ in range(AT_ONCE):
            due = schedule.next_timer_at(self.state)
            if self.state.over or due is None or due > self.now:
                return
            self.do(c.PassTime())
        raise AssertionError("time is passed again and again, and the same is due still")

    def to(self, stage: Stage) -> "Play":
        """Go on calmly, with everybody's consent, until the stage is entered."""
        self.confirm_all()
        for _ in range(AT_ONCE):
            if self.state.stage == stage:
                return self
            for name in self.state.charter.milestones:
                self.do(c.ReachMilestone(name=name))
            self.measure()
            if self.state.ballots and self.state.stage != stage:
                self.consent_all()
        raise AssertionError(f"{stage} is not reached: {self.state.gate}")


def begun(**changes: Any) -> Play:
    """Return a journey that has just started."""
    events = decide(None, c.StartJourney(charter=charter(**changes)), START)
    state = fold(None, events)
    assert state is not None
    return Play(state=state, events=events)


def measured(state: State, now: datetime, results: dict[str, MetricResult]) -> c.RecordMeasurement:
    """Return a measurement that serves the present wish."""
    through = last_closed(now, state.charter.calendar, schedule.settle_time(state.charter))
    return c.RecordMeasurement(
        result=MeasureResult(
            serves=state.measures_wanted,
            as_of=now,
            through=through,
            results=tuple(
                results.get(gauge.name.replace(" ", "_"), calm(gauge.name, through))
                for gauge in gauges(state.charter)
            ),
        )
    )


def evidence(through: int = 2930, **changes: Any) -> MetricEvidence:
    """Return evidence that meets every criterion of every stage, except for `changes`."""
    sound: dict[str, Any] = {
        "n": 32,
        "last_period": through,
        "last_value": 11.0,
        "limits": LIMITS,
        "control": control(through),
        "promise_kept": 10,
        "good_streak": 10,
        "improvement": improvement(),
        "at_target": 12,
        "at_target_of": 12,
        "diagnostics": {
            "points": 120, "missing": 2, "skew": -0.1234, "tied": 0.1667, "fewest_cases": 982,
            "most_cases": 1456,
        },
        "variation": "common_cause",
        "assurance": "inconsistent",
        "kept": {"kept": 10, "of": 10, "low": 0.7225, "high": 1},
    }  # fmt: skip
    return MetricEvidence.model_validate(sound | changes)


def control(through: int = 2930, **changes: Any) -> Control:
    """Return a calm window of ten points."""
    calm_window: dict[str, Any] = {
        "judged": 10, "window": (through - 9, through), "outside": (), "runs": (), "bad": (),
        "lower": 9, "upper": 13,
    }  # fmt: skip
    return Control.model_validate(calm_window | changes)


def improvement(**changes: Any) -> Improvement:
    """Return a look that shows a clear improvement."""
    clear: dict[str, Any] = {
        "look": 1, "alpha": 0.025, "n_before": 30, "n_after": 12, "shift": 5.0, "shift_low": 4.0,
        "margin": 0.5,
        "p_value": 0.001, "p_guard": 0.01, "cliffs_delta": 0.9, "detectable": 1.0, "good_signal": True,
        "in_control": True,
        "no_wider": True, "limits": LIMITS, "method": "block permutation", "seed": 1,
    }  # fmt: skip
    return Improvement.model_validate(clear | changes)


def calm(name: str, through: int, **changes: Any) -> MetricResult:
    """Return a metric's result with one new observation and sound evidence."""
    return MetricResult(
        name=name,
        observations=(Observation(period=through, value=11.0),),
        evidence=evidence(through, **changes),
    )


def failing(name: str) -> MetricResult:
    """Return a metric whose source fails."""
    return MetricResult(
        name=name, trouble=SourceTrouble(code="unreachable", message="the database does not answer")
    )
