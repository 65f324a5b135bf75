"""How long `bst --help` takes, and how 100 runs in a row of `bst status` end.

    python benchmarks/command.py

It starts a server and a worker of its own in a temporary folder, and stops them.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

BST = Path(sys.executable).with_name("bst")
# Runs of each: the exit crash of the SDK, unguarded, came in 36 of 270.
RUNS = 100
HELP_RUNS = 20
CHARTER = """\
team: claims
outcome:
  statement: A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2099
  beneficiary: customers who file a simple claim
  metric: days to payment
  unit: days
  direction: down
  baseline: 11
  target: 3
  deadline: 2099-06-30
  source: {kind: files, path: days.csv}
members: {Ana: claims handling, Ben: IT}
"""


def main() -> None:
    """Measure, and print a line for each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        monday = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday())
        weeks = [f"{monday - timedelta(weeks=60 - i)},{11 + i % 7 / 10}" for i in range(60)]
        (folder / "days.csv").write_text("\n".join(["period,value", *weeks]) + "\n")
        (folder / "claims.yaml").write_text(CHARTER)
        environment = {n: v for n, v in os.environ.items() if not n.startswith(("TEMPORAL_", "BST_"))}
        environment |= {"BST_HOME": str(folder / "home"), "BST_DATA": name}
        _report("bst --help", [_timed(folder, environment, "--help") for _ in range(HELP_RUNS)])
        up = subprocess.Popen([BST, "up", "--json"], cwd=folder, env=environment, stdout=subprocess.PIPE)
        try:
            assert up.stdout is not None
            up.stdout.readline()
            _report("bst start", [_timed(folder, environment, "start", "claims.yaml")])
            runs = [_timed(folder, environment, "status", "claims") for _ in range(RUNS)]
            _report("bst status", runs)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)


def _timed(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[float, int]:
    since = time.perf_counter()
    done = subprocess.run([BST, *arguments], cwd=folder, env=environment, capture_output=True, check=False)
    return time.perf_counter() - since, done.returncode


def _report(name: str, runs: list[tuple[float, int]]) -> None:
    seconds = [second for second, _ in runs]
    codes = dict(Counter(code for _, code in runs))
    median, best, worst = statistics.median(seconds), min(seconds), max(seconds)
    took = f"{median:.2f} s ({best:.2f} to {worst:.2f})"
    print(f"{name:<12} {len(runs):>3} runs, exit codes {codes}, {took}")


if __name__ == "__main__":
    main()
