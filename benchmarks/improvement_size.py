"""How often the comparison of two windows calls a series better that only wanders, and what it can see.

AR(1) series in which nothing changes, at a nominal 5 %: the share of runs called better by the two tests
together (what a gate uses), by each alone, and by the bound of the shift; then the power at a true shift of
one standard deviation. Below that, the false passes of a whole series of planned looks.

Run: python -m benchmarks.improvement_size [runs]   (20,000 runs: about 6 minutes on one core; fixed seed)
"""

import math
import sys

import numpy as np

from benchmarks.simulation import Floats, autoregressive, interval, quantile
from evidence.improvement import Improvement, compare, look_alpha

ALPHA = 0.05
WINDOWS = ((20, 6), (20, 10), (26, 12), (52, 26))
LAGS = (0.0, 0.3, 0.6, 0.8)
LOOKS = (12, 18, 24, 30, 36)  # points of the later window at each look, after 26 of the baseline


def look(row: Floats, before: int, alpha: float) -> Improvement:
    """One comparison as a gate makes it."""
    return compare(row[:before].tolist(), row[before:].tolist(), direction="up", alpha=alpha, seed=1)


def single_looks(runs: int) -> None:
    """Size and power of one look."""
    print("points   lag 1  better  95 % interval     rank  block  bound  power")
    for before, after in WINDOWS:
        for lag in LAGS:
            rows = autoregressive(
                np.random.default_rng([2026, before, int(10 * lag)]), lag, runs, before + after
            )
            found = [look(row, before, ALPHA) for row in rows]
            rows[:, before:] += 1.0
            power = np.mean([look(row, before, ALPHA).p_value < ALPHA for row in rows])
            better = float(np.mean([f.p_value < ALPHA for f in found]))
            rank = np.mean([f.p_rank < ALPHA for f in found])
            block = np.mean([f.p_block < ALPHA for f in found])
            bound = np.mean([f.shift_low > 0 for f in found])
            print(
                f"{before:3} +{after:3} {lag:5} {better:7.3f}  {interval(better, runs):15} "
                f"{rank:6.3f} {block:6.3f} {bound:6.3f} {power:6.2f}",
                flush=True,
            )


def planned_looks(runs: int) -> None:
    """False passes over all looks, each with its part of the error."""
    print(f"\nLooks after {LOOKS} later points, baseline 26, alpha {ALPHA} in all")
    for lag in LAGS:
        rows = autoregressive(np.random.default_rng([2027, int(10 * lag)]), lag, runs, 26 + LOOKS[-1])
        first = []
        for row in rows:
            at = math.inf
            for number, points in enumerate(LOOKS, start=1):
                alpha = look_alpha(ALPHA, number)
                found = look(row[: 26 + points], 26, alpha)
                if found.p_value < alpha and found.shift_low > 0:
                    at = number
                    break
            first.append(at)
        share = sum(map(math.isfinite, first)) / runs
        early = quantile([at for at in first if math.isfinite(at)] or [math.inf], 0.5)
        print(
            f"lag 1 {lag:3}: passes {share:.3f}  {interval(share, runs)}, half of these by look {early}",
            flush=True,
        )


def main() -> None:
    """Print both tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    single_looks(runs)
    planned_looks(runs)


if __name__ == "__main__":
    main()
