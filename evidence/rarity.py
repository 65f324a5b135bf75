"""How rarely a stable process would show what was seen: once in so many periods."""

import math

# Degrees of freedom that a mean moving range of n independent normal points is worth, per step.
_DEGREES_PER_STEP = 0.62


def outside_chance(n_baseline: int, width: float = 3.0) -> float:
    """The chance that one later point of a stable normal process lies outside both limits together.

    Limits from n points are themselves uncertain: 1 in 370 holds for known ones only. The later point less
    the centre has variance 1 + 1/n, and sigma is worth 0.62 (n - 1) degrees of freedom, so the chance is a
    tail of Student's t: 1 in 80 for limits from 20 points and 1 in 190 from 60 (simulated: 90 and 200).
    """
    from scipy.special import stdtr

    if n_baseline < 2:  # noqa: PLR2004 - one point has no step to the next
        raise ValueError(f"Limits come from 2 points at least; asked for {n_baseline}.")
    degrees = _DEGREES_PER_STEP * (n_baseline - 1)
    return float(2.0 * stdtr(degrees, -width / math.sqrt(1.0 + 1.0 / n_baseline)))


def at_least_chance(count: int, points: int, chance: float) -> float:
    """The chance of `count` or more events in so many independent points, each with this chance."""
    if not 0 <= count <= points or not 0 <= chance <= 1:
        raise ValueError(f"{count} of {points} with a chance of {chance} cannot be.")
    terms = (
        math.comb(points, k) * chance**k * (1.0 - chance) ** (points - k) for k in range(count, points + 1)
    )
    return min(math.fsum(terms), 1.0)


def run_chance(length: int, points: int) -> float:
    """The chance of a run of `length` or more on one side of a known centre in so many independent points.

    Exact for a median as centre (a fair coin): 2 P(a run of length - 1 equal steps), counted by recursion.
    """
    if length < 1 or points < 0:
        raise ValueError(f"A run of {length} in {points} points cannot be.")
    without = [1.0]  # share of sequences of i points without such a run
    for i in range(1, points + 1):
        if i < length:
            without.append(1.0)
        elif i == length:
            without.append(1.0 - 2.0 ** (1 - length))
        else:
            without.append(without[i - 1] - 2.0**-length * without[i - length])
    return 1.0 - without[points]


def once_in(chance: float) -> int:
    """The number to say after "once in", rounded to one digit under 100 and to two above, at least 1."""
    if not 0 < chance <= 1:
        raise ValueError(f"A chance lies above 0 and up to 1; this one is {chance}.")
    many = 1.0 / chance
    step = 10.0 ** max(math.floor(math.log10(many)) - (1 if many >= 100 else 0), 0)  # noqa: PLR2004 - see above
    return max(int(round(many / step) * step), 1)
