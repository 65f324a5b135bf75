"""Scripts of journeys: whatever people, sources and time may do, in any order."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from domain import commands as c
from domain.charter import Charter
from domain.decisions.rebasing import QUESTIONS
from domain.measurement import MetricResult, Observation
from domain.state import State
from tests.unit.journeys import MEMBERS, START, Play, control, evidence, failing, improvement, measured

AMENDMENTS = ("target", "unit", "members", "fewer", "cadence", "metrics", "redraw")
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
_poor = st.fixed_dictionaries(
    {name.replace(" ", "_"): results(name) for name in ("days to payment", "cost per claim", "complaints")}
)
_step: st.SearchStrategy[Step] = st.one_of(
    st.just(("calm", None)),
    st.tuples(st.just("consent_all"), st.integers(0, 4)),
    st.tuples(st.just("measure"), _poor),
    st.tuples(st.just("begin"), _poor),
    st.just(("end", None)),
    st.tuples(st.just("confirm"), _people),
    st.tuples(st.just("hold"), _people),
    st.tuples(st.just("resume"), _people),
    st.tuples(st.sampled_from(["consent", "object"]), st.sampled_from(MEMBERS)),
    st.just(("confirm_all", None)),
    st.tuples(st.just("explain"), st.tuples(_people, st.integers(2900, 2960))),
    st.tuples(st.just("amend"), st.tuples(_people, st.sampled_from(AMENDMENTS))),
    st.tuples(st.just("agree to amend"), st.tuples(st.just("Ana"), st.sampled_from(AMENDMENTS))),
    st.tuples(st.just("agree to explain"), st.tuples(st.just("Ben"), st.integers(2900, 2960))),
    st.tuples(st.just("agree to rebase"), st.tuples(st.just("Ben"), st.integers(2915, 2940))),
    st.tuples(st.just("worse"), st.integers(0, 3)),
    st.tuples(st.just("veto"), st.sampled_from(MEMBERS)),
    st.tuples(st.just("pause"), st.integers(0, 1)),
    st.tuples(st.just("milestone"), st.sampled_from(["runbook", "pilot", "nonsense"])),
    st.tuples(st.just("wait"), st.integers(1, 200)),
    st.tuples(st.just("outage"), st.integers(200, 3000)),
)
# Left to chance alone a script would nearly never get out of forming: everybody has to consent three times.
_FORWARD: tuple[Step, ...] = (
    ("confirm_all", None), ("milestone", "runbook"), ("calm", None), ("consent_all", 0),
    ("calm", None), ("consent_all", 0), ("calm", None), ("consent_all", 0),
)  # fmt: skip
# Steps: then the first gate is open.
_LATE = 4


# What means something only once a stage was reached: a step drawn from all seldom stands at the right place.
_late: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("worse"), st.integers(0, 3)),
    st.tuples(st.just("agree to rebase"), st.tuples(st.just("Ben"), st.integers(2915, 2940))),
    st.tuples(st.just("wait"), st.integers(100, 200)),
)


@st.composite
def _scripts(draw: st.DrawFn) -> list[Step]:
    # Cut where a ballot is open, or a stage was just entered; and not at all.
    script = list(_FORWARD[: draw(st.sampled_from((0, 1, 3, 4, 5, 6, 7, 8, 8)))])
    for _ in range(draw(st.integers(0, 4))):
        script.insert(draw(st.integers(0, len(script))), draw(_step))
    if len(script) > _LATE and draw(st.booleans()):
        script.insert(draw(st.integers(_LATE, len(script))), draw(_late))
    script += draw(st.lists(_step, max_size=20))
    if draw(st.integers(0, 5)) == 3:  # seldom, because it ends everything
        how = draw(st.sampled_from([("dissolve", draw(_people)), ("agree to dissolve", "Ana")]))
        script.insert(draw(st.integers(0, len(script))), how)
    return script


steps: st.SearchStrategy[list[Step]] = _scripts()


def run(play: Play, script: list[Step], support: list[MetricResult] | None = None) -> None:
    """Do each step of a script; `support` replaces what the support metric gives, one by one."""
    support = list(support or [])
    for kind, argument in script:
        if play.state.over:
            return
        _do(play, kind, argument, support)


def _do(play: Play, kind: str, argument: Any, support: list[MetricResult]) -> None:  # noqa: C901, PLR0912, PLR0915 - a table
    match kind:
        case "confirm":
            play.do(c.ConfirmOutcome(by=argument))
        case "confirm_all":
            play.confirm_all()
        case "consent":
            play.do(c.GiveConsent(by=argument))
        case "consent_all" if play.state.ballots:
            play.consent_all(argument)
        case "object":
            play.do(c.RaiseObjection(by=argument, objection="irreversible", reason="we cannot go back"))
        case "hold":
            play.do(c.HoldJourney(by=argument, reason="the line is down"))
        case "resume":
            play.do(c.ResumeJourney(by=argument))
        case "explain":
            by, period = argument
            period = _a_signal(play.state, period)
            day = (START + timedelta(weeks=period - 2923)).date().isoformat()
            play.do(c.ExplainSignal(by=by, period=day, cause="a storm"))
        case "amend":
            play.do(
                c.ProposeAmendment(
                    by=argument[0], reason="we learned", charter=amended(play.state, argument[1])
                )
            )
        case "rebase":
            by, period = argument
            day = (START + timedelta(weeks=period - 2923)).date().isoformat()
            said = dict.fromkeys(QUESTIONS, True)
            play.do(c.ProposeRebase(by=by, since=day, cause="a new till", **said))
        case "agree to amend" | "agree to explain" | "agree to rebase" | "agree to dissolve":
            if kind == "agree to explain":
                _measure_signals(play, support)
            before = play.state.ballots_opened
            _do(play, kind.removeprefix("agree to "), argument, support)
            if play.state.ballots_opened > before:
                play.consent_all(-1)
        case "veto" if play.state.ballots:
            _do(play, "object", argument, support)
            for member in MEMBERS:
                if member != argument:
                    play.do(c.GiveConsent(by=member))
        case "pause":
            play.do(c.HoldJourney(by="Ana", reason="an audit"))
            for _ in range(argument):
                play.measure()
            play.do(c.ResumeJourney(by="Ben"))
        case "worse":
            _measure_signals(play, support, bad_streak=2)
            play.now += timedelta(weeks=argument)
            play.pass_time()
        case "dissolve":
            play.do(c.DissolveTeam(by=argument, reason="done", lesson="start smaller"))
        case "milestone":
            play.do(c.ReachMilestone(name=argument))
        case "wait" | "outage":
            play.now += timedelta(hours=argument)
            play.pass_time()
            if kind == "outage":  # somebody does not want to wait for the next measurement
                play.do(c.MeasureNow(by="Ben"))
        case "begin":
            given = dict(argument) | ({"portal_latency": support.pop()} if support else {})
            play.under_way = measured(play.state, play.now, given)
        case "end" if play.under_way is not None:
            play.do(play.under_way)
            play.under_way = None
        case "measure" | "calm":
            given = dict(argument or {})
            if support:
                given["portal_latency"] = support.pop()
            play.measure(**given)


def _measure_signals(play: Play, support: list[MetricResult], **changes: Any) -> None:
    """Measure an outcome whose two newest periods are out of control."""
    through = 2930
    two = (through - 1, through)
    bad = evidence(control=control(outside=two, bad=two), **changes)
    given = {"portal_latency": support.pop()} if support else {}
    play.measure(days_to_payment=MetricResult(name="days to payment", evidence=bad), **given)


def _a_signal(state: State, wish: int) -> int:
    """Return a period that may be explained, where there is one."""
    found = state.evidence.get("days to payment")
    signals = () if found is None or found.control is None else (*found.control.outside, *found.control.runs)
    return signals[wish % len(signals)] if signals else wish


def amended(state: State, what: str) -> Charter:
    """Return the charter with one thing changed."""
    before = state.charter
    outcome, gate = before.outcome, before.stages.stability
    redrawn = gate.model_copy(update={"baseline_points": 22})
    other: dict[str, dict[str, Any]] = {
        "target": {"outcome": outcome.model_copy(update={"target": 2.5})},
        "unit": {"outcome": outcome.model_copy(update={"unit": "hours"})},
        "members": {"members": {**before.members, "Dora": "legal"}},
        "fewer": {"members": {name: job for name, job in before.members.items() if name != "Chloe"}},
        "cadence": {"cadence": "monthly" if before.cadence == "weekly" else "weekly"},
        "metrics": {"metrics": before.metrics[:-2]},
        "redraw": {"stages": before.stages.model_copy(update={"stability": redrawn})},
    }
    return before.model_copy(update=other[what])
