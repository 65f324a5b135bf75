"""How often and when the whole gate of optimization opens, for a process that only wanders, and a better one.

A journey with the default charter and the outcome alone. Its first 30 points pass the gate of stability (a
series that does not is drawn again), the stage begins, and the gate is judged each period for eight looks of
12 points: test, margin (0), good signal, in control, no wider, stability, gaps. What decides that it opens
is `activities.judge.judge_metric` and `domain.gates.evaluate` on the state of a journey, never a copy of
them. They are spared only where the gate cannot be open: without a signal in the good direction, or where
the rank test or its bound fail (`tests/unit/test_evidence_whole_gate.py` holds that nothing is spared
wrongly). A team that falls back to stability is not taken out, so a real journey passes less.

Run: python -m benchmarks.whole_gate [runs]   (20,000 runs: about 10 minutes on one core; fixed seed)
"""

import math
import sys
from collections.abc import Iterator

import numpy as np

from activities.points import plain
from benchmarks.simulation import Floats, autoregressive, interval, quantile
from domain.charter import OptimizationGate, StabilityGate
from domain.measurement import TAIL_PERIODS, FrozenLimits
from domain.state import State
from domain.verdicts import GateEvaluation
from evidence.improvement import compare, look_alpha
from evidence.quantise import quantise
from evidence.signals import judge
from tests.judged_gates import OUTCOME, column, evaluated, judged_in, started_from, state_in

BEFORE = StabilityGate().baseline_points + StabilityGate().judged_points
AFTER, ALPHA = OptimizationGate().after_points, OptimizationGate().alpha
LOOKS = 8  # looks: eight of twelve weeks are nearly two years
LENGTH = BEFORE + LOOKS * AFTER
LAGS = (0.0, 0.3, 0.6)
SHIFTS = (0.0, 1.0, 1.5, 2.0)  # standard deviations for the better
SHOWN = (1, 2, 4, 8)  # after how many looks the passes are printed
LEVEL = 20.0  # the process's own level, in standard deviations; far enough from 0 to be a duration

STABILITY, OPTIMIZATION = state_in("stability", None), state_in("optimization", BEFORE)
# What may change between two looks; all else of the gate stands until the next.
_ANY_PERIOD = frozenset({"stability", "gaps"})


def entered(row: Floats) -> State | None:
    """The state of the journey when it enters optimization, None when its first points do not pass."""
    points = {OUTCOME: column(row[:BEFORE].tolist())}
    limits = judged_in(STABILITY, points)[OUTCOME].limits
    assert limits is not None
    later = row[limits.n : BEFORE].tolist()
    signals = judge(later, None, plain(limits), direction="down")
    if signals.outside or signals.runs:  # spares the rules where the real ones would refuse
        return None
    return (
        started_from(OPTIMIZATION, points, {OUTCOME: limits}) if evaluated(STABILITY, points).open else None
    )


def gate_at(state: State, row: Floats, seen: int) -> GateEvaluation:
    """The gate as the journey judges it after so many points, with the tail of the series that it carries."""
    first = max(0, seen - TAIL_PERIODS)
    return evaluated(state, {OUTCOME: column(row[first:seen].tolist(), first=first)})


def may_open(limits: FrozenLimits, row: Floats, look: int) -> bool:
    """Whether three criteria that the gate needs hold at this look; without them it is shut till the next."""
    window = row[BEFORE + (look - 1) * AFTER : BEFORE + look * AFTER].tolist()
    signals = judge(window, None, plain(limits), direction="down")
    if not {*signals.outside, *signals.runs} - set(signals.bad):
        return False
    level = quantise(look_alpha(ALPHA, look))
    found = compare(row[:BEFORE].tolist(), window, direction="down", alpha=level, seed=1, resamples=1)
    return quantise(found.p_rank) < level and quantise(found.shift_low) > 0


def opens_at(state: State, row: Floats) -> float:
    """How many points of the stage there are when the gate first opens; infinite if it does not in time."""
    for look in range(1, LOOKS + 1):
        if not may_open(state.limits[OUTCOME], row, look):
            continue
        first = look * AFTER
        for since in range(first, min(first + AFTER, LOOKS * AFTER + 1)):
            gate = gate_at(state, row, BEFORE + since)
            if gate.open:
                return since
            if any(v.status != "met" and v.criterion not in _ANY_PERIOD for v in gate.verdicts):
                break
    return math.inf


def journeys(lag: float) -> Iterator[tuple[State, Floats]]:
    """Endless stable journeys at the start of optimization, each with all of its points."""
    random = np.random.default_rng([2029, int(10 * lag)])
    while True:
        for row in LEVEL + autoregressive(random, lag, 1000, LENGTH):
            state = entered(row)
            if state is not None:
                yield state, row


def main() -> None:
    """Print one line per memory and shift."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"baseline {BEFORE}, looks at {AFTER} points each, alpha {ALPHA}, {runs} journeys each")
    print(
        "lag 1  shift  "
        + "  ".join(f"by look {look}" for look in SHOWN)
        + f"  95 % interval at {LOOKS}  point: half  9/10"
    )
    for lag in LAGS:
        team = journeys(lag)
        started = [next(team) for _ in range(runs)]
        for shift in SHIFTS:
            at = []
            for state, row in started:
                moved = row.copy()
                moved[BEFORE:] -= shift
                at.append(opens_at(state, moved))
            shares = [sum(when < (look + 1) * AFTER for when in at) / runs for look in SHOWN[:-1]]
            shares.append(sum(map(math.isfinite, at)) / runs)
            print(
                f"{lag:5}  {shift:5}  "
                + "  ".join(f"{share:9.3f}" for share in shares)
                + f"  {interval(shares[-1], runs):18}  {quantile(at, 0.5):>11} {quantile(at, 0.9):>5}",
                flush=True,
            )


if __name__ == "__main__":
    main()
