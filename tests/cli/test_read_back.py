"""The read-back by the command: a real server, a real worker, a real answers database."""

from contextlib import closing
from datetime import timedelta
from typing import Any

from activities.answers.store import AnswerStore
from bst.settings import Settings
from tests.cli.place import Place

SITUATIONS = ["paid on Thursday", "told on Thursday", "complete on Thursday"]


def test_who_has_it_counted_is_told_what_came_of_it(place: Place) -> None:
    rules: dict[str, Any] = {"situations": SITUATIONS, "met": 2}
    team = place.started(forming={"read_back": rules})
    assert place.bst("readback", "open", team, "--by", "Ana").code == 0
    place.ask(lambda journeys: _taking(journeys, team))
    _answered(place, team, "Sales")
    early = place.bst("readback", "close", team, "--by", "Ben")
    assert "It goes on: 2 people from 1 functions have answered, 5 from 3 are needed." in early.out
    for function in ("Legal", "Finance"):
        _answered(place, team, function)

    closed = place.bst("readback", "close", team, "--by", "Ben")
    said = "Read-back r1 passed: 6 of 6 people from 3 functions picked what is meant. Counted "
    assert (closed.code, said in closed.out) == (0, True)
    after = place.bst("readback", "status", team)
    assert (after.code, after.out.startswith(f"No read-back is open.\n{said}")) == (0, True)


async def _taking(journeys: Any, team: str) -> None:
    async for status in journeys.watch(team, every=timedelta(seconds=0.1)):
        if any("read-back r1" in line for line in status.waiting):
            return


def _answered(place: Place, team: str, function: str) -> None:
    with closing(AnswerStore(Settings.from_environment(place.environment).answers)) as store:
        for code in store.read_backs.codes(team, function, 2):
            store.read_backs.answer(team, code, 2)
