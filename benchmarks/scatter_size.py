"""How often `evidence.scatter` refuses a process that did not change, and how often it sees a wider one.

Run: python -m benchmarks.scatter_size   (about 3 s; fixed seed)
"""

import numpy as np

from benchmarks.simulation import Floats, autoregressive
from evidence.scatter import LEVEL, widest_ratio

REPEATS = 40_000
WINDOWS = ((8, 6), (20, 6), (20, 12), (20, 24), (20, 52), (40, 12), (60, 52))


def ratios(x: Floats, n_before: int) -> Floats:
    """Mean moving range of the later points by that of the earlier ones."""
    before, after = (
        np.abs(np.diff(part, axis=1)).mean(axis=1) for part in (x[:, :n_before], x[:, n_before:])
    )
    result: Floats = after / before
    return result


def main() -> None:
    """Print one line per pair of windows."""
    random = np.random.default_rng(1)
    print("before after  ratio  refused:iid    lag .6      t(4)   by 1.25  seen:x1.5        x2  x2 at 10%")
    for before, after in WINDOWS:
        most, at_ten = widest_ratio(before, after), widest_ratio(before, after, 2 * LEVEL)
        plain = ratios(autoregressive(random, 0.0, REPEATS, before + after), before)
        lagged = ratios(autoregressive(random, 0.6, REPEATS, before + after), before)
        heavy = ratios(random.standard_t(4, (REPEATS, before + after)), before)
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
