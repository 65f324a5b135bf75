"""What a reader is told about a series, and how numbers are cut for the record."""

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.diagnostics import lag1, longest_gap, skew, tied_share
from evidence.quantise import quantise
from evidence.series import BadSeries


@pytest.mark.parametrize(
    ("values", "lag", "lean", "ties"),
    [
        ([], None, None, 0.0),
        ([1.0, 2.0], None, None, 0.0),
        ([3.0, 3.0, 3.0], None, None, 1.0),
        ([1.0, -1.0, 1.0, -1.0], -0.75, 0.0, 1.0),
        ([1.0, 2.0, 3.0], 0.0, 0.0, 0.0),
        ([0.0, 0.0, 0.0, 4.0], -1 / 12, 2 / math.sqrt(3), 0.75),
    ],
)
def test_diagnostics_by_hand(values: list[float], lag: float | None, lean: float | None, ties: float) -> None:
    assert lag1(values) == (lag if lag is None else pytest.approx(lag))
    assert skew(values) == (lean if lean is None else pytest.approx(lean))
    assert tied_share(values) == ties


def test_lag_of_the_reference_series() -> None:
    cdi = [17, 12, 27, 20, 20, 18, 22, 19, 19, 24, 17, 16, 24, 19, 19, 22, 25, 19, 17, 6, 25, 17, 11, 14]
    assert lag1(cdi) == pytest.approx(-0.0858261555572799)  # R 4.2.2, acf()


@pytest.mark.parametrize("look", [lag1, skew, tied_share])
def test_broken_numbers_have_no_diagnostics(look: Callable[[Sequence[float]], float | None]) -> None:
    with pytest.raises(BadSeries, match="point 2 of 3 is nan"):
        look([1.0, math.nan, 2.0])


@pytest.mark.parametrize(
    ("periods", "gap"), [([], 0), ([4], 0), ([1, 2, 3], 0), ([1, 3], 1), ([9, 1, 2, 2, 5], 3), ([-5, 5], 9)]
)
def test_the_longest_gap_counts_missing_periods(periods: list[int], gap: int) -> None:
    assert longest_gap(periods) == gap


@given(st.lists(st.floats(-1e90, 1e90), max_size=30))
def test_diagnostics_are_bounded(values: list[float]) -> None:
    assert -1 <= (lag1(values) or 0.0) <= 1
    assert math.isfinite(skew(values) or 0.0)
    assert 0 <= tied_share(values) <= 1


@pytest.mark.parametrize(
    ("x", "digits", "cut"),
    [
        (0.1 + 0.2, 6, 0.3),
        (1234567.0, 6, 1234570.0),
        (-0.00012345678, 6, -0.000123457),
        (0.0, 6, 0.0),
        (-0.0, 6, 0.0),
        (9.9999999, 3, 10.0),
    ],
)
def test_numbers_are_cut_to_significant_digits(x: float, digits: int, cut: float) -> None:
    assert quantise(x, digits) == cut
    assert math.copysign(1, quantise(x, digits)) == math.copysign(1, cut)


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf, 1.7976931348623157e308])
def test_what_is_not_finite_never_enters_a_record(x: float) -> None:
    with pytest.raises(ValueError, match="Only finite numbers"):
        quantise(x, 2)


@pytest.mark.parametrize("digits", [0, 18, -1])
def test_digits_that_mean_nothing_are_refused(digits: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 17"):
        quantise(1.0, digits)


@given(st.floats(-1e100, 1e100), st.integers(1, 17))
def test_cutting_twice_changes_nothing_more(x: float, digits: int) -> None:
    once = quantise(x, digits)
    assert quantise(once, digits) == once
    assert once == pytest.approx(x, rel=10.0 ** (1 - digits), abs=1e-300)
