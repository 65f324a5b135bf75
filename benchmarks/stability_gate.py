"""How often the default stability gate passes a stable process, and one that has shifted.

The gate: limits frozen on 20 points, then 10 later points with none outside and no run of 8 on one side.
Printed with a 95 % interval (Wilson); what is to be reached stands beside it.

Run: python benchmarks/stability_gate.py   (about 40 s on one core; fixed seed)
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from evidence.limits import Chart, freeze_limits
from evidence.signals import judge

RUNS = 20_000
BASELINE, LATER = 20, 10
BURN_IN = 50  # periods until an AR(1) series has forgotten its start
LEAST, MOST = 20, 400  # cases in a week, drawn evenly

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator], tuple[Floats, Floats | None]]


def interval(share: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of the runs."""
    z = 1.959964
    middle = (share + z**2 / (2 * RUNS)) / (1 + z**2 / RUNS)
    half = z * math.sqrt(share * (1 - share) / RUNS + z**2 / (4 * RUNS**2)) / (1 + z**2 / RUNS)
    return middle - half, middle + half


def autoregressive(random: np.random.Generator, lag: float) -> Floats:
    """One series of the gate's length with standard deviation 1."""
    steps = random.standard_normal(BURN_IN + BASELINE + LATER) * math.sqrt(1 - lag**2)
    for i in range(1, steps.size):
        steps[i] += lag * steps[i - 1]
    return steps[BURN_IN:]


def shifted(series: Floats, by: float) -> Floats:
    """The same series with its later points moved."""
    return np.concatenate([series[:BASELINE], series[BASELINE:] + by])


def shares(random: np.random.Generator, spread: float, shift: float) -> tuple[Floats, Floats]:
    """Weekly shares around 0.8 of 20 to 400 cases; the true share itself varies by `spread`."""
    cases = random.integers(LEAST, MOST + 1, BASELINE + LATER)
    truth = np.clip(0.8 + spread * random.standard_normal(cases.size), 0, 1)
    truth[BASELINE:] = np.clip(truth[BASELINE:] - shift, 0, 1)
    return random.binomial(cases, truth) / cases, cases.astype(np.float64)


def passes(values: Floats, cases: Floats | None, chart: Chart) -> bool:
    """The two rules of the default stability gate."""
    before = None if cases is None else cases[:BASELINE].tolist()
    after = None if cases is None else cases[BASELINE:].tolist()
    limits = freeze_limits(values[:BASELINE].tolist(), before, chart)
    signals = judge(values[BASELINE:].tolist(), after, limits, direction="up")
    return not signals.outside and not signals.runs


SCENARIOS: tuple[tuple[str, str, Chart, Draw], ...] = (
    ("stable, independent, normal", ">= 0.85", "individuals", lambda r: (autoregressive(r, 0.0), None)),
    (
        "stable durations, lognormal 0.5",
        ">= 0.85",
        "log_individuals",
        lambda r: (np.exp(0.5 * autoregressive(r, 0)), None),
    ),
    (
        "stable durations, lognormal 1.0",
        ">= 0.85",
        "log_individuals",
        lambda r: (np.exp(autoregressive(r, 0)), None),
    ),
    ("the same without logarithms", "", "individuals", lambda r: (np.exp(autoregressive(r, 0)), None)),
    ("stable shares of 20 to 400 cases", ">= 0.85", "p_prime", lambda r: shares(r, 0.0, 0.0)),
    ("the same, true share varies by 0.05", ">= 0.85", "p_prime", lambda r: shares(r, 0.05, 0.0)),
    ("the same on a plain p chart", "", "p", lambda r: shares(r, 0.05, 0.0)),
    ("stable, lag-1 correlation 0.3", "", "individuals", lambda r: (autoregressive(r, 0.3), None)),
    ("stable, lag-1 correlation 0.6", "", "individuals", lambda r: (autoregressive(r, 0.6), None)),
    ("shifted by 1 sigma", "", "individuals", lambda r: (shifted(autoregressive(r, 0), -1.0), None)),
    ("shifted by 1.5 sigma", "", "individuals", lambda r: (shifted(autoregressive(r, 0), -1.5), None)),
    ("shifted by 2 sigma", "<= 0.08", "individuals", lambda r: (shifted(autoregressive(r, 0), -2.0), None)),
    ("shifted by 3 sigma", "", "individuals", lambda r: (shifted(autoregressive(r, 0), -3.0), None)),
)


def main() -> None:
    """Print one line per kind of process."""
    print(f"{'process':38} {'chart':16} {'passes':>7}  {'95 % interval':15} to reach")
    for number, (name, goal, chart, draw) in enumerate(SCENARIOS):
        random = np.random.default_rng([2026, number])
        share = sum(passes(*draw(random), chart) for _ in range(RUNS)) / RUNS
        low, high = interval(share)
        print(f"{name:38} {chart:16} {share:7.3f}  {low:.3f} to {high:.3f}  {goal}", flush=True)


if __name__ == "__main__":
    main()
