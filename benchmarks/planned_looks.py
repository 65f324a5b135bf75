"""How often planned looks call a process better that only wanders, and when they see a real change.

As the optimization gate looks by default: a baseline of 30 points (20 frozen, 10 judged), a look at each 12
later points, on the newest 12 alone; at the n-th look the test with effective n and the bound of the shift at
alpha / (n (n + 1)), the permutation at alpha. Only these two criteria: the gate has more, so it passes less.

Run: python benchmarks/planned_looks.py [runs]   (20,000 runs: about 7 minutes on one core; fixed seed)
"""

import math
import sys

import numpy as np
import numpy.typing as npt

from domain.charter import OptimizationGate, StabilityGate
from evidence.improvement import compare, look_alpha

BEFORE = StabilityGate().baseline_points + StabilityGate().judged_points
AFTER, ALPHA = OptimizationGate().after_points, OptimizationGate().alpha
LOOKS = 8  # looks: eight of twelve weeks are nearly two years
LAGS = (0.0, 0.3, 0.6, 0.8)
SHIFTS = (0.0, 1.0, 1.5, 2.0)  # standard deviations
SHOWN = (1, 2, 4, 8)  # after how many looks the passes are printed
BURN_IN = 60  # periods until an AR(1) series has forgotten its start

Floats = npt.NDArray[np.float64]


def autoregressive(random: np.random.Generator, lag: float, runs: int) -> Floats:
    """Series in rows, each with standard deviation 1."""
    steps = random.standard_normal((runs, BURN_IN + BEFORE + LOOKS * AFTER)) * math.sqrt(1 - lag**2)
    for i in range(1, steps.shape[1]):
        steps[:, i] += lag * steps[:, i - 1]
    return steps[:, BURN_IN:]


def first_pass(row: Floats) -> int:
    """The look at which a series passes, or more looks than there are."""
    before = row[:BEFORE].tolist()
    for number in range(1, LOOKS + 1):
        level, begin = look_alpha(ALPHA, number), BEFORE + (number - 1) * AFTER
        found = compare(before, row[begin : begin + AFTER].tolist(), direction="up", alpha=level, seed=number)
        if found.p_rank < level and found.p_block < ALPHA and found.shift_low > 0:
            return number
    return LOOKS + 1


def main() -> None:
    """Print one line per memory and shift: the share of series that have passed by then."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"baseline {BEFORE}, looks at {AFTER} points each, alpha {ALPHA}, {runs} runs")
    print("lag 1  shift  " + "  ".join(f"by look {number}" for number in SHOWN))
    for lag in LAGS:
        for shift in SHIFTS:
            rows = autoregressive(np.random.default_rng([2028, int(10 * lag)]), lag, runs)
            rows[:, BEFORE:] += shift
            passed = np.array([first_pass(row) for row in rows])
            shares = [float(np.mean(passed <= number)) for number in SHOWN]
            print(f"{lag:5}  {shift:5}  " + "  ".join(f"{share:9.3f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
