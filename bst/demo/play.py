"""The year, week by week, for all teams at once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from activities.journal_store import JournalStore
from bst.client import Journeys
from bst.demo.cast import FIRST_DAY, WEEKS, Team
from bst.demo.people import Player
from bst.demo.place import Place
from bst.demo.telling import Teller
from bst.turning_points import Line
from domain.views import Status

ONE_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """What came to light in one week, in the order of the calendar."""

    number: int
    until: datetime
    lines: tuple[Line, ...]


async def played(place: Place, teams: Sequence[Team], *, weeks: int = WEEKS) -> AsyncIterator[Week]:
    """Play the weeks; yield each when all teams are through it. After the last one, everything is told.

    The teams keep step, so that what happens can be told in the order of one calendar.

    Raises:
        BstError: the server or the worker stopped answering.
    """
    journeys = Journeys(place.skipper.client, task_queue=place.settings.task_queue)
    players = tuple(Player(team, journeys, place.skipper) for team in teams)
    await _together(player.begin() for player in players)
    with closing(JournalStore(place.settings.journal)) as store:
        tellers = tuple(Teller(team.charter, store) for team in teams)
        for number in range(1, weeks + 1):
            until = FIRST_DAY + number * ONE_WEEK
            await _together(player.live_until(until) for player in players)
            # A week's own facts reach the journal with the next measurement: all days before today are there.
            midnight = until.replace(hour=0)
            known = None if number == weeks else midnight
            yield Week(number, until, _told(players, tellers, known))


async def stand(place: Place, teams: Sequence[Team]) -> tuple[Status, ...]:
    """Return where the teams stand."""
    journeys = Journeys(place.skipper.client, task_queue=place.settings.task_queue)
    return tuple([await journeys.status(team.name) for team in teams])


def _told(players: Sequence[Player], tellers: Sequence[Teller], day: datetime | None) -> tuple[Line, ...]:
    lines: list[Line] = []
    for player, teller in zip(players, tellers, strict=True):
        lines += [*teller.before(day), *player.refused_before(day)]
    # A stable sort: within a day, each team's doings stay together and in their order.
    return tuple(sorted(lines, key=lambda line: line.at.date()))


async def _together(parts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all at once; the first error ends the others and is raised as it is, not in a group."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
