"""Journeys for tests of the rules: a charter, a script of commands, and strategies that make both."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain import commands as c
from domain import schedule
from domain.charter import Charter
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

    def consent_all(self) -> None:
        """Let every member consent on the first open ballot."""
        ballot = self.state.ballots[0].id
        for member in self.state.charter.members:
            self.do(c.GiveConsent(by=member, ballot=ballot))

    def measure(self, **results: MetricResult) -> tuple[Event, ...]:
        """Record a measurement, at the time when it is due; metrics not named give sound, calm evidence."""
        self.now = max(self.now, schedule.next_measure_at(self.state))
        return self.do(measured(self.state, self.now, results))


def begun(**changes: Any) -> Play:
    """Return a journey that has just started."""
    events = decide(None, c.StartJourney(charter=charter(**changes)), START)
    state = fold(None, events)
    assert state is not None
    return Play(state=state, events=events)


def measured(state: State, now: datetime, results: dict[str, MetricResult]) -> c.RecordMeasurement:
    """Return a measurement that serves the present wish."""
    through = last_closed(now, state.charter.cadence, schedule.settle_time(state.charter))
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
        "improvement": improvement(),
        "at_target": 12,
        "at_target_of": 12,
    }
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


finite = st.floats(-1e6, 1e6, allow_nan=False)
_periods = st.lists(st.integers(2900, 2960), max_size=4, unique=True).map(lambda p: tuple(sorted(p)))


@st.composite
def results(draw: st.DrawFn, name: str) -> MetricResult:
    """Draw any result of a metric: sound, poor, empty or failing."""
    if draw(st.integers(0, 9)) == 0:
        return failing(name)
    bad = draw(_periods)
    changes: dict[str, Any] = {}
    if draw(st.booleans()):
        changes["control"] = draw(
            st.sampled_from([None, control(judged=3), control(outside=bad, bad=bad), control(runs=bad)])
        )
    if draw(st.booleans()):
        changes["improvement"] = draw(
            st.sampled_from(
                [None, improvement(p_value=0.5), improvement(shift_low=-3.0), improvement(in_control=False)]
            )
        )
    if draw(st.booleans()):
        changes |= {"bad_streak": draw(st.integers(0, 4)), "at_target": draw(st.integers(0, 12))}
    if draw(st.integers(0, 4)) == 0:
        changes |= {"n": 0, "limits": None, "control": None, "improvement": None}
    found = evidence(**changes)
    new = tuple(
        Observation(period=draw(st.integers(2900, 2990)), value=draw(finite))
        for _ in range(draw(st.integers(0, 3)))
    )
    return MetricResult(name=name, observations=new, evidence=found)


Step = tuple[str, Any]
_people = st.sampled_from([*MEMBERS, "Mallory"])
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.just("confirm"), _people),
        st.tuples(st.just("confirm_all"), st.none()),
        st.tuples(st.just("consent"), _people),
        st.tuples(st.just("consent_all"), st.none()),
        st.tuples(st.just("object"), _people),
        st.tuples(st.just("hold"), _people),
        st.tuples(st.just("resume"), _people),
        st.tuples(st.just("explain"), st.tuples(_people, st.integers(2900, 2960))),
        st.tuples(st.just("amend"), st.tuples(_people, st.sampled_from(["target", "members", "rebase"]))),
        st.tuples(st.just("dissolve"), _people),
        st.tuples(st.just("milestone"), st.sampled_from(["runbook", "pilot", "nonsense"])),
        st.tuples(st.just("wait"), st.integers(1, 200)),
        st.tuples(
            st.just("measure"),
            st.fixed_dictionaries(
                {
                    name.replace(" ", "_"): results(name)
                    for name in ("days to payment", "cost per claim", "complaints")
                }
            ),
        ),
        st.tuples(st.just("calm"), st.none()),
    ),
    max_size=40,
)


def run(play: Play, script: list[Step], support: list[MetricResult] | None = None) -> None:
    """Do each step of a script; `support` replaces what the support metric gives, one by one."""
    support = list(support or [])
    for kind, argument in script:
        if play.state.over:
            return
        _step(play, kind, argument, support)


def _step(play: Play, kind: str, argument: Any, support: list[MetricResult]) -> None:  # noqa: C901, PLR0912 - a table
    match kind:
        case "confirm":
            play.do(c.ConfirmOutcome(by=argument))
        case "confirm_all":
            play.confirm_all()
        case "consent":
            play.do(c.GiveConsent(by=argument))
        case "consent_all" if play.state.ballots:
            play.consent_all()
        case "object":
            play.do(c.RaiseObjection(by=argument, objection="irreversible", reason="we cannot go back"))
        case "hold":
            play.do(c.HoldJourney(by=argument, reason="the line is down"))
        case "resume":
            play.do(c.ResumeJourney(by=argument))
        case "explain":
            by, period = argument
            day = (START + timedelta(weeks=period - 2923)).date().isoformat()
            play.do(c.ExplainSignal(by=by, period=day, cause="a storm"))
        case "amend":
            play.do(
                c.ProposeAmendment(
                    by=argument[0], reason="we learned", charter=amended(play.state, argument[1])
                )
            )
        case "dissolve":
            play.do(c.DissolveTeam(by=argument, reason="done", lesson="start smaller"))
        case "milestone":
            play.do(c.ReachMilestone(name=argument))
        case "wait":
            play.now += timedelta(hours=argument)
            play.do(c.PassTime())
        case "measure" | "calm":
            given = dict(argument or {})
            if support:
                given["portal_latency"] = support.pop()
            play.measure(**given)


def amended(state: State, what: str) -> Charter:
    """Return the charter with one thing changed."""
    before = state.charter
    match what:
        case "target":
            return before.model_copy(update={"outcome": before.outcome.model_copy(update={"target": 2.5})})
        case "members":
            return before.model_copy(update={"members": {**before.members, "Dora": "legal"}})
        case _:
            gate = before.stages.stability.model_copy(update={"baseline_from": date(2026, 2, 2)})
            return before.model_copy(update={"stages": before.stages.model_copy(update={"stability": gate})})
