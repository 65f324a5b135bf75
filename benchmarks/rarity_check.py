"""What `evidence.rarity` says of a stable process against what one shows: ten points by limits from so many.

Each line: so many outside on one side and a run of such a length; the chance of a look by simulation, with a
95 % interval (Wilson), and as said; the periods between the beginnings of two such sights, simulated, and as
said.

Run: python -m benchmarks.rarity_check   (about 20 s; fixed seed)
"""

import numpy as np
import numpy.typing as npt

from benchmarks.simulation import Floats, interval
from evidence.ranges import D2
from evidence.rarity import rarity

RUNS = 400_000
JUDGED = 10
BASELINES = (6, 12, 20, 30, 60)
SIGHTS = ((1, 0), (2, 0), (3, 0), (0, 6), (0, 8), (1, 5), (1, 8))


def shown(windows: Floats, outside: int, run: int) -> npt.NDArray[np.bool_]:
    """Which windows show at least so much above the centre."""
    above = windows > 0
    stretches = [above[:, i : i + run].all(axis=1) for i in range(windows.shape[1] - run + 1)]
    found: npt.NDArray[np.bool_] = ((windows > 3).sum(axis=1) >= outside) & np.any(stretches, axis=0)
    return found


def main() -> None:
    """Print one line per baseline and sight."""
    print("limits of  outside  run  chance   95 % interval       said     | once in   said")
    for baseline in BASELINES:
        points = np.random.default_rng([2030, baseline]).standard_normal((RUNS, baseline + JUDGED + 1))
        first, later = points[:, :baseline], points[:, baseline:]
        sigma = np.abs(np.diff(first, axis=1)).mean(axis=1, keepdims=True) / D2
        z = (later - first.mean(axis=1, keepdims=True)) / sigma
        for outside, run in SIGHTS:
            before, now = shown(z[:, :-1], outside, run), shown(z[:, 1:], outside, run)
            begun, chance = float((now & ~before).mean()), float(now.mean())
            said = rarity(baseline, JUDGED, outside=outside, longest_run=run)
            print(
                f"{baseline:9} {outside:8} {run:4}  {chance:.5f}  {interval(chance, RUNS, digits=5):18}  "
                f"{said.chance:.5f}  "
                f"| {1 / begun if begun else float('inf'):7.0f} {said.once_in:6}"
            )


if __name__ == "__main__":
    main()
