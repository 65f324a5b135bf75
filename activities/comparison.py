"""The points since a stage began against the frozen baseline, at planned looks only."""

import hashlib
import json
import math
from collections.abc import Sequence

from activities.points import frozen, plain, sizes_of, values_of
from domain.charter import Direction
from domain.measurement import (
    Baseline,
    FrozenLimits,
    Improvement,
    MeasureRequest,
    MetricRequest,
    Observation,
)
from evidence.improvement import MINIMUM_POINTS, compare, look_alpha
from evidence.improvement import Improvement as Comparison
from evidence.quantise import quantise
from evidence.scatter import no_wider
from evidence.series import BadSeries
from evidence.signals import judge

_COMPARED = frozenset({"outcome", "efficiency", "guardrail"})
# Bits of the seed: any JSON reader keeps whole numbers up to 2^53 exact.
_SEED_BYTES = 6


def improvement(
    request: MetricRequest, after: Sequence[Observation], context: MeasureRequest
) -> Improvement | None:
    """Return the comparison at the newest look that is due, or None where none is.

    `after` are the unexplained points since the stage began, in order. A look is due each
    `after_points` points and takes the newest so many: a team that needed a year to get better is judged by
    what it reached, not by the way there. Between two looks nothing changes.

    Raises:
        NotEnoughPoints, BadSeries: as `evidence.improvement.compare`; also for a margin that no duration
            could keep.
    """
    gate, baseline = context.optimization, request.baseline
    # Points that the carried series no longer has were looked at in their time: the error that they took
    # stays spent, and the looks go on at the same periods.
    gone = 0 if context.stage_since is None else max(0, request.series.first - context.stage_since)
    look, begun = divmod(gone + len(after), gate.after_points)
    if context.stage != "optimization" or baseline is None or request.layer not in _COMPARED or not look:
        return None
    window = after[max(0, len(after) - begun - gate.after_points) : len(after) - begun]
    explained = frozenset(request.explained)
    before = [point for point in baseline.series.observations() if point.period not in explained]
    level = quantise(look_alpha(gate.alpha, look))
    margin = gate.margin if request.layer == "outcome" else request.margin
    old, new = _on_scale(before, baseline.limits), _on_scale(window, baseline.limits)
    found = _compare(old, new, request.direction, level)
    return Improvement(
        look=look,
        alpha=level,
        n_before=found.n_before,
        n_after=found.n_after,
        shift=quantise(found.shift),
        shift_low=quantise(found.shift_low),
        margin=quantise(_margin_on_scale(margin, baseline.limits, request)),
        p_value=quantise(found.p_rank),
        p_guard=quantise(found.p_block),
        cliffs_delta=quantise(found.cliffs_delta),
        detectable=quantise(found.detectable),
        method=found.method,
        seed=found.seed,
        **_level(window, baseline, request.direction, context.stability.run_length),
    )


def _compare(before: list[float], after: list[float], direction: Direction, level: float) -> Comparison:
    """Compare two windows; where every point of both is the same, nothing changed, and that is certain.

    Without it a guardrail that never moves (no incident in any week) would shut the gate for good.
    """
    seed = _seed(before, after, direction, level)
    if len({*before, *after}) > 1 or min(len(before), len(after)) < MINIMUM_POINTS:
        return compare(before, after, direction=direction, alpha=level, seed=seed)
    return Comparison(
        n_before=len(before),
        n_after=len(after),
        shift=0.0,
        shift_low=0.0,
        p_value=1.0,
        cliffs_delta=0.0,
        lag1=0.0,
        detectable=0.0,
        method="none needed: every point of both windows is the same",
        seed=seed,
    )


def _level(
    window: Sequence[Observation], baseline: Baseline, direction: Direction, run_length: int
) -> dict[str, bool | FrozenLimits]:
    """Return what the later points say about the new level: a signal, its calm, its scatter, its limits."""
    own = frozen(window, baseline.limits.chart)
    values, sizes = values_of(window), sizes_of(window, own.chart)
    by_old = judge(values, sizes, plain(baseline.limits), direction=direction, run_length=run_length)
    by_own = judge(values, sizes, plain(own), direction=direction, run_length=run_length)
    return {
        "good_signal": bool({*by_old.outside, *by_old.runs} - set(by_old.bad)),
        "in_control": not by_own.bad,
        "no_wider": no_wider(plain(baseline.limits), plain(own)),
        "limits": own,
    }


def _on_scale(points: Sequence[Observation], limits: FrozenLimits) -> list[float]:
    """Return the values on the chart's scale: logarithms for durations."""
    values = values_of(points)
    return [math.log(value) for value in values] if limits.chart == "log_individuals" else values


def _margin_on_scale(margin: float, limits: FrozenLimits, request: MetricRequest) -> float:
    """Return the margin on the chart's scale.

    A margin in days is a step from the frozen centre (a geometric mean). From 10 days, 2 days less is
    log(10/8), and 2 days more, which a guardrail would still accept, is log(12/10).

    Raises:
        BadSeries: the step leads to a duration of 0 or less.
    """
    if limits.chart != "log_individuals":
        return margin
    towards_better = request.layer != "guardrail"
    shorter = towards_better == (request.direction == "down")
    part = margin / math.exp(limits.centre)
    if not shorter:
        return math.log1p(part)
    if part >= 1:
        raise BadSeries(
            f"The margin of {margin:g} {request.unit} is not below the frozen centre of "
            f"{math.exp(limits.centre):.4g} {request.unit}: no duration could pass it. Lower the margin."
        )
    return -math.log1p(-part)


def _seed(before: Sequence[float], after: Sequence[float], direction: str, level: float) -> int:
    """Return a seed that nobody can choose: it follows from the numbers alone."""
    text = json.dumps([list(before), list(after), direction, level], allow_nan=False)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:_SEED_BYTES], "big")
