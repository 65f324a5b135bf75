"""How long the statistics of one gate take: 10 metrics of 260 points, the permutation test included.

For each metric: limits frozen on the first 208 points, the last 52 judged, both windows compared with 2,000
resamples, and the series described. To reach: under 20 ms in the middle.

Run: python benchmarks/evidence_speed.py   (about 3 s; fixed seed)
"""

import time

import numpy as np

from evidence.diagnostics import describe
from evidence.improvement import compare
from evidence.limits import freeze_limits
from evidence.signals import judge

METRICS, POINTS, BASELINE = 10, 260, 208
REPEATS = 101


def gate(metrics: list[list[float]], cases: list[float], seed: int) -> None:
    """Everything that the numbers of one gate need."""
    for values in metrics:
        limits = freeze_limits(values[:BASELINE], cases[:BASELINE], "p_prime")
        judge(values[BASELINE:], cases[BASELINE:], limits, direction="up")
        compare(values[:BASELINE], values[BASELINE:], direction="up", alpha=0.05, seed=seed)
        describe(values, cases, range(POINTS))


def main() -> None:
    """Print the middle and the spread."""
    random = np.random.default_rng(2026)
    cases = random.integers(50, 500, POINTS).astype(float)
    metrics = [(random.binomial(cases.astype(int), 0.8) / cases).tolist() for _ in range(METRICS)]
    gate(metrics, cases.tolist(), 0)  # scipy loads once per process
    times = []
    for seed in range(1, REPEATS + 1):  # a new seed each time, so that no plan of a permutation is reused
        started = time.perf_counter()
        gate(metrics, cases.tolist(), seed)
        times.append(1000 * (time.perf_counter() - started))
    low, middle, high = np.percentile(times, [5, 50, 95])
    print(f"{METRICS} metrics of {POINTS} points: {middle:.1f} ms (5 to 95 %: {low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()
