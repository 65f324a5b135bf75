"""What a stable process would show now and then: right by hand, near to simulation, and never made rarer."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from evidence.rarity import once_in, outside_chance, rarity

KNOWN = 10_000_000  # limits from so many points have no error
TAIL = float(norm.sf(3.0))


@pytest.mark.parametrize(
    ("judged", "outside", "run", "chance"),
    [
        (10, 1, 0, 1 - (1 - TAIL) ** 10),
        (10, 2, 0, float(binom.sf(1, 10, TAIL))),
        (8, 0, 8, 1 / 2**8),
        (9, 0, 8, 3 / 2**9),  # two stretches of eight, the run of nine in both
        (3, 0, 2, 3 / 8),
        (1, 1, 1, TAIL),  # a point beyond the limit is a run of one
        (2, 2, 2, TAIL**2),
        (5, 0, 0, 1.0),
        (5, 0, 1, 1 - 1 / 2**5),
    ],
)
def test_with_known_limits_chances_follow_by_hand(judged: int, outside: int, run: int, chance: float) -> None:
    assert rarity(KNOWN, judged, outside=outside, longest_run=run).chance == pytest.approx(chance, rel=1e-4)


def test_a_sight_that_stays_in_the_window_is_one_sight() -> None:
    one = rarity(KNOWN, 10, outside=1)
    assert one.chance == pytest.approx(10 * TAIL, rel=0.01)
    assert one.once_in == once_in(TAIL * (1 - TAIL) ** 10)  # a point outside, after ten inside
    run = rarity(KNOWN, 10, longest_run=8)
    assert run.once_in == once_in(1 / 2**9)  # a point below, then eight above


def shown(windows: npt.NDArray[np.float64], outside: int, run: int) -> npt.NDArray[np.bool_]:
    above = windows > 0
    stretches = [above[:, i : i + run].all(axis=1) for i in range(windows.shape[1] - run + 1)]
    found: npt.NDArray[np.bool_] = ((windows > 3).sum(axis=1) >= outside) & np.any(stretches, axis=0)
    return found


@pytest.mark.parametrize("baseline", [12, 20, 60])
def test_a_stable_process_shows_it_as_often_as_said(baseline: int) -> None:
    points = np.random.default_rng(baseline).standard_normal((60_000, baseline + 11))
    first, later = points[:, :baseline], points[:, baseline:]
    sigma = np.abs(np.diff(first, axis=1)).mean(axis=1, keepdims=True) * math.sqrt(math.pi) / 2
    z = (later - first.mean(axis=1, keepdims=True)) / sigma
    for outside, run in ((1, 0), (2, 0), (0, 6), (0, 8), (1, 5)):
        before, now = shown(z[:, :-1], outside, run), shown(z[:, 1:], outside, run)
        said = rarity(baseline, 10, outside=outside, longest_run=run)
        # Between the simulated chance, four standard errors less, and a quarter above it, four more.
        noise = 4 * math.sqrt(said.chance / len(z))
        assert now.mean() - noise <= said.chance <= 1.25 * now.mean() + noise, (outside, run)
        assert said.once_in <= 1.1 / max((now & ~before).mean() - noise / 2, 1e-9), (outside, run)


@settings(max_examples=30, deadline=None)
@given(st.integers(6, 80), st.integers(1, 12), st.data())
def test_more_is_rarer_and_a_longer_window_shows_more(
    baseline: int, judged: int, data: st.DataObject
) -> None:
    outside = data.draw(st.integers(0, min(judged - 1, 4)))
    run = data.draw(st.integers(0, judged - 1))
    this = rarity(baseline, judged, outside=outside, longest_run=run)
    assert 0 <= this.chance <= 1
    assert this.once_in >= min(math.floor(0.9 / this.chance), 1) if this.chance else this.once_in >= 1
    for more in (rarity(baseline, judged, outside=outside + 1, longest_run=run),
                 rarity(baseline, judged, outside=outside, longest_run=run + 1)):  # fmt: skip
        assert more.chance <= this.chance + 1e-12
    assert rarity(baseline, judged + 1, outside=outside, longest_run=run).chance >= this.chance - 1e-12


def test_one_point_outside_by_limits_from_few_points() -> None:
    assert [round(1 / outside_chance(n)) for n in (20, 60, KNOWN)] == [87, 205, 370]


def test_what_is_said_after_once_in() -> None:
    assert [once_in(1 / x) for x in (1, 3, 14, 99, 417, 1234)] == [1, 3, 10, 100, 420, 1200]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: rarity(5, 10),
        lambda: rarity(20, 0),
        lambda: rarity(20, 3, outside=4),
        lambda: rarity(20, 3, longest_run=4),
        lambda: rarity(20, 3, outside=-1),
        lambda: outside_chance(1),
        lambda: once_in(0.0),
        lambda: once_in(math.nan),
    ],
)
def test_chances_of_nothing_are_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"asked for|cannot be|lies above"):
        ask()
