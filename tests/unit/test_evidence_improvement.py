"""A window is called better only by evidence that survives autocorrelation, and never by broken numbers."""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from evidence.dependence import inflation
from evidence.improvement import compare, look_alpha
from evidence.limits import BadSeries, NotEnoughPoints

# Infections per month in a hospital before and after an intervention; references from R 4.2.2, wilcox.test.
CDI_BEFORE = [17, 12, 27, 20, 20, 18, 22, 19, 19, 24, 17, 16, 24, 19, 19, 22, 25, 19, 17, 6, 25, 17, 11, 14]
CDI_AFTER = [9, 11, 7, 13, 5, 5, 3, 5, 9, 4, 5, 9]


def autoregressive(
    rng: np.random.Generator, correlation: float, count: int, length: int
) -> npt.NDArray[np.float64]:
    series = np.empty((count, length))
    series[:, 0] = rng.standard_normal(count)
    for i in range(1, length):
        step = rng.standard_normal(count) * math.sqrt(1 - correlation**2)
        series[:, i] = correlation * series[:, i - 1] + step
    return series


def test_a_known_improvement_is_found_with_the_reference_sizes() -> None:
    found = compare(CDI_BEFORE, CDI_AFTER, direction="down", alpha=0.05, seed=1)
    assert found.shift == pytest.approx(12.0, abs=1e-3)
    assert found.cliffs_delta == pytest.approx(0.940972222222222)
    assert 9.0 <= found.shift_low <= 10.0  # the reference's two-sided 95 % bound is 9
    assert (
        found.p_value < 0.005
    )  # a permutation of 36 points in blocks of 4 comes back to the real order 1 time in 400
    assert (found.n_before, found.n_after, found.seed) == (24, 12, 1)


def test_the_wrong_direction_is_never_an_improvement() -> None:
    found = compare(CDI_BEFORE, CDI_AFTER, direction="up", alpha=0.05, seed=1)
    assert found.p_value > 0.99
    assert found.shift == pytest.approx(-12.0, abs=1e-3)
    assert found.shift_low < found.shift


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_a_wandering_series_is_called_better_within_seven_percent(correlation: float) -> None:
    series = autoregressive(np.random.default_rng(20), correlation, 1500, 38)
    called = [
        found.p_value < 0.05 or found.shift_low > 0
        for row in series
        for found in [compare(row[:26], row[26:], direction="up", alpha=0.05, seed=3, resamples=400)]
    ]
    assert np.mean(called) <= 0.07


def test_the_detectable_shift_is_detected_about_four_times_in_five() -> None:
    series = autoregressive(np.random.default_rng(21), 0.0, 400, 46)
    plain = [compare(row[:26], row[26:], direction="up", alpha=0.05, seed=3, resamples=400) for row in series]
    series[:, 26:] += np.median([found.detectable for found in plain])
    moved = [compare(row[:26], row[26:], direction="up", alpha=0.05, seed=3, resamples=400) for row in series]
    assert 0.7 <= np.mean([found.p_value < 0.05 for found in moved]) <= 0.9


def test_autocorrelation_widens_the_bound() -> None:
    calm = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    slow = sorted(calm)
    after = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]
    by_order = [compare(b, after, direction="up", alpha=0.05, seed=1) for b in (calm, slow)]
    assert by_order[0].lag1 < by_order[1].lag1
    assert by_order[0].shift_low > by_order[1].shift_low
    assert by_order[0].p_value < by_order[1].p_value


@pytest.mark.parametrize(
    ("before", "after", "error", "says"),
    [
        ([], [1.0] * 6, NotEnoughPoints, "6 points or more on each side; there are 0 before"),
        ([1.0, 2.0] * 5, [2.0] * 5, NotEnoughPoints, "there are 5 after"),
        ([1.0, 2.0] * 5, [2.0] * 5 + [math.nan], BadSeries, "the points after: point 6 of 6 is nan"),
        ([1.0, math.inf] * 5, [2.0] * 6, BadSeries, "the points before: point 2 of 10 is inf"),
        ([1.0] * 10, [2.0] * 10, BadSeries, "All 10 points before are 1"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_sentence(
    before: list[float], after: list[float], error: type[ValueError], says: str
) -> None:
    with pytest.raises(error, match=says):
        compare(before, after, direction="up", alpha=0.05, seed=1)


@pytest.mark.parametrize("alpha", [0.0, 0.5, -0.1, math.nan])
def test_a_level_that_is_none_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 0\.5"):
        compare(CDI_BEFORE, CDI_AFTER, direction="down", alpha=alpha, seed=1)
    with pytest.raises(ValueError, match=r"between 0 and 0\.5"):
        look_alpha(alpha, 1)


def test_looks_never_spend_more_than_the_whole() -> None:
    assert [look_alpha(0.06, look) for look in (1, 2, 3)] == pytest.approx([0.03, 0.01, 0.005])
    assert sum(look_alpha(0.05, look) for look in range(1, 200)) <= 0.05
    with pytest.raises(ValueError, match="count from 1"):
        look_alpha(0.05, 0)


def test_the_same_seed_gives_the_same_answer_and_only_the_p_value_may_depend_on_it() -> None:
    same = [compare(CDI_BEFORE, CDI_BEFORE[:12], direction="up", alpha=0.05, seed=5) for _ in range(2)]
    other = compare(CDI_BEFORE, CDI_BEFORE[:12], direction="up", alpha=0.05, seed=6)
    assert same[0] == same[1]
    assert (other.shift, other.shift_low, other.lag1) == (same[0].shift, same[0].shift_low, same[0].lag1)


def test_a_later_window_without_variation_can_still_be_better() -> None:
    found = compare(
        [0.8, 0.9, 0.85, 0.7, 0.95, 0.9, 0.8, 0.9], [1.0] * 10, direction="up", alpha=0.05, seed=1
    )
    assert found.p_value < 0.05
    assert found.shift_low > 0


windows = st.tuples(*[st.lists(st.integers(-50, 50).map(float), min_size=6, max_size=20)] * 2)


@given(windows)
def test_reversing_the_direction_mirrors_the_shift(pair: tuple[list[float], list[float]]) -> None:
    before, after = pair
    if len(set(before)) == 1:
        return
    up = compare(before, after, direction="up", alpha=0.05, seed=1, resamples=50)
    down = compare(before, after, direction="down", alpha=0.05, seed=1, resamples=50)
    assert (up.shift, up.cliffs_delta) == (-down.shift, -down.cliffs_delta)
    assert up.detectable == pytest.approx(down.detectable)
    assert min(up.p_value, down.p_value) > 0
    assert max(up.p_value, down.p_value) >= 0.4


@given(windows, st.sampled_from([0.5, 4.0]), st.integers(-100, 100))
def test_shifts_scale_with_the_data_and_the_rest_stays(
    pair: tuple[list[float], list[float]], scale: float, offset: int
) -> None:
    before, after = pair
    if len(set(before)) == 1:
        return
    plain = compare(before, after, direction="up", alpha=0.05, seed=1, resamples=50)
    moved = compare(
        *([v * scale + offset for v in side] for side in pair),
        direction="up",
        alpha=0.05,
        seed=1,
        resamples=50,
    )
    assert moved.shift == pytest.approx(plain.shift * scale)
    assert moved.shift_low == pytest.approx(plain.shift_low * scale)
    assert (moved.p_value, moved.lag1) == (plain.p_value, plain.lag1)


@given(windows, st.sampled_from([0.2, 0.05, 0.001]))
def test_a_bound_above_zero_never_comes_without_a_small_p_of_the_rank_test_nor_above_the_shift(
    pair: tuple[list[float], list[float]], alpha: float
) -> None:
    before, after = pair
    if len(set(before)) == 1:
        return
    found = compare(before, after, direction="up", alpha=alpha, seed=1, resamples=50)
    assert found.shift_low <= found.shift
    assert all(math.isfinite(x) for x in (found.shift_low, found.p_value, found.lag1, found.detectable))


@given(st.lists(st.floats(), max_size=12), st.lists(st.floats(), max_size=12))
@settings(max_examples=200)
def test_any_input_gives_finite_numbers_or_a_refusal(before: list[float], after: list[float]) -> None:
    try:
        found = compare(before, after, direction="up", alpha=0.05, seed=1, resamples=20)
    except (BadSeries, NotEnoughPoints):
        return
    numbers = (found.shift, found.shift_low, found.p_value, found.cliffs_delta, found.lag1, found.detectable)
    assert all(math.isfinite(x) for x in numbers)
    assert 0 < found.p_value <= 1
    assert -1 <= found.cliffs_delta <= 1


def test_the_rank_test_and_its_bound_by_the_formulas_written_out() -> None:
    before = [3.1, 4.7, 2.2, 5.9, 4.1, 3.6, 6.3, 2.8, 5.2, 4.4]
    after = [5.5, 7.1, 6.6, 4.9, 8.2, 6.1, 7.7]
    pooled = sorted(before + after)
    ranks = [[pooled.index(v) + 1.0 for v in side] for side in (before, after)]
    centred = [[r - sum(side) / len(side) for r in side] for side in ranks]
    products = sum(a * b for side in centred for a, b in pairwise(side))
    raw = products / sum(a * a for side in centred for a in side)
    lag = raw + 2 * (1 + 4 * raw) / 17
    found = compare(before, after, direction="up", alpha=0.05, seed=1)
    assert found.lag1 == pytest.approx(lag)
    assert lag < 0  # so the effective n is n, and only the corrected lag is reported
    spread = math.sqrt(17 * 18 / 12 * (1 / 10 + 1 / 7))  # variance of the ranks 1 to 17, and of two means
    z = (sum(ranks[1]) / 7 - sum(ranks[0]) / 10) / spread
    assert found.p_rank == pytest.approx(float(student.sf(z, df=17 - 2)))
    differences = sorted(new - old for new in after for old in before)
    position = math.floor(70 / 2 - student.ppf(0.95, df=15) * math.sqrt(70 * 18 / 12))
    assert found.shift_low == differences[position - 1]


def test_a_permutation_counts_every_arrangement_that_ranks_as_high() -> None:
    # In 1 of 120 arrangements of 20 + 6 points the later window is drawn again as it was.
    found = compare([*range(20)], [*range(20, 26)], direction="up", alpha=0.05, seed=1)
    assert 0.004 < found.p_block < 0.016
    assert found.p_value == max(found.p_rank, found.p_block)


def test_the_variance_of_a_mean_grows_as_for_an_autoregressive_series() -> None:
    assert inflation(2, 0.5) == pytest.approx(1 + 0.5)
    assert inflation(3, 0.5) == pytest.approx(1 + 2 * (2 / 3 * 0.5 + 1 / 3 * 0.25))
    assert inflation(1000, 0.6) == pytest.approx(4.0, rel=0.01)  # (1 + r) / (1 - r)
    assert inflation(10, 0.0) == 1.0
