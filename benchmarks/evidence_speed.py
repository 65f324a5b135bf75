"""How long one evaluation of a gate takes, as the program does it: ten metrics of 260 points in optimization.

Every metric gates and is compared: an outcome, five efficiency metrics and four guardrails, durations,
shares and amounts in turn. Each has 260 weeks, limits from 20 points, a baseline of 100 and a look at 52,
the largest windows that a charter allows. Timed: `activities.judge.judge_metric` for each, the permutations
included, then `domain.gates.evaluate`. Fresh numbers each time, so that no plan of a permutation is found
again.

Run: python -m benchmarks.evidence_speed   (about 6 s; fixed seed). To reach: under 20 ms in the middle.
"""

import time
from typing import Any

import numpy as np

from activities.judge import judge_metric
from domain.charter import Measure
from domain.gates import evaluate
from domain.measurement import MeasureRequest, Series
from domain.periods import end_of
from domain.schedule import measure_request, settle_time
from domain.state import State, gauges
from tests.judged_gates import OUTCOME, column, judged_in, started_from, state_in

POINTS, AFTER = 260, 52
BEFORE = 100
SINCE = POINTS - AFTER
REPEATS = 101
MEASURES: tuple[Measure, ...] = ("duration", "share", "amount")
LAYERS = ("efficiency",) * 5 + ("guardrail",) * 4
SOURCE = {"kind": "files", "path": "weeks.csv"}

NINE: list[dict[str, Any]] = [
    {
        "name": f"metric {i}",
        "layer": layer,
        "unit": "units",
        "direction": "down",
        "measure": MEASURES[i % 3],
        "source": SOURCE,
    }
    for i, layer in enumerate(LAYERS, start=1)
]
TEAM: dict[str, Any] = {
    "metrics": NINE,
    "stages": {
        "stability": {"baseline_points": 60, "judged_points": 40},
        "optimization": {"after_points": AFTER},
    },
}


def weeks(random: np.random.Generator, measure: Measure) -> Series:
    """Five years of weeks that are a little better in the last."""
    better = np.where(np.arange(POINTS) < SINCE, 0.0, -0.5)
    steps = better + random.standard_normal(POINTS)
    if measure == "duration":
        return column(np.exp(2 + 0.3 * steps).tolist())
    if measure == "share":
        cases = random.integers(50, 500, POINTS)
        late = random.binomial(cases, np.clip(0.2 + 0.02 * steps, 0, 1))
        return column((late / cases).tolist(), cases.astype(float).tolist())
    return column((100 + 5 * steps).tolist())


def head(series: Series, begin: int, end: int) -> Series:
    """The same series, these periods alone."""
    return column(series.values[begin:end], series.denominators[begin:end], first=begin)


def journey(random: np.random.Generator) -> tuple[State, MeasureRequest]:
    """A team in optimization with all its numbers, and what its measurement is asked."""
    base, state = state_in("stability", None, **TEAM), state_in("optimization", SINCE, **TEAM)
    kinds = {gauge.name: gauge.measure for gauge in gauges(state.charter)}
    series = {name: weeks(random, "duration" if name == OUTCOME else kind) for name, kind in kinds.items()}
    before = {name: head(values, SINCE - BEFORE, SINCE) for name, values in series.items()}
    limits = {name: found.limits for name, found in judged_in(base, before).items()}
    state = started_from(state, before, limits).model_copy(update={"series": series})
    now = end_of(POINTS - 1, state.charter.calendar) + settle_time(state.charter)
    return state, measure_request(state, now)


def main() -> None:
    """Print the middle and the spread."""
    random, times = np.random.default_rng(2026), []
    for turn in range(REPEATS + 1):
        state, request = journey(random)
        started = time.perf_counter()
        found = {metric.name: judge_metric(metric, (), request) for metric in request.metrics}
        gate = evaluate(state.model_copy(update={"evidence": found}))
        spent = 1000 * (time.perf_counter() - started)
        assert all(evidence.improvement is not None for evidence in found.values()), gate
        if turn:  # scipy loads once per process
            times.append(spent)
    low, middle, high = np.percentile(times, [5, 50, 95])
    print(
        f"{1 + len(NINE)} metrics of {POINTS} points, {BEFORE} + {AFTER} compared: "
        f"{middle:.1f} ms (5 to 95 %: {low:.1f} to {high:.1f})"
    )


if __name__ == "__main__":
    main()
