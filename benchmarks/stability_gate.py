"""How often, and when, the default stability gate passes a stable process, and one that has shifted.

The gate: limits frozen on 20 points, then 10 later points with none outside and no run of 8 on one side.
First the share that passes at once, with a 95 % interval (Wilson) and what is to be reached. Then, as a
journey is judged again each period on the newest 10 points: the share that has passed within 52 periods
more, and the number of points at which half and nine in ten have.

Run: python -m benchmarks.stability_gate [runs]   (20,000 runs: about 4 minutes on one core; fixed seed)
"""

import math
import sys
from collections.abc import Callable

import numpy as np

from benchmarks.simulation import Floats, autoregressive, interval, quantile
from domain.charter import StabilityGate
from evidence.charts import chart_for_durations
from evidence.limits import Chart, freeze_limits
from evidence.signals import judge

BASELINE, JUDGED = StabilityGate().baseline_points, StabilityGate().judged_points
PATIENCE = 52  # periods after the first chance: a year of weeks
LENGTH = BASELINE + JUDGED + PATIENCE
LEAST, MOST = 20, 400  # cases in a week, drawn evenly

Draw = Callable[[np.random.Generator, int], Floats]


def shifted(draw: Draw, by: float) -> Draw:
    """The same series with its points after the baseline moved."""

    def moved(random: np.random.Generator, runs: int) -> Floats:
        rows = draw(random, runs)
        rows[:, BASELINE:] += by
        return rows

    return moved


def normal(lag: float) -> Draw:
    """Series with this lag-1 correlation."""
    return lambda random, runs: autoregressive(random, lag, runs, LENGTH)


def lognormal(sigma: float, shift: float = 0.0) -> Draw:
    """Durations whose logarithms are normal; `shift` in their standard deviations."""
    return lambda random, runs: np.exp(sigma * shifted(normal(0.0), shift)(random, runs))


def gamma(shape: float) -> Draw:
    """Durations of `shape` steps that each take an exponential time."""
    return lambda random, runs: random.gamma(shape, 1.0, (runs, LENGTH))


def weibull(shape: float) -> Draw:
    """Durations whose chance to end grows with time."""
    return lambda random, runs: random.weibull(shape, (runs, LENGTH))


def shares(random: np.random.Generator, cases: Floats, spread: float) -> Floats:
    """Weekly shares around 0.8; the true share itself varies by `spread`."""
    truth = np.clip(0.8 + spread * random.standard_normal(cases.shape), 0, 1)
    return np.asarray(random.binomial(cases.astype(int), truth) / cases, dtype=np.float64)


def first_pass(values: Floats, cases: Floats | None, chart: Chart | None) -> float:
    """The points at which the gate first passes, infinite if it does not; without a chart one is chosen."""
    base = values[:BASELINE].tolist()
    sizes = None if cases is None else cases.tolist()
    limits = freeze_limits(base, sizes and sizes[:BASELINE], chart or chart_for_durations(base))
    for seen in range(BASELINE + JUDGED, LENGTH + 1):
        newest = slice(seen - JUDGED, seen)
        signals = judge(values[newest].tolist(), sizes and sizes[newest], limits, direction="up")
        if not signals.outside and not signals.runs:
            return seen
    return math.inf


MEASURED: tuple[tuple[str, str, Chart | None, Draw], ...] = (
    ("stable, independent, normal", ">= 0.85", "individuals", normal(0.0)),
    *(
        (f"stable durations, {name}", ">= 0.85", None, draw)
        for name, draw in (
            ("lognormal 0.5", lognormal(0.5)),
            ("lognormal 1", lognormal(1.0)),
            ("gamma 1 (exponential)", gamma(1.0)),
            ("gamma 2", gamma(2.0)),
            ("gamma 4", gamma(4.0)),
            ("Weibull 1.5", weibull(1.5)),
            ("Weibull 2", weibull(2.0)),
        )
    ),
    ("durations without skew, Weibull 3", "", None, weibull(3.0)),
    ("lognormal 1, always logarithms", "", "log_individuals", lognormal(1.0)),
    ("gamma 2, always logarithms", "", "log_individuals", gamma(2.0)),
    ("Weibull 1.5, always logarithms", "", "log_individuals", weibull(1.5)),
    ("lognormal 1, as they are", "", "individuals", lognormal(1.0)),
    ("stable, lag-1 correlation 0.3", "", "individuals", normal(0.3)),
    ("stable, lag-1 correlation 0.6", "", "individuals", normal(0.6)),
    ("shifted by 1 sigma", "", "individuals", shifted(normal(0.0), -1.0)),
    ("shifted by 1.5 sigma", "", "individuals", shifted(normal(0.0), -1.5)),
    ("shifted by 2 sigma", "<= 0.08", "individuals", shifted(normal(0.0), -2.0)),
    ("shifted by 3 sigma", "", "individuals", shifted(normal(0.0), -3.0)),
    ("lognormal 1 shifted by 2 sigma up", "<= 0.08", None, lognormal(1.0, 2.0)),
    ("lognormal 1 shifted by 2 sigma down", "<= 0.08", None, lognormal(1.0, -2.0)),
    ("lognormal 1, always the 3.6th root", "", "t", lognormal(1.0)),
)

SHARES: tuple[tuple[str, str, Chart, float], ...] = (
    ("stable shares of 20 to 400 cases", ">= 0.85", "p_prime", 0.0),
    ("the same, true share varies by 0.05", ">= 0.85", "p_prime", 0.05),
    ("the same on a plain p chart", "", "p", 0.05),
)


def told(name: str, goal: str, chart: Chart | None, passed: list[float]) -> None:
    """Print one line."""
    runs = len(passed)
    share = sum(at <= BASELINE + JUDGED for at in passed) / runs
    later = sum(math.isfinite(at) for at in passed) / runs
    half, most = (quantile(passed, part) for part in (0.5, 0.9))
    print(
        f"{name:40} {chart or 'chosen':16} {share:6.3f}  {interval(share, runs):15} {goal:8} "
        f"{later:6.3f} {half:>6} {most:>6}",
        flush=True,
    )


def main() -> None:
    """Print one line per kind of process."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"{'process':40} {'chart':16} passes  {'95 % interval':15} to reach  later   half    9/10")
    for number, (name, goal, chart, draw) in enumerate(MEASURED):
        rows = draw(np.random.default_rng([2026, number]), runs)
        told(name, goal, chart, [first_pass(row, None, chart) for row in rows])
    for name, goal, kind, spread in SHARES:
        random = np.random.default_rng([2027, int(100 * spread)])
        cases = random.integers(LEAST, MOST + 1, (runs, LENGTH)).astype(np.float64)
        values = shares(random, cases, spread)
        told(name, goal, kind, [first_pass(v, n, kind) for v, n in zip(values, cases, strict=True)])


if __name__ == "__main__":
    main()
