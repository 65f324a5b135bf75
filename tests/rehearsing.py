"""Rehearsals for tests: made-up weeks that go through every stage and back, and the real flights."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bst.charter_file import load
from bst.demo.cast import teams
from bst.rehearsal.answers import answers_of
from bst.rehearsal.preparing import Rehearsal, prepared
from bst.settings import Settings

# Weekly values that keep calm: never outside their limits, and never long on one side.
CALM = (11.0, 11.5, 10.6, 11.2, 10.8, 11.4, 10.7)
FIRST = date(2022, 1, 3)
# The team starts when limits can be frozen at once; from then on it gets better, until four weeks go wrong.
START = FIRST + timedelta(weeks=32)
BETTER, WORSE, WEEKS = 32, 48, 56
MEMBERS = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance"}
METRIC = "days to payment"


def weekly(week: int) -> float | None:
    """Return the value of a week: 11 days, then 8, and 14 four times; one week has none."""
    calm = CALM[week % len(CALM)]
    if week == BETTER + 4:
        return None
    if WORSE <= week < WORSE + 4:
        return calm + 3
    return calm - 3 if week >= BETTER else calm


def settings_of(folder: Path) -> Settings:
    return Settings(journal=f"sqlite:///{folder / 'journal.db'}", data=folder, home=folder)


def write_weeks(folder: Path, changed: Mapping[int, str] | None = None, *, steady: bool = False) -> None:
    """Write the weeks, some of them as somebody says; or steady ones, in which nothing changes."""
    rows = [(week, CALM[week % len(CALM)] if steady else weekly(week)) for week in range(WEEKS)]
    lines = [
        f"{FIRST + timedelta(weeks=week)},{(changed or {}).get(week, value)}"
        for week, value in rows
        if value is not None
    ]
    (folder / "days.csv").write_text("\n".join(["period,value", *lines]) + "\n")


def write_charter(folder: Path, **changes: Any) -> Path:
    """Write the charter of the made-up weeks; JSON is YAML."""
    parts: dict[str, Any] = {
        "team": "claims",
        "members": MEMBERS,
        "outcome": {
            "statement": "A customer who files a simple claim is paid in 8 days instead of 11",
            "beneficiary": "customers who file a simple claim",
            "metric": METRIC,
            "unit": "days",
            "measure": "duration",
            "direction": "down",
            "baseline": 11,
            "target": 8,
            "deadline": "2024-06-30",
            "source": {"kind": "files", "path": "days.csv"},
        },
        "milestones": {"runbook": "Ben"},
        "stages": {
            "stability": {"milestones": ["runbook"]},
            "innovation": {"at_target": 12, "of": 12},
        },
    }
    path = folder / "charter.yaml"
    path.write_text(json.dumps(parts | changes))
    return path


def made_up(folder: Path, answers: str = "consent:2d", *, steady: bool = False, **changes: Any) -> Rehearsal:
    """Return a rehearsal of the made-up weeks."""
    write_weeks(folder, steady=steady)
    charter = load(write_charter(folder, **changes), today=START).charter
    return prepared(charter, answers_of(answers, charter), START, None, settings_of(folder))


def of_flights(folder: Path, last: date, answers: str = "consent:2d") -> Rehearsal:
    """Return a rehearsal of Delta at LaGuardia; `flights.parquet` lies in the folder."""
    charter, first = teams()[0].charter, date(2013, 1, 7)
    return prepared(charter, answers_of(answers, charter), first, last, settings_of(folder))
