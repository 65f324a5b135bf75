"""Planted secrets, used by a real journey in every way that fails and in one that works, are found nowhere.

Looked through: the whole history, search attributes, memo and page in Temporal; the journal's file; the
worker's log; everything that `bst` prints.
"""

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url

from activities.measure import measure_all
from activities.sources import Allowance
from activities.sources.secrets import Environment
from bst.client import Journeys
from bst.settings import Settings
from domain.errors import BstError
from tests.cli.place import ROOT, Place, bare_environment, outcome, write_data
from tests.measuring import metric as asked
from tests.measuring import request, sql
from tests.programs import until
from workflows.messages import journey_id

# Each has a core that no other text has, and signs that addresses, JSON and forms write differently.
PASSWORD = 'p4ss-kiwi/ %"+ö'
WRONG = "wr0ng-mango@%\\"
USER = "us3r-papaya"
BROKEN = "n0-url-lychee"
CORES = ("p4ss-kiwi", "wr0ng-mango", "us3r-papaya", "n0-url-lychee")
QUERY = "select current_date - 7 * n as period, n % 3 as value from generate_series(1, 60) as weeks(n)"


@pytest.fixture(scope="module")
def database(postgres_server_url: Any) -> Iterator[dict[str, str]]:
    """A user of a real PostgreSQL with the planted name and password; what reaches it is secret too."""
    url = make_url(str(postgres_server_url.render_as_string(hide_password=False)))
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        word = psycopg.sql.Literal(PASSWORD)
        admin.execute(
            psycopg.sql.SQL('create role "{}" login password {}').format(psycopg.sql.SQL(USER), word)
        )
        there = url.set(username=USER, password=PASSWORD).render_as_string(hide_password=False)
        yield {"GOOD_URL": there, "DATABASE": str(url.database), "WHERE": _where(url)}
        admin.execute(psycopg.sql.SQL('drop role "{}"').format(psycopg.sql.SQL(USER)))


def _where(url: Any) -> str:
    """Return `host:port/database` or, for a socket, `/database?host=folder`."""
    if folder := url.query.get("host"):
        return f"/{url.database}?host={folder}"
    return f"{url.host}:{url.port}/{url.database}"


def sources(where: str) -> dict[str, dict[str, Any]]:
    """Return a way to fail each, by name."""

    def at(login: str, place: str, query: str = QUERY) -> dict[str, Any]:
        return {"kind": "sql", "url": f"postgresql://{login}@{place}", "query": query}

    login = "${PLANTED_USER}:${PLANTED_PASSWORD}"
    return {
        "works": {"kind": "sql", "url": "${GOOD_URL}", "query": QUERY},
        "login refused": at("${PLANTED_USER}:${WRONG_PASSWORD}", where),
        "no user": at("${WRONG_PASSWORD}:${PLANTED_PASSWORD}", where),
        "no such database": at(login, where.replace("/postgres", "/${PLANTED_PASSWORD}")),
        "no url": {"kind": "sql", "url": "${NOT_A_URL}", "query": QUERY},
        "no host": at(login, "${PLANTED_USER}.invalid/x"),
        "nothing there": at(login, "127.0.0.1:1/x"),
        "told by the query": at(login, where, "select current_date as period, current_user::int as value"),
        "in a cell": at(login, where, "select current_date - 7 as period, current_user as value"),
        "as a period": at(login, where, "select current_user as period, 1 as value"),
        "no file": {"kind": "sql", "url": "sqlite:///${PLANTED_PASSWORD}.db", "query": QUERY},
    }


@dataclass(frozen=True)
class Lived:
    """A journey that failed in every way, and the place that it lives in."""

    place: Place
    team: str
    charter: Path
    log: Path


@pytest.fixture(scope="module")
def lived(
    settings: Settings, database: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("secrets")
    write_data(folder)
    mounted = folder / "mounted"
    mounted.mkdir()
    for name, value in {"PLANTED_USER": USER, "WRONG_PASSWORD": WRONG, "NOT_A_URL": BROKEN}.items():
        (mounted / name).write_text(value + "\n")
    variables = {
        "BST_DATA": str(folder),
        "BST_JOURNAL": f"sqlite:///{folder / 'journal.db'}",
        "BST_TASK_QUEUE": f"secrets-{folder.name}",
        "BST_SECRETS": str(mounted),
        "PLANTED_PASSWORD": PASSWORD,
        "GOOD_URL": database["GOOD_URL"],
    }
    place = Place(folder, bare_environment(settings.home, **variables))
    ways = sources(database["WHERE"])
    metrics = [
        {"name": name, "layer": "support", "unit": "days", "direction": "down", "source": source}
        for name, source in ways.items()
        if name != "works"
    ]
    team, charter = place.charter(outcome=outcome(metric="works", source=ways["works"]), metrics=metrics)
    log = folder / "worker.log"
    with log.open("wb") as file:
        worker = subprocess.Popen(
            [sys.executable, ROOT / "worker.py"], env=place.environment, stdout=file, stderr=file, cwd=folder
        )
        try:
            place.ask(lambda journeys: journeys.start(charter))
            until(lambda: _measured(place, team), seconds=60)
            place.ask(lambda journeys: journeys.hold(team, by="Ana", reason="look at the journal"))
            until(lambda: b"journey_held" in _journal(folder), seconds=30)
            yield Lived(place, team, charter, log)
        finally:
            worker.terminate()
            worker.wait(45)


def _measured(place: Place, team: str) -> bool:
    try:
        return place.ask(lambda journeys: journeys.status(team)).measured_at is not None
    except BstError:  # the worker is not there yet
        return False


def _journal(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("journal.db*"))


def leaks(text: str | bytes) -> list[str]:
    """Return what is found of any secret: its core as it is, or as base64 writes it wherever it begins."""
    known = text.encode() if isinstance(text, str) else text
    found: set[str] = set()
    for core in CORES:
        pieces = [core.encode(), quote(core, safe="").encode()]
        for before in range(3):
            encoded = base64.b64encode(b"\0" * before + core.encode())
            pieces.append(encoded[-(-before * 8 // 6) : (before + len(core)) * 8 // 6])
        found |= {core for piece in pieces if piece.lower() in known.lower()}
    return sorted(found)


def test_the_search_finds_what_it_looks_for() -> None:
    header = base64.b64encode(f"me:{PASSWORD}".encode())
    found = [leaks(text) for text in (f"x{USER.upper()}y", header, quote(WRONG), "nothing")]
    assert found == [[CORES[2]], [CORES[0]], [CORES[1]], []]


def test_each_source_failed_in_its_own_way_and_one_worked(lived: Lived) -> None:
    evidence = lived.place.ask(lambda journeys: journeys.evidence(lived.team))
    events = lived.place.bst("events", lived.team, "--json").json
    measured = next(event for event in events if event["kind"] == "measured")["body"]["result"]["results"]
    codes = {one["name"]: one["trouble"]["code"] if one["trouble"] else None for one in measured}
    assert codes == {
        "works": None,
        "login refused": "login_refused",
        "no user": "login_refused",
        "no such database": codes["no such database"],
        "no url": "bad_url",
        "no host": codes["no host"],
        "nothing there": "unreachable",
        "told by the query": "query_failed",
        "in a cell": "not_a_number",
        "as a period": "bad_period",
        "no file": "no_such_file",
    }
    assert None not in (codes["no such database"], codes["no host"])
    assert len(evidence.metrics[0].series.values) >= 59
    assert all(metric.trouble for metric in evidence.metrics[1:])
    said = " ".join(metric.trouble or "" for metric in evidence.metrics)
    assert "***" in said


async def _of_temporal(journeys: Journeys, team: str) -> dict[str, bytes]:
    """Return all that Temporal keeps and shows of a journey: payloads are in the events as they are."""
    handle = journeys.client.get_workflow_handle(journey_id(team))
    events = [event.SerializeToString() async for event in handle.fetch_history_events()]
    about = await handle.describe()
    page = await handle.query("__temporal_workflow_metadata")
    return {
        "history": b"\n".join(events),
        "description, memo and search attributes": about.raw_description.SerializeToString(),
        "page": str(page).encode(),
    }


def test_temporal_has_no_secret(lived: Lived) -> None:
    found = lived.place.ask(lambda journeys: _of_temporal(journeys, lived.team))
    assert b"login_refused" in found["history"]
    assert b"login refused" in found["page"]
    assert b"BstStage" in found["description, memo and search attributes"]
    assert {name: leaks(text) for name, text in found.items()} == {name: [] for name in found}


def test_journal_and_log_have_no_secret(lived: Lived) -> None:
    record = _journal(lived.place.folder)
    assert b"login_refused" in record
    assert leaks(record) == []
    assert b"working" in lived.log.read_bytes()
    assert leaks(lived.log.read_bytes()) == []


@pytest.mark.parametrize(
    "command",
    [
        *(("status", "TEAM"), ("status", "TEAM", "--json"), ("events", "TEAM"), ("events", "TEAM", "--json")),
        *(("list",), ("list", "--json"), ("measure", "TEAM", "--by", "Ana"), ("check", "CHARTER", "--json")),
        ("source", "try", "CHARTER", "--json"),
    ],
)
def test_no_command_prints_a_secret(lived: Lived, command: tuple[str, ...]) -> None:
    names = {"TEAM": lived.team, "CHARTER": str(lived.charter)}
    ran = lived.place.bst(*(names.get(word, word) for word in command))
    assert len(ran.out + ran.err) > 40
    assert leaks(ran.out + ran.err) == []


def test_the_evidence_has_no_secret(lived: Lived) -> None:
    evidence = lived.place.ask(lambda journeys: journeys.evidence(lived.team)).model_dump_json()
    assert "no such" in evidence
    assert leaks(evidence) == []


def test_a_query_that_takes_too_long_tells_no_secret(database: dict[str, str], tmp_path: Path) -> None:
    environment = Environment({"GOOD_URL": database["GOOD_URL"]})
    slow = sql("${GOOD_URL}", "select current_date as period, 1 as value from pg_sleep(30)")
    allowance = Allowance(seconds=0.3, environment=environment)
    [found] = measure_all(request(asked(source=slow)), tmp_path, allowance=allowance).results
    assert found.trouble is not None
    assert (found.trouble.code, leaks(found.model_dump_json())) == ("timed_out", [])
