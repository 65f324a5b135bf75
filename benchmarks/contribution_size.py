"""How often unrelated series that remember their past look related, and how often real relations are seen.

Five lags are looked at, at a nominal 5 % over all of them. Beside it: the textbook correlation test at lag 0.

Run: python -m benchmarks.contribution_size   (about 60 s on one core; fixed seed)
"""

import math

import numpy as np

from benchmarks.simulation import autoregressive
from evidence.contribution import contribution

RUNS = 3_000


def main() -> None:
    """Print one line per length and memory."""
    print("points  lag 1  claimed:unrelated  textbook  seen: correlation 0.5")
    for points in (26, 52, 104):
        for lag in (0.0, 0.3, 0.6, 0.8):
            random = np.random.default_rng([2026, points, int(10 * lag)])
            both = autoregressive(random, lag, 2 * RUNS, points)
            x, y = both[::2], both[1::2]
            related = 0.5 * x + math.sqrt(0.75) * y
            claimed = np.mean(
                [any(a.evidence for a in contribution(a, b)) for a, b in zip(x, y, strict=True)]
            )
            seen = np.mean(
                [any(a.evidence for a in contribution(a, b)) for a, b in zip(x, related, strict=True)]
            )
            r = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(x, y, strict=True)])
            textbook = np.mean(np.abs(r) * np.sqrt((points - 2) / (1 - r**2)) > 2.0)
            print(f"{points:6} {lag:6} {claimed:18.3f} {textbook:9.3f} {seen:22.2f}", flush=True)


if __name__ == "__main__":
    main()
