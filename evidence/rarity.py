"""How rarely a stable process would show what was seen: once in so many periods.

For independent normal points. Limits are themselves drawn: of n points, their centre is off by a normal error
of variance 1/n, and their sigma is worth 0.62 (n - 1) degrees of freedom. All points of a window share that
error, so two points outside are likelier than two independent accidents: everything here is an average over
the limits that chance might have drawn. A process with memory shows all of it more often.

Measured (`benchmarks/rarity_check.py`), ten points by limits from 20: runs and one point outside come out
within 4 % of the simulated chance, two outside a sixth too likely, three a third: never rarer than the truth
by more than the simulation's own error.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evidence.limits import MINIMUM_POINTS, WIDTH
from evidence.series import LARGEST_MAGNITUDE, Floats

# Degrees of freedom that a mean moving range of n independent normal points is worth, per step.
_DEGREES_PER_STEP = 0.62
# Nodes of the averages over the centre's and the spread's error: more change no digit that is said.
_CENTRES, _SPREADS = 16, 48


@dataclass(frozen=True, slots=True)
class Rarity:
    """How often a stable process looks like this or worse.

    `chance` is that of one look: the share of all windows that show at least as much. Looked at every period,
    a sight stays in the window for a while and is one sight all that time; a new one begins about once in
    `once_in` periods, which is longer than 1 / `chance`. Where several points outside are needed, the end of
    one sight and the beginning of the next are told apart roughly, and always so that `once_in` is too short.
    """

    chance: float
    once_in: int


def rarity(n_baseline: int, judged: int, *, outside: int = 0, longest_run: int = 0) -> Rarity:
    """How rarely the newest `judged` points show so much on one given side of limits from `n_baseline`.

    So much is at least `outside` points beyond the limit of that side, and a run of at least `longest_run` on
    that side of the centre; 0 asks nothing. For "on either side" the chance is twice as large.

    Raises:
        ValueError: under 6 points for limits, no point judged, or more asked of a window than it has points.
    """
    if n_baseline < MINIMUM_POINTS or judged < 1:
        raise ValueError(
            f"Limits come from {MINIMUM_POINTS} points at least, and a window has 1; asked for {n_baseline} "
            f"and {judged}."
        )
    if not (0 <= outside <= judged and 0 <= longest_run <= judged):
        raise ValueError(f"{outside} outside and a run of {longest_run} in {judged} points cannot be.")
    return _rarity(n_baseline, judged, outside, longest_run)


# Every gate of a worker asks for the same few windows, and an answer takes milliseconds.
@lru_cache(maxsize=1024)
def _rarity(n_baseline: int, judged: int, outside: int, longest_run: int) -> Rarity:
    beyond, above, weights = _error_of_limits(n_baseline)
    now, one_more = (float(weights @ part) for part in _shown(judged, beyond, above, outside, longest_run))
    begins = one_more - now  # what a window of one more point shows and the one before did not
    return Rarity(chance=min(now, 1.0), once_in=once_in(min(begins, now)) if begins > 0 else 1)


def outside_chance(n_baseline: int) -> float:
    """The chance that one later point of a stable process lies outside both limits together.

    1 in 370 holds for known limits only: it is 1 in 90 for limits from 20 points and 1 in 190 from 60.
    """
    return 2.0 * rarity(n_baseline, 1, outside=1).chance


def once_in(chance: float) -> int:
    """The number to say after "once in", rounded to one digit under 100 and to two above, at least 1."""
    if not 1.0 / LARGEST_MAGNITUDE <= chance <= 1:
        raise ValueError(f"A chance lies above 0 and up to 1; this one is {chance}.")
    many = 1.0 / chance
    step = 10.0 ** max(math.floor(math.log10(many)) - (1 if many >= 100 else 0), 0)  # noqa: PLR2004 - see above
    return max(int(round(many / step) * step), 1)


@lru_cache(maxsize=32)
def _error_of_limits(n_baseline: int) -> tuple[Floats, Floats, Floats]:
    """For limits that chance might draw: chances to be beyond the upper one and above the centre; weights.

    Each of shape (limits,); the weights sum to 1.
    """
    from scipy.special import gammaincinv, gammaln, ndtr

    degrees = _DEGREES_PER_STEP * (n_baseline - 1)
    shift, share = np.polynomial.hermite_e.hermegauss(_CENTRES)
    place, part = np.polynomial.legendre.leggauss(_SPREADS)
    # A mean moving range has no bias, so the chi distribution that stands for it is divided by its mean.
    root = np.sqrt(2.0 * gammaincinv(degrees / 2.0, (place + 1.0) / 2.0))
    mean = math.sqrt(2.0) * math.exp(float(gammaln((degrees + 1.0) / 2.0) - gammaln(degrees / 2.0)))
    centre, sigma = np.meshgrid(shift / math.sqrt(n_baseline), root / mean)
    weights = np.outer(part / part.sum(), share / share.sum()).ravel()
    return ndtr(-(centre + WIDTH * sigma)).ravel(), ndtr(-centre).ravel(), weights


def _shown(points: int, beyond: Floats, above: Floats, outside: int, run: int) -> tuple[Floats, Floats]:
    """For each of the limits: the chance that so many points show so much, and that one point more does.

    Counted point by point. `state[i, j]` is the chance of i points beyond the limit so far and a present run
    of j, both up to what is asked for; a run that was long enough once stays so.
    """
    state = np.zeros((outside + 1, run + 1, beyond.size))
    state[0, 0] = 1.0
    within, below = above - beyond, 1.0 - above
    shown = []
    for _ in range(points + 1):
        longer = np.empty_like(state)  # with one more in the present run, where there is room
        longer[:, 0] = 0.0
        longer[:, 1:] = state[:, :-1]
        longer[:, run] += state[:, run]
        broken = state[:, :run].sum(axis=1)
        stayed = state[:, run].copy()
        np.multiply(longer, within, out=state)
        if outside:  # with one more outside, where there is room
            longer[outside] += longer[outside - 1]
            longer[1:outside] = longer[: outside - 1].copy()
            longer[0] = 0.0
        longer *= beyond
        state += longer
        state[:, 0] += broken * below
        state[:, run] += stayed * below
        shown.append(state[outside, run].copy())
    return shown[-2], shown[-1]
