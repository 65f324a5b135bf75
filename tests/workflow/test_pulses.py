"""Pulses end to end: a real server, the real worker's activities, real databases, answers planted in them."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, make_url
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from activities.answers.errors import NothingAsked
from activities.answers.schema import TABLES
from activities.answers.store import AnswerStore
from domain import commands as c
from domain.pulses.bands import BANDS
from domain.pulses.views import PulseView
from domain.views import Status
from tests.unit.pulses import FIVE, answers, files_of, holders, pleased, write_ahead_log
from tests.workflow.team import Team, journal, measured, started, steps, working, write_weeks

# What may be in the history of opening and closing a pulse, and no more.
OPEN_KEYS = {"team", "number", "opened_at", "closes_at", "k", "items", "members"}
RESULT_KEYS = {"answered", "scales", "items", "alike"}


@pytest.fixture
def answer_store(journal_url: str) -> Iterator[AnswerStore]:
    with closing(AnswerStore(journal_url.replace("journal.db", "answers.db"))) as opened:
        yield opened


async def _formed(skipper: TimeSkipper, task_queue: str, folder: Path, store: Any) -> Team:
    write_weeks(folder / "days.csv", steps((-100, 11)))
    rules = {"every": "28 days", "open_for": "7 days"}
    team = await started(skipper, task_queue, folder, store, members=FIVE, pulse=rules)
    await team.until(measured)
    for member in FIVE:
        await team.update("confirm", c.ConfirmOutcome(by=member))
    await team.until(lambda status: status.stage == "stability")
    return team


def _pulse(status: Status) -> PulseView:
    assert status.pulse is not None
    return status.pulse


def _takes_answers(status: Status) -> bool:
    return status.pulse is not None and status.pulse.open is not None and status.pulse.open.ready


async def test_two_pulses_leave_nothing_that_joins_code_person_and_answer(
    client: Client,
    skipper: TimeSkipper,
    task_queue: str,
    tmp_path: Path,
    answer_store: AnswerStore,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "data"
    folder.mkdir()
    with journal(folder) as store:
        async with working(client, task_queue, folder, store, answer_store):
            team = await _formed(skipper, task_queue, folder, store)
            secret: list[str] = []
            for number, given in ((1, answers), (2, lambda _: pleased())):
                await _played(team, answer_store, number, given, secret)
            history = (await team.handle.fetch_history()).to_json()
            status = await team.status()

    second = _pulse(status).closed
    assert second is not None
    assert (second.number, second.answered, second.scales["equality"]) == (2, 5, "high")
    assert second.trend is not None
    _only_allowed_keys(history)
    kept = {**files_of(answer_store), **{path.name: path.read_bytes() for path in folder.iterdir()}}
    kept |= {"history": history.encode(), "log": caplog.text.encode(), "dump": _dump(answer_store)}
    assert holders(kept, *secret, '"counts"') == set()
    assert holders(write_ahead_log(answer_store), *secret, '"counts"') == set()
    assert holders(kept, '"equality":"high"', '"equality": "high"')  # what was released is found: it can be


async def _played(
    team: Team, store: AnswerStore, number: int, given: Callable[[int], dict[str, int]], secret: list[str]
) -> None:
    """Let the whole team answer one pulse, and remember all that must be nowhere afterwards."""
    if number == 1:
        await team.update("open_pulse", c.OpenPulse(by="Ana"))
    else:
        await team.pass_weeks(3.5)
    await team.until(_takes_answers)
    for person, member in enumerate(FIVE):
        code = store.draw(team.name, member)
        secret += [code, code.replace("-", "")]
        store.answer(team.name, code, given(person))
        with store._database.reading() as connection:
            row = connection.exec_driver_sql("SELECT used, tally FROM pulse_open").one()
        secret += [*json.loads(row[0]), row[1]]
    assert _pulse(await team.status()).open is not None
    assert '"scales":{"' not in (await team.status()).model_dump_json().partition('"closed"')[0]
    await team.pass_weeks(1)
    await team.until(lambda status: _pulse(status).open is None)
    with pytest.raises(NothingAsked):
        store.asked(team.name)


def _only_allowed_keys(history: str) -> None:
    """Hold that the activities of pulses take and give times, counts and bands alone."""
    import base64

    inputs: dict[str, str] = {}
    results = 0
    for event in json.loads(history)["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes")
        done = event.get("activityTaskCompletedEventAttributes")
        if scheduled and "pulse" in scheduled["activityType"]["name"]:
            inputs[event["eventId"]] = scheduled["activityType"]["name"]
            (payload,) = scheduled["input"]["payloads"]
            keys = set(json.loads(base64.b64decode(payload["data"])))
            assert keys in (OPEN_KEYS, {"team", "number", "opened_at", "discard"})
        if done and inputs.get(done["scheduledEventId"]) == "close_pulse":
            (payload,) = done["result"]["payloads"]
            result = json.loads(base64.b64decode(payload["data"]))["result"]
            assert set(result) == RESULT_KEYS
            assert {*result["scales"].values(), *result["items"].values()} <= set(BANDS)
            results += 1
    assert (len(inputs), results) == (4, 2)


def _dump(store: AnswerStore) -> bytes:
    """Return every row of every table, with what PostgreSQL keeps of its transaction, as a backup would."""
    engine = create_engine(make_url(str(store.address.url.render_as_string(hide_password=False))))
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            assert set(tables) == {table.name for table in TABLES}
            more = ", xmin, ctid" if engine.dialect.name == "postgresql" else ""
            rows = [connection.exec_driver_sql(f"SELECT *{more} FROM {name}").all() for name in tables]
        return repr(rows).encode()
    finally:
        engine.dispose()


async def test_what_an_ended_journey_gathered_is_destroyed(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    with journal(tmp_path) as store, closing(AnswerStore(f"sqlite:///{tmp_path}/answers.db")) as own:
        async with working(client, task_queue, tmp_path, store, own):
            team = await _formed(skipper, task_queue, tmp_path, store)
            await team.update("open_pulse", c.OpenPulse(by="Ana"))
            await team.until(_takes_answers)
            own.answer(team.name, own.draw(team.name, "Ana"), answers())
            await team.update("dissolve", c.DissolveTeam(by="Ana", reason="sold", lesson="ask earlier"))
            for ballot in (await team.ballots()).open:
                for member in FIVE:
                    await team.update("consent", c.GiveConsent(by=member, ballot=ballot.id))
            await team.handle.result()
        with pytest.raises(NothingAsked):
            own.asked(team.name)
        assert holders(files_of(own), '"counts"') == set()


async def test_a_database_that_is_down_neither_stops_the_journey_nor_loses_the_pulse(
    client: Client, skipper: TimeSkipper, task_queue: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    with journal(tmp_path) as store, closing(AnswerStore(f"sqlite:///{blocked}/answers.db")) as own:
        async with working(client, task_queue, tmp_path, store, own):
            team = await _formed(skipper, task_queue, tmp_path, store)
            await team.update("open_pulse", c.OpenPulse(by="Ana"))
            status = await team.until(lambda status: "answers" in status.attention)
            assert "answers database at sqlite" in " ".join(status.notes)
            blocked.unlink()
            await team.pass_weeks(1 / 7)
            await team.until(_takes_answers)
            assert own.asked(team.name).answered == 0
