"""Criteria of optimization: better than the frozen baseline, and nothing else got worse.

The margin, the window and the error were set in the charter beforehand; the
test is looked at only when a whole window of new points is there.
"""

from collections.abc import Iterator

from domain.charting import OF_DURATIONS, in_unit
from domain.criteria.common import known
from domain.measurement import Improvement
from domain.state import Gauge, State, gating
from domain.verdicts import Status, Verdict
from domain.wording import change_of_time, difference


def outcome(state: State) -> Iterator[Verdict]:
    """The outcome is better by the margin, with a test, a signal, and a calm new level."""
    gauge = gating(state.charter)[0]
    look = _look(state, gauge, "improvement", f"{gauge.name} is better than its baseline")
    if isinstance(look, Verdict):
        yield look
        return
    yield from _better(state, gauge, look, "")
    for criterion, holds, title in (
        ("good_signal", look.good_signal, "A signal in the good direction against the frozen limits"),
        ("in_control", look.in_control, "The new points are calm around their own centre"),
        ("no_wider", look.no_wider, "The new points scatter no more than the old ones"),
    ):
        yield Verdict(
            criterion=criterion,
            status="met" if holds else "not_met",
            title=title,
            actual="yes" if holds else "no",
            needed="yes",
        )


def efficiency(state: State) -> Iterator[Verdict]:
    """Each efficiency metric is better by its own margin."""
    for gauge in _layer(state, "efficiency"):
        title = f"{gauge.name} is better than its baseline"
        look = _look(state, gauge, f"efficiency:{gauge.name}", title)
        if isinstance(look, Verdict):
            yield look
        else:
            yield from _better(state, gauge, look, f":{gauge.name}")


def guardrails(state: State) -> Iterator[Verdict]:
    """No guardrail got worse by more than its margin."""
    for gauge in _layer(state, "guardrail"):
        title = f"{gauge.name} did not get worse"
        look = _look(state, gauge, f"guardrail:{gauge.name}", title)
        if isinstance(look, Verdict):
            yield look
            continue
        yield Verdict(
            criterion=f"guardrail:{gauge.name}",
            status="met" if look.shift_low >= -look.margin else "not_met",
            title=title,
            actual=f"at worst {shift_words(look.shift_low, gauge, state)}",
            needed=f"no worse than {shift_words(-look.margin, gauge, state)}",
            number=look.shift_low,
        )


def _better(state: State, gauge: Gauge, look: Improvement, suffix: str) -> Iterator[Verdict]:
    alpha = state.charter.stages.optimization.alpha
    points = f"{look.n_after} points after {look.n_before}, look {look.look}"
    tested: Status = "met" if look.p_value < look.alpha and look.p_guard < alpha else "not_met"
    yield Verdict(
        criterion=f"test{suffix}",
        status=tested,
        title=f"{gauge.name} is better than its baseline, with a test",
        actual=f"p = {look.p_value:.3g} and {look.p_guard:.3g}, "
        f"shift {shift_words(look.shift, gauge, state)} ({points})",
        needed=f"p under {look.alpha:.3g} and {alpha:.3g}; the window could detect "
        f"{shift_words(look.detectable, gauge, state)}",
        number=look.p_value,
    )
    yield Verdict(
        criterion=f"margin{suffix}",
        status="met" if look.shift_low > look.margin else "not_met",
        title=f"{gauge.name} is better by the margin",
        actual=f"at least {shift_words(look.shift_low, gauge, state)}",
        needed=f"more than {shift_words(look.margin, gauge, state)}",
        number=look.shift_low,
    )


def _look(state: State, gauge: Gauge, criterion: str, title: str) -> Improvement | Verdict:
    evidence = known(state, gauge, criterion, title)
    if isinstance(evidence, Verdict):
        return evidence
    if evidence.improvement is not None:
        return evidence.improvement
    need = state.charter.stages.optimization.after_points
    have = evidence.stage_points
    missing = evidence.obstacle or (
        "no frozen baseline"
        if gauge.name not in state.baselines
        else f"{have} of {need} points since the stage began"
    )
    return Verdict(
        criterion=criterion,
        status="undecided",
        title=title,
        actual=missing,
        needed=f"{need} points for the first look",
        number=have,
    )


def _layer(state: State, layer: str) -> Iterator[Gauge]:
    return (gauge for gauge in gating(state.charter) if gauge.layer == layer)


def shift_words(shift: float, gauge: Gauge, state: State) -> str:
    """Return a shift on the chart's scale, positive being better: for durations a change of time."""
    baseline = state.baselines.get(gauge.name)
    if baseline is None or baseline.limits.chart not in OF_DURATIONS:
        return difference(shift, gauge.unit, gauge.measure)
    old = baseline.limits
    there = old.centre - shift if gauge.direction == "down" else old.centre + shift
    return change_of_time(old.centre_in_unit, in_unit(old.chart, there))
