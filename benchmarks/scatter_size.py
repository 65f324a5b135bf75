"""How often `evidence.scatter` refuses a process that did not change, and how often it sees a wider one.

Run: python benchmarks/scatter_size.py   (about 3 s; fixed seed)
"""

import numpy as np
import numpy.typing as npt

from evidence.scatter import LEVEL, widest_ratio

REPEATS = 40_000
BURN_IN = 50
WINDOWS = ((8, 6), (20, 6), (20, 12), (20, 24), (20, 52), (40, 12), (60, 52))


def series(
    random: np.random.Generator, n: int, lag: float, degrees: float | None = None
) -> npt.NDArray[np.float64]:
    """AR(1) series in rows, normal or with Student's t steps."""
    shape = (REPEATS, n + BURN_IN)
    steps = random.standard_normal(shape) if degrees is None else random.standard_t(degrees, shape)
    for i in range(1, n + BURN_IN):
        steps[:, i] += lag * steps[:, i - 1]
    return steps[:, BURN_IN:]


def ratios(x: npt.NDArray[np.float64], n_before: int) -> npt.NDArray[np.float64]:
    """Mean moving range of the later points by that of the earlier ones."""
    before, after = (
        np.abs(np.diff(part, axis=1)).mean(axis=1) for part in (x[:, :n_before], x[:, n_before:])
    )
    result: npt.NDArray[np.float64] = after / before
    return result


def main() -> None:
    """Print one line per pair of windows."""
    random = np.random.default_rng(1)
    print("before after  ratio  refused:iid    lag .6      t(4)   by 1.25  seen:x1.5        x2  x2 at 10%")
    for before, after in WINDOWS:
        most, at_ten = widest_ratio(before, after), widest_ratio(before, after, 2 * LEVEL)
        plain = ratios(series(random, before + after, 0.0), before)
        lagged = ratios(series(random, before + after, 0.6), before)
        heavy = ratios(series(random, before + after, 0.0, degrees=4), before)
        refused = [
            (plain > most).mean(),
            (lagged > most).mean(),
            (heavy > most).mean(),
            (plain > 1.25).mean(),
        ]
        seen = [(1.5 * plain > most).mean(), (2 * plain > most).mean(), (2 * plain > at_ten).mean()]
        print(f"{before:6} {after:5} {most:6.2f}  " + "".join(f"{x:10.3f}" for x in (*refused, *seen)))


if __name__ == "__main__":
    main()
