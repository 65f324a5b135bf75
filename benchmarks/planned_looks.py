"""How often planned looks call a process better that only wanders, and when they see a real change.

As the optimization gate looks by default: a baseline of 30 points (20 frozen, 10 judged), a look at each 12
later points, on the newest 12 alone; at the n-th look the test with effective n and the bound of the shift at
alpha / (n (n + 1)), the permutation at alpha. Only these two criteria: the gate has more, so it passes less.

Run: python -m benchmarks.planned_looks [runs]   (20,000 runs: about 7 minutes on one core; fixed seed)
"""

import math
import sys

import numpy as np

from benchmarks.simulation import Floats, autoregressive, interval, quantile
from domain.charter import OptimizationGate, StabilityGate
from evidence.improvement import compare, look_alpha

BEFORE = StabilityGate().baseline_points + StabilityGate().judged_points
AFTER, ALPHA = OptimizationGate().after_points, OptimizationGate().alpha
LOOKS = 8  # looks: eight of twelve weeks are nearly two years
LAGS = (0.0, 0.3, 0.6, 0.8)
SHIFTS = (0.0, 1.0, 1.5, 2.0)  # standard deviations
SHOWN = (1, 2, 4, 8)  # after how many looks the passes are printed


def first_pass(row: Floats) -> float:
    """The look at which a series passes, infinite if it does at none."""
    before = row[:BEFORE].tolist()
    for number in range(1, LOOKS + 1):
        level, begin = look_alpha(ALPHA, number), BEFORE + (number - 1) * AFTER
        found = compare(before, row[begin : begin + AFTER].tolist(), direction="up", alpha=level, seed=number)
        if found.p_rank < level and found.p_block < ALPHA and found.shift_low > 0:
            return number
    return math.inf


def main() -> None:
    """Print one line per memory and shift: the share of series that have passed by then."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"baseline {BEFORE}, looks at {AFTER} points each, alpha {ALPHA}, {runs} runs")
    print(
        "lag 1  shift  "
        + "  ".join(f"by look {number}" for number in SHOWN)
        + f"  95 % interval at {LOOKS}  look: half  9/10"
    )
    for lag in LAGS:
        for shift in SHIFTS:
            rows = autoregressive(
                np.random.default_rng([2028, int(10 * lag)]), lag, runs, BEFORE + LOOKS * AFTER
            )
            rows[:, BEFORE:] += shift
            passed = [first_pass(row) for row in rows]
            shares = [sum(at <= number for at in passed) / runs for number in SHOWN]
            print(
                f"{lag:5}  {shift:5}  "
                + "  ".join(f"{share:9.3f}" for share in shares)
                + f"  {interval(shares[-1], runs):18}  {quantile(passed, 0.5):>10} "
                + f"{quantile(passed, 0.9):>5}",
                flush=True,
            )


if __name__ == "__main__":
    main()
