"""What happened, made up by a seed: the truth that trackers tell and that tests count by themselves."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The first Monday, and the weeks in which things happen.
MONDAY = date(2026, 1, 5)
WEEKS = 12
START = datetime.combine(MONDAY, time(), UTC)
END = START + timedelta(weeks=WEEKS)


@dataclass
class Ticket:
    """One piece of work. `moves` are (when, from, to) between statuses; a finished one ends in Done."""

    number: int
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    updated: datetime = START
    labels: tuple[str, ...] = ()
    failed: bool = False
    moves: list[tuple[datetime, str, str]] = field(default_factory=list)
    noise: int = 0


def moment(rng: random.Random, early: datetime, late: datetime) -> datetime:
    """Return a moment between the two, to the second."""
    return early + timedelta(seconds=rng.randrange(1, max(2, int((late - early).total_seconds()))))


def tickets(seed: int, count: int) -> list[Ticket]:
    """Return tickets of all fates: finished, finished again, open, never started; some labelled."""
    rng = random.Random(seed)
    return [_ticket(rng, number) for number in range(1, count + 1)]


def _ticket(rng: random.Random, number: int) -> Ticket:
    made = Ticket(
        number, moment(rng, START - timedelta(days=20), END), noise=rng.choice((0,) * 12 + (2,) * 12 + (55,))
    )
    made.labels = ("defect",) if rng.random() < 0.3 else ()
    if rng.random() < 0.85:
        _move(made, moment(rng, made.created, made.created + timedelta(days=6)), "In Progress")
    if rng.random() < 0.9:
        _finish(rng, made)
    if made.moves and made.moves[-1][2] == "Done" and rng.random() < 0.15:
        after = made.moves[-1][0]
        _move(made, moment(rng, after, after + timedelta(days=3)), "In Progress")
        _finish(rng, made)
    made.moves = [move for move in made.moves if move[0] < END]
    made.started = next((at for at, _, new in made.moves if new == "In Progress"), None)
    if made.moves and made.moves[-1][2] == "Done":
        made.finished = made.moves[-1][0]
        made.failed = rng.random() < 0.2
    made.updated = max([made.created, *(move[0] for move in made.moves)])
    return made


def _move(made: Ticket, at: datetime, status: str) -> None:
    made.moves.append((at, made.moves[-1][2] if made.moves else "To Do", status))


def _finish(rng: random.Random, made: Ticket) -> None:
    after = made.moves[-1][0] if made.moves else made.created
    _move(made, moment(rng, after, after + timedelta(days=rng.choice((1, 4, 12)))), "Done")


def week_of(when: datetime, zone: str = "UTC") -> int:
    """Return how many weeks after the first Monday, by the zone's calendar."""
    return (when.astimezone(ZoneInfo(zone)).date() - MONDAY).days // 7


def counted(moments: Iterable[datetime], zone: str = "UTC") -> list[int]:
    """Return how many of the moments are in each of the weeks."""
    weeks = [week_of(when, zone) for when in moments]
    return [weeks.count(week) for week in range(WEEKS)]


def middle(values: Sequence[float]) -> float:
    """Return the median, without the program's help."""
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def medians(spans: Iterable[tuple[datetime, timedelta]]) -> dict[int, float]:
    """Return the median in days of each week that has any, from (finished, how long)."""
    by_week: dict[int, list[float]] = {}
    for finished, span in spans:
        by_week.setdefault(week_of(finished), []).append(span.total_seconds() / 86_400)
    return {week: middle(days) for week, days in sorted(by_week.items()) if 0 <= week < WEEKS}


def shares(flags: Iterable[tuple[datetime, bool]]) -> dict[int, tuple[float, int]]:
    """Return (share, of how many) of each week that has any, from (finished, whether)."""
    by_week: dict[int, list[bool]] = {}
    for finished, flag in flags:
        by_week.setdefault(week_of(finished), []).append(flag)
    return {w: (sum(f) / len(f), len(f)) for w, f in sorted(by_week.items()) if 0 <= w < WEEKS}
