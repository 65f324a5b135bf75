"""How often a change is proposed where nothing changed, and how often a real one is found in its place.

Run: python -m benchmarks.changes_size   (about 40 s on one core; fixed seed)
"""

import numpy as np

from benchmarks.simulation import autoregressive
from evidence.changes import propose_changes

RUNS = 2_000


def main() -> None:
    """Print one line per length and memory."""
    print("points  lag 1  proposed:unchanged  found within 2 of the place: shift 1 sigma  2 sigma")
    for points in (30, 52, 104):
        for lag in (0.0, 0.3, 0.6):
            random = np.random.default_rng([2026, points, int(10 * lag)])
            rows = autoregressive(random, lag, RUNS, points)
            unchanged = np.mean([bool(propose_changes(row.tolist())) for row in rows])
            found = []
            for _ in range(2):
                rows[:, points // 2 :] += 1.0
                found.append(
                    np.mean(
                        [any(abs(c.at - points // 2) <= 2 for c in propose_changes(r.tolist())) for r in rows]
                    )
                )
            print(f"{points:6} {lag:6} {unchanged:19.3f} {found[0]:43.2f} {found[1]:8.2f}", flush=True)


if __name__ == "__main__":
    main()
