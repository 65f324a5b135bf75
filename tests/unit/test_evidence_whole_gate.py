"""The simulation of the whole gate spares the real functions only where they would keep the gate shut."""

import math
from itertools import islice

import numpy as np
import pytest

from benchmarks.simulation import Floats, autoregressive
from benchmarks.whole_gate import (
    AFTER,
    BEFORE,
    LOOKS,
    STABILITY,
    entered,
    gate_at,
    journeys,
    may_open,
    opens_at,
)
from domain.state import State
from tests.judged_gates import OUTCOME, column, evaluated


def moved(lag: float, shift: float, count: int) -> list[tuple[State, Floats]]:
    found = []
    for state, row in islice(journeys(lag), count):
        later = row.copy()
        later[BEFORE:] -= shift
        found.append((state, later))
    return found


@pytest.mark.parametrize(("lag", "shift", "seeds"), [(0.0, 1.0, 60), (0.3, 1.5, 60), (0.6, 0.0, 120)])
def test_every_look_at_which_the_real_gate_opens_is_taken(lag: float, shift: float, seeds: int) -> None:
    for state, row in moved(lag, shift, seeds):
        opened = opens_at(state, row)
        for look in range(1, LOOKS + 1):
            gate = gate_at(state, row, BEFORE + look * AFTER)
            if gate.open:
                assert may_open(state.limits[OUTCOME], row, look)
                assert opened <= look * AFTER
                break
        else:
            assert math.isinf(opened) or opened % AFTER  # opened between two looks, or never


@pytest.mark.parametrize(("lag", "shift"), [(0.0, 1.0), (0.6, 1.0)])
def test_the_period_at_which_it_opens_is_the_first_at_which_the_real_gate_is_open(
    lag: float, shift: float
) -> None:
    for state, row in moved(lag, shift, 8):
        points = range(BEFORE, BEFORE + LOOKS * AFTER + 1)
        first = next((n - BEFORE for n in points if gate_at(state, row, n).open), math.inf)
        assert opens_at(state, row) == first


def test_a_journey_enters_only_through_the_real_gate_of_stability() -> None:
    rows = 20.0 + autoregressive(np.random.default_rng(4), 0.3, 80, BEFORE)
    real = [evaluated(STABILITY, {OUTCOME: column(row.tolist())}).open for row in rows]
    assert [entered(row) is not None for row in rows] == real
    assert 0.5 < np.mean(real) < 1
