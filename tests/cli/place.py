"""A place where `bst` is run as people run it: a program, a real server, a real worker, files in a folder."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bst.client import Journeys
from bst.settings import Settings

BST = Path(sys.executable).with_name("bst")
ROOT = Path(__file__).parents[2]
# Weekly values that keep calm: never outside their limits, and never long on one side.
CALM = (11.0, 11.5, 10.6, 11.2, 10.8, 11.4, 10.7)
MEMBERS = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance"}
_T = TypeVar("_T")


@dataclass(frozen=True)
class Ran:
    """What a program left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Place:
    """One folder with data, and the environment that leads to its server."""

    folder: Path
    environment: dict[str, str]

    def bst(self, *arguments: str, given: str = "", **variables: str) -> Ran:
        """Run `bst` to its end."""
        done = subprocess.run(
            [BST, *arguments],
            cwd=self.folder,
            env=self.environment | variables,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def ask(self, use: Callable[[Journeys], Awaitable[_T]]) -> _T:
        """Do something with the client, where the command line is not what is tested."""

        async def asked() -> _T:
            return await use(await Journeys.connect(Settings.from_environment(self.environment)))

        return asyncio.run(asked())

    def charter(self, **changes: Any) -> tuple[str, Path]:
        """Write a charter of a new team; JSON is YAML. Return the team's name and the file."""
        team = f"team-{uuid.uuid4().hex[:8]}"
        parts = {"team": team, "members": MEMBERS, "outcome": outcome(), **changes}
        path = self.folder / f"{team}.yaml"
        path.write_text(json.dumps(parts, indent=1))
        return team, path

    def started(self, **changes: Any) -> str:
        """Start a new team's journey; it is forming."""
        team, path = self.charter(**changes)
        self.ask(lambda journeys: journeys.start(path))
        return team

    def stable(self, **changes: Any) -> str:
        """Start a new team's journey and let everybody confirm: the ballot on optimization is open."""
        team = self.started(**changes)

        async def form(journeys: Journeys) -> None:
            for member in MEMBERS:
                await journeys.confirm(team, by=member)
            async with asyncio.timeout(30):
                async for status in journeys.watch(team, every=timedelta(seconds=0.05)):
                    if status.ballots or (
                        status.stage == "stability" and len(status.verdicts) > 2 and changes
                    ):
                        return

        self.ask(form)
        return team


def outcome(**changes: Any) -> dict[str, Any]:
    """Return an outcome that passes the lint, measured by a calm file."""
    return {
        "statement": "A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2099",
        "beneficiary": "customers who file a simple claim",
        "metric": "days to payment",
        "unit": "days",
        "direction": "down",
        "baseline": 11,
        "target": 3,
        "deadline": "2099-06-30",
        "source": {"kind": "files", "path": "days.csv"},
        **changes,
    }


def write_data(folder: Path) -> None:
    """Write 60 weeks of calm, the newest one over."""
    this_week = datetime.now(UTC).date()
    monday = this_week - timedelta(days=this_week.weekday())
    rows = [f"{monday - timedelta(weeks=60 - i)},{CALM[i % len(CALM)]}" for i in range(60)]
    (folder / "days.csv").write_text("\n".join(["period,value", *rows]) + "\n")
    spike = [*rows[:-3], f"{monday - timedelta(weeks=3)},19.5", *rows[-2:]]
    (folder / "spike.csv").write_text("\n".join(["period,value", *spike]) + "\n")


def bare_environment(home: Path, **variables: str) -> dict[str, str]:
    """Return an environment in which nothing of this machine's own Temporal or `bst` is left."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("TEMPORAL_", "BST_"))}
    kept = {
        n: v for n, v in kept.items() if n not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"}
    }
    nothing = home / "no-profiles.toml"
    nothing.touch()
    return kept | {"BST_HOME": str(home), "TEMPORAL_CONFIG_FILE": str(nothing), **variables}
