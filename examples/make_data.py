"""Make the data of the examples: the same numbers each time, ending with the last whole week.

    python examples/make_data.py                        # up to last week
    python examples/make_data.py --until 2026-11-16     # the files as they are kept here

Invented numbers of processes that run steadily: so a team that starts with them
sees its stability gate judged on real rows. Nothing but Python is needed.
"""
# ruff: noqa: INP001, S311, T201 - a script that prints; its random numbers keep no secret

import argparse
import csv
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

WEEK = timedelta(weeks=1)
# Shares of the orders.
ON_TIME, SENT_BACK = 0.82, 0.06
HERE = Path(__file__).parent


def main() -> None:
    """Write the data of all examples."""
    parser = argparse.ArgumentParser(description="Make the data of the examples.")
    parser.add_argument("--until", type=date.fromisoformat, help="a Monday: the first day without data")
    parser.add_argument("--folder", type=Path, default=HERE, help="where the examples are")
    given = parser.parse_args()
    for path in write(given.folder, given.until or this_monday()):
        print(path)


def this_monday() -> date:
    """Return the first day of this week, in UTC."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday())


def write(folder: Path, until: date) -> tuple[Path, ...]:
    """Write the three data sets under `folder` and return their paths; `until` is a Monday."""
    return (
        claims(folder / "claims", until),
        clinic(folder / "clinic", until),
        orders(folder / "orders", until),
    )


def claims(folder: Path, until: date) -> Path:
    """Write 40 weeks of the mean days from claim to payment, about 11."""
    chance = random.Random("claims")
    path = _place(folder, "claims.csv")
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("week", "claims", "days"))
        for week in weeks(until, 40):
            rows.writerow((week, chance.randint(80, 120), round(chance.lognormvariate(2.4, 0.08), 2)))
    return path


def clinic(folder: Path, until: date) -> Path:
    """Write 10 weeks of calls, Monday to Friday, each with its minutes until a nurse calls back, about 50."""
    chance = random.Random("clinic")
    path = _place(folder, "calls.jsonl")
    with path.open("w", encoding="utf-8") as file:
        for day in (monday + timedelta(days=i) for monday in weeks(until, 10) for i in range(5)):
            for _ in range(chance.randint(9, 14)):
                minutes = round(chance.lognormvariate(3.9, 0.25), 1)
                nurse = round(chance.uniform(4, 9), 1)
                call = {"day": day.isoformat(), "waited_min": minutes, "nurse_min": nurse}
                file.write(json.dumps(call) + "\n")
    return path


def orders(folder: Path, until: date) -> Path:
    """Write a database of 45 weeks of orders, of which 82 in 100 arrive on the day that was promised."""
    chance = random.Random("orders")
    path = _place(folder, "orders.db")
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table orders (shipped text, on_time int, returned int, minutes real)")
        database.execute("create table systems (day text, minutes_up real)")
        for week in weeks(until, 45):
            for _ in range(chance.randint(140, 180)):
                shipped = week + timedelta(days=chance.randrange(6))
                on_time, returned = chance.random() < ON_TIME, chance.random() < SENT_BACK
                row = (shipped.isoformat(), on_time, returned, round(chance.gauss(21, 4), 1))
                database.execute("insert into orders values (?, ?, ?, ?)", row)
            for i in range(7):
                up = round(1440 - chance.expovariate(1 / 6), 1)
                day = (week + timedelta(days=i)).isoformat()
                database.execute("insert into systems values (?, ?)", (day, up))
    return path


def weeks(until: date, count: int) -> Iterator[date]:
    """Yield the Mondays of the `count` weeks before `until`."""
    if until.weekday():
        message = f"--until {until} is no Monday: say one, e.g. {until - timedelta(days=until.weekday())}"
        raise SystemExit(message)
    yield from (until - WEEK * (count - i) for i in range(count))


def _place(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


if __name__ == "__main__":
    main()
