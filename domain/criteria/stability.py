"""Criteria of stability: the process runs consistently and reliably.

"No signal ever" would refuse a healthy process four times in ten over a
year. Hence limits frozen once, a fixed window of later points, few rules,
and signals that the team may explain.
"""

from collections.abc import Iterator

from domain.charting import BY_CASES
from domain.criteria.common import known, on_chart
from domain.measurement import Control, MetricEvidence
from domain.state import Gauge, State, gating
from domain.verdicts import Status, Verdict
from domain.wording import counted, figure, listed


def limits(state: State) -> Iterator[Verdict]:
    """Every gating metric has limits frozen on enough points."""
    need = state.charter.stages.stability.baseline_points
    for gauge in gating(state.charter):
        suffix = "" if gauge.layer == "outcome" else f":{gauge.name}"
        title = f"Limits of {gauge.name} are frozen"
        evidence = known(state, gauge, f"limits{suffix}", title)
        if isinstance(evidence, Verdict):
            yield evidence
            continue
        frozen = state.limits.get(gauge.name)
        yield Verdict(
            criterion=f"limits{suffix}",
            status="undecided" if frozen is None else "met",
            title=title,
            actual=_so_far(gauge, evidence, need)
            if frozen is None
            else f"centre {on_chart(frozen.centre_in_unit, gauge, frozen, state.charter.cadence)}, "
            f"on {frozen.n} points",
            needed=f"{need} points",
            number=evidence.towards_limits if frozen is None else frozen.n,
        )


def control(state: State) -> Iterator[Verdict]:
    """None of the judged points is a signal, in either direction."""
    gauge, need = _outcome(state), state.charter.stages.stability.judged_points
    title = f"The newest {need} points stay within the frozen limits"
    evidence = known(state, gauge, "control", title)
    if isinstance(evidence, Verdict):
        yield evidence
        return
    found = evidence.control
    judged = 0 if found is None else found.judged
    signals = () if found is None else tuple(sorted({*found.outside, *found.runs}))
    flat = state.limits.get(gauge.name)
    if flat is not None and flat.sigma == 0:
        yield Verdict(
            criterion="control",
            status="undecided",
            title=title,
            actual=f"all {flat.n} frozen points are the same: limits cannot be drawn from them",
            needed="a metric that varies, or other frozen points (stages.stability.baseline_from)",
        )
        return
    status: Status = "not_met" if signals else "met" if judged >= need else "undecided"
    yield Verdict(
        criterion="control",
        status=status,
        title=title,
        actual=_control_words(state, gauge, found)
        if found and signals
        else _judged_so_far(gauge, judged, need),
        needed=f"{need} points after the frozen ones, {_rule(state, gauge)}{_rebase(found, signals)}",
        number=len(signals),
    )


def promise(state: State) -> Iterator[Verdict]:
    """Where the charter states a promise, it was kept in enough of the judged periods."""
    gauge, gate = _outcome(state), state.charter.stages.stability
    if gauge.promise is None:
        return
    title = f"The promise of {figure(gauge.promise, gauge.unit, gauge.measure)} is kept"
    evidence = known(state, gauge, "promise", title)
    if isinstance(evidence, Verdict):
        yield evidence
        return
    kept = evidence.promise_kept or 0
    judged = evidence.control.judged if evidence.control else 0
    enough = kept >= gate.promises_needed and judged >= gate.judged_points
    yield Verdict(
        criterion="promise",
        status="met" if enough else "undecided" if judged < gate.judged_points else "not_met",
        title=title,
        actual=f"in {kept} of {judged}",
        needed=f"in {gate.promises_needed} of {gate.judged_points}",
        number=kept,
    )


def gaps(state: State) -> Iterator[Verdict]:
    """No hole in the data is longer than the charter allows."""
    gauge, allowed = _outcome(state), state.charter.stages.stability.max_gap
    title = "The data has no long gap"
    evidence = known(state, gauge, "gaps", title)
    if isinstance(evidence, Verdict):
        yield evidence
        return
    yield Verdict(
        criterion="gaps",
        status="met" if evidence.longest_gap <= allowed else "not_met",
        title=title,
        actual=f"longest gap {counted(evidence.longest_gap, state.charter.cadence)}",
        needed=f"at most {counted(allowed, state.charter.cadence)}",
        number=evidence.longest_gap,
    )


def still_true(state: State) -> Iterator[Verdict]:
    """Stability still holds: no judged point is a signal for the worse, the promise is not being broken."""
    gauge = _outcome(state)
    title = "Stability still holds"
    evidence = known(state, gauge, "stability", title)
    if isinstance(evidence, Verdict):
        yield evidence
        return
    found = evidence.control
    bad = found.bad if found else ()
    sound = (
        found is not None
        and found.judged > 0
        and not bad
        and evidence.bad_streak == 0
        and state.grace is None
    )
    yield Verdict(
        criterion="stability",
        status="met" if sound else "undecided" if found is None or not found.judged else "not_met",
        title=title,
        actual="no signal for the worse" if sound else _worse(state, bad, evidence.bad_streak),
        needed="no signal for the worse among the newest points, and no grace period running",
        number=len(bad),
    )
    yield from gaps(state)


def _rebase(found: Control | None, signals: tuple[int, ...]) -> str:
    """Return the way out for a process that only got better: limits are never moved by themselves."""
    if found is None or not signals or found.bad:
        return ""
    return "; all signals are for the better: if that lasts, bst rebase"


def _so_far(gauge: Gauge, evidence: MetricEvidence, need: int) -> str:
    if gauge.measure == "rare":
        return f"{evidence.towards_limits} of {need} times between two events"
    return f"{evidence.towards_limits} of {need} points"


def _judged_so_far(gauge: Gauge, judged: int, need: int) -> str:
    if gauge.measure == "rare":
        return f"time for {judged} of {need} events has passed, no signal"
    return f"{judged} of {need} points judged, none out"


def _rule(state: State, gauge: Gauge) -> str:
    if gauge.chart.rules != "gate":
        return f"without a signal by the rules of {gauge.chart.rules}"
    return f"none outside, no run of {state.charter.stages.stability.run_length} on one side"


def _worse(state: State, bad: tuple[int, ...], streak: int) -> str:
    if bad:
        return f"worse than the limits allow: {listed(bad, state.charter.calendar)}"
    if streak:
        return f"the promise is broken since {counted(streak, state.charter.cadence)}"
    return "a grace period is running" if state.grace else "no point judged yet"


def _control_words(state: State, gauge: Gauge, found: Control) -> str:
    calendar, words = state.charter.calendar, []
    if gauge.chart.rules != "gate":
        return "; ".join(f"{signal.rule}: {listed(signal.periods, calendar)}" for signal in found.signals)
    if found.outside:
        limits = state.limits.get(gauge.name)
        low, high = (on_chart(x, gauge, limits, calendar.cadence) for x in (found.lower, found.upper))
        # Where limits follow the number of cases, those of the newest point are not those of the others.
        own = limits is not None and limits.chart in BY_CASES
        edges = "the limits of their own" if own else f"{low} to {high}"
        words.append(f"outside {edges}: {listed(found.outside, calendar)}")
    if found.runs:
        words.append(f"a run on one side: {listed(found.runs, calendar)}")
    return "; ".join(words)


def _outcome(state: State) -> Gauge:
    return gating(state.charter)[0]
