"""No wider than before: what chance may do, and what is refused."""

import numpy as np
import pytest

from evidence.limits import Limits, freeze_limits
from evidence.scatter import LEVEL, no_wider, widest_ratio


def _limits(sigma: float, n: int, sigma_z: float = 1.0) -> Limits:
    return Limits("p_prime" if sigma_z != 1.0 else "individuals", 0.5, sigma, sigma_z, n)


@pytest.mark.parametrize(
    ("before", "after", "ratio"),
    [(8, 6, 2.46), (20, 6, 1.87), (20, 12, 1.72), (20, 24, 1.63), (60, 52, 1.33)],
)
def test_the_more_points_the_less_chance_may_do(before: int, after: int, ratio: float) -> None:
    assert widest_ratio(before, after) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (_limits(1.0, 20), _limits(1.0, 12), True),
        (_limits(1.0, 20), _limits(1.71, 12), True),
        (_limits(1.0, 20), _limits(1.73, 12), False),
        (_limits(0.0, 20), _limits(0.0, 12), True),
        (_limits(0.0, 20), _limits(0.01, 12), False),
        (_limits(0.5, 20, 2.0), _limits(0.4, 12, 2.0), True),
        (_limits(0.5, 20, 1.1), _limits(0.5, 12, 2.0), False),
    ],
)
def test_sigmas_are_compared_with_what_chance_may_do(
    before: Limits, after: Limits, *, expected: bool
) -> None:
    assert no_wider(before, after) is expected


def test_an_unchanged_process_is_refused_as_rarely_as_stated() -> None:
    pairs = [
        [freeze_limits(part, None, "individuals") for part in (x[:20], x[20:])]
        for x in np.random.default_rng(7).standard_normal((4000, 32)).tolist()
    ]

    refused = sum(not no_wider(before, after) for before, after in pairs) / len(pairs)

    assert refused == pytest.approx(LEVEL, abs=0.012)  # three standard errors of 4,000 draws
