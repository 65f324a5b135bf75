"""Commits, merges, deployments and incidents, made up by a seed, and what follows from them."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha1

from tests.trackers.histories import END, START, moment


@dataclass
class Change:
    """One commit on the way to production, merged by a request of its own."""

    number: int
    committed: datetime
    merged: datetime

    @property
    def sha(self) -> str:
        return sha1(str(self.number).encode()).hexdigest()


@dataclass
class Delivery:
    """A deployment: of all changes up to `upto`; `ended` None while it goes on, `state` how it ended."""

    number: int
    created: datetime
    upto: int
    ended: datetime | None
    state: str
    brought: list[int] = field(default_factory=list)
    """The numbers of the changes that it was the first to bring to production."""


@dataclass
class World:
    """Everything that happened in one repository."""

    changes: list[Change]
    deliveries: list[Delivery]
    incidents: list[datetime]

    def placed(self) -> list[tuple[Delivery, datetime]]:
        """Return the successful deployments in the order in which they were in place."""
        found = [(d, d.ended) for d in self.deliveries if d.state == "success" and d.ended is not None]
        return sorted(found, key=lambda pair: pair[1])

    def ended(self) -> list[tuple[Delivery, datetime]]:
        return [(d, d.ended) for d in self.deliveries if d.ended is not None]

    def lead_times(self) -> list[tuple[datetime, timedelta]]:
        """Return (in place, since the commit) of each change that a deployment has and the former has not."""
        found: list[tuple[datetime, timedelta]] = []
        former: int | None = None
        for delivery, ended in self.placed():
            if former is not None:
                brought = self.changes[former : delivery.upto]
                found.extend((ended, ended - change.committed) for change in brought)
            former = delivery.upto
        return found

    def waits(self) -> list[tuple[datetime, timedelta]]:
        """Return (in place, since the merge) of each change when it first came to production."""
        merged = {change.number: change.merged for change in self.changes}
        return [(ended, ended - merged[n]) for d, ended in self.placed() for n in d.brought]

    def followed(self, within: timedelta) -> list[tuple[datetime, bool]]:
        """Return (in place, whether an incident followed) of each successful deployment."""
        blamed = set()
        for opened in self.incidents:
            there = [(d, ended) for d, ended in self.placed() if ended <= opened]
            if there and opened - there[-1][1] < within:
                blamed.add(there[-1][0].number)
        return [(ended, delivery.number in blamed) for delivery, ended in self.placed()]


def world(seed: int, changes: int = 240, deliveries: int = 90, incidents: int = 40) -> World:
    """Return a repository's twelve weeks, and some before them."""
    rng = random.Random(seed)
    early = START - timedelta(days=15)
    committed = sorted(_moments(rng, changes, early))
    made = [Change(n, at, at + timedelta(minutes=rng.randrange(1, 300))) for n, at in enumerate(committed, 1)]
    found = []
    for number, created in enumerate(sorted(_moments(rng, deliveries, early)), 1):
        # What is merged can be deployed, in order: up to the first change that is not merged yet.
        ready = next((change.number - 1 for change in made if change.merged > created), changes)
        upto = max(0, ready - (rng.randrange(5) if rng.random() < 0.1 else 0))  # some go back
        state = rng.choices(("success", "failure", "error", "none"), (75, 12, 6, 7))[0]
        ended = created + timedelta(minutes=rng.randrange(2, 600)) if state != "none" else None
        found.append(Delivery(number, created, upto, ended, state))
    result = World(made, found, sorted(_moments(rng, incidents, START)))
    _bring(result)
    return result


def _moments(rng: random.Random, count: int, early: datetime) -> Iterable[datetime]:
    return (moment(rng, early, END - timedelta(days=1)) for _ in range(count))


def _bring(made: World) -> None:
    most = 0
    for delivery, _ in made.placed():
        delivery.brought = list(range(most + 1, delivery.upto + 1))
        most = max(most, delivery.upto)
