"""The points since a stage began against the frozen baseline, at planned looks only."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from activities.control import Found, later_marks, signals_in
from activities.margins import margin_on_scale
from activities.points import frozen, marks_of, on_scale, plain, values_of
from domain.charter import Direction
from domain.charting import BETWEEN_EVENTS, Chart, ChartChoice
from domain.measurement import (
    FrozenLimits,
    Improvement,
    MeasureRequest,
    MetricRequest,
    Point,
)
from evidence.improvement import MINIMUM_POINTS, compare, look_alpha
from evidence.improvement import Improvement as Comparison
from evidence.limits import MINIMUM_POINTS as MINIMUM_LIMITS
from evidence.quantise import quantise
from evidence.scatter import no_wider

# Their scatter follows from their centre, so there is none of its own to compare.
_SCATTER_OF_ITS_CENTRE: frozenset[Chart] = frozenset({"p", "c", "u", "g"})
_COMPARED = frozenset({"outcome", "efficiency", "guardrail"})
# Bits of the seed: any JSON reader keeps whole numbers up to 2^53 exact.
_SEED_BYTES = 6


def improvement(
    request: MetricRequest, after: tuple[Point, ...], context: MeasureRequest
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
    before = baseline.series.known(without=frozenset(request.explained))
    level = quantise(look_alpha(gate.alpha, look))
    margin = gate.margin if request.layer == "outcome" else request.margin
    old, new = _on_scale(before, baseline.limits), _on_scale(values_of(window), baseline.limits)
    found = _compare(_bytes(old), _bytes(new), request.direction, level)
    return Improvement(
        look=look,
        alpha=level,
        n_before=found.n_before,
        n_after=found.n_after,
        shift=quantise(found.shift),
        shift_low=quantise(found.shift_low),
        margin=quantise(
            margin_on_scale(margin, baseline.limits, request, towards_better=request.layer != "guardrail")
        ),
        p_value=quantise(found.p_rank),
        p_guard=quantise(found.p_block),
        cliffs_delta=quantise(found.cliffs_delta),
        detectable=quantise(found.detectable),
        method=found.method,
        seed=found.seed,
        **_level(
            window,
            baseline.limits,
            frozenset(request.explained),
            request.direction,
            request.chart,
            context.stability.run_length,
        )._asdict(),
    )


# Between two looks nothing changes, so each period asks the same again. Arrays are bytes, for 0.0 and -0.0
# are equal and have not the same seed; the largest windows that a charter allows take 2 KB.
@lru_cache(maxsize=128)
def _compare(old: bytes, new: bytes, direction: Direction, level: float) -> Comparison:
    """Compare two windows; where every point of both is the same, nothing changed, and that is certain.

    Without it a guardrail that never moves (no incident in any week) would shut the gate for good.
    """
    before, after = np.frombuffer(old).tolist(), np.frombuffer(new).tolist()
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


class _Level(NamedTuple):
    """What the later points say about the new level: a signal, its calm, its scatter, its limits."""

    good_signal: bool
    in_control: bool
    no_wider: bool
    limits: FrozenLimits


# Asked again as often as `_compare`; here 0.0 and -0.0 have the same answer.
@lru_cache(maxsize=128)
def _level(
    window: tuple[Point, ...],
    old: FrozenLimits,
    explained: frozenset[int],
    direction: Direction,
    choice: ChartChoice,
    run_length: int,
) -> _Level:
    """Judge a window by the baseline's limits, `old`, and by limits of its own."""
    own_marks = marks_of(window, old.chart, explained)
    marks = later_marks(window, own_marks, old, explained, window[0].period)
    enough = old.chart not in BETWEEN_EVENTS or len(marks) >= MINIMUM_LIMITS
    # A team that has nearly got rid of its rare events has too few of them for limits of their own.
    own = frozen(own_marks, old.chart, choice) if enough else old

    def found(limits: FrozenLimits) -> Found:
        return signals_in(marks, limits, direction, choice.rules, run_length=run_length)

    by_old = found(old)
    good = {
        period for signal in by_old.signals if signal.meaning == "improvement" for period in signal.periods
    }
    return _Level(
        good_signal=bool(good - set(by_old.bad)),
        in_control=not found(own).bad,
        no_wider=old.chart in _SCATTER_OF_ITS_CENTRE or no_wider(plain(old), plain(own)),
        limits=own,
    )


def _on_scale(values: Sequence[float], limits: FrozenLimits) -> list[float]:
    """Return the values on the chart's scale: logarithms for durations; rare events as counts."""
    return list(values) if limits.chart in BETWEEN_EVENTS else on_scale(values, limits.chart)


def _bytes(values: Sequence[float]) -> bytes:
    return np.asarray(values, dtype=np.float64).tobytes()


def _seed(before: Sequence[float], after: Sequence[float], direction: str, level: float) -> int:
    """Return a seed that nobody can choose: it follows from the numbers alone."""
    text = json.dumps([list(before), list(after), direction, level], allow_nan=False)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:_SEED_BYTES], "big")
