"""A charter played over past data: the course, the sources read once, and what members do."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.sources import Window, fetch
from benchmarks.rehearsed_flights import HEADER, pairs, row_of
from bst.demo.flights import find_flights, write_flights
from bst.rehearsal.answers import answers_of, assumptions
from bst.rehearsal.engine import Played
from bst.rehearsal.people import MOMENT
from bst.rehearsal.preparing import prepared
from bst.rehearsal.telling import document, lasted, taken_for_granted, told
from domain import events as e
from domain.envelope import check_chain
from domain.errors import BadInput, SourceFailed
from domain.evolve import evolve
from domain.gates import evaluate
from domain.periods import end_of, period_of_day
from domain.schedule import measure_request
from domain.state import State
from tests.rehearsing import (
    BETTER,
    FIRST,
    METRIC,
    START,
    WORSE,
    made_up,
    of_flights,
    settings_of,
    write_charter,
    write_weeks,
)


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flights")
    write_flights(find_flights(), folder)
    return folder


def stages(played: Played) -> list[tuple[str, str]]:
    """Return the stages with the days on which they were entered."""
    return [
        (event.stage, f"{at:%Y-%m-%d}") for at, event in played.happened if isinstance(event, e.StageEntered)
    ]


def of_kind(played: Played, kind: type[Any]) -> list[Any]:
    return [event for _, event in played.happened if isinstance(event, kind)]


def day(week: int, days: int = 0) -> str:
    return str(FIRST + timedelta(weeks=week, days=days))


def test_a_journey_goes_through_its_stages_and_back(tmp_path: Path) -> None:
    played = made_up(tmp_path).play()

    # Stable from the first look; 12 weeks and a gap until the improvement is proven; two bad weeks, told on
    # the Monday after, and two more that are no better.
    proven = BETTER + 13
    assert stages(played) == [
        ("stability", str(START)),
        ("optimization", str(START + timedelta(days=2))),
        ("innovation", day(proven, 2)),
        ("stability", day(WORSE + 4)),
    ]
    assert played.not_allowed == []


def test_a_stay_is_as_long_as_its_dates_say(tmp_path: Path) -> None:
    played = made_up(tmp_path).play()

    course = told(played)

    assert lasted(course.stays[0], course) == "under a day"  # forming: everybody confirmed at once
    left = course.stays[1]
    assert left.left is not None
    assert lasted(left, course) == f"{(left.left - left.entered).days} days"


def test_its_journal_is_chained_and_the_same_each_time(tmp_path: Path) -> None:
    rehearsal = made_up(tmp_path)

    entries = rehearsal.play().entries()

    assert check_chain("claims", entries).ok
    assert rehearsal.play().entries() == entries


def test_what_was_read_once_is_what_the_source_says_week_by_week(flights: Path) -> None:
    rehearsal = of_flights(flights, date(2013, 3, 4))
    charter, calendar = rehearsal.charter, rehearsal.charter.calendar
    first = period_of_day(date(2012, 12, 31), calendar)

    for through in range(first, first + 8):
        now = end_of(through, calendar)
        request = measure_request(State(charter=charter, entered_at=now), now)
        for metric in request.metrics:
            window = Window("weekly", first, through)
            said = fetch(metric.source, window, data_root=flights)
            assert rehearsal.recording.ask(metric, request, window) == said
            assert said[-1].period == through


def test_real_flights_open_the_gate_of_stability_in_june(flights: Path) -> None:
    rehearsal = of_flights(flights, date(2013, 7, 15))
    played = rehearsal.play()
    found = document(rehearsal, played, told(played))

    assert stages(played)[1:] == [("optimization", "2013-06-26")]
    stability = next(one for one in found["stages"] if one["stage"] == "stability")
    assert stability["gate_opened"].startswith("2013-06-24")
    held = {one["criterion"]: one for one in stability["held_by"]}
    assert held["limits"]["periods"] == 11  # weeks until there are 12 points
    assert held["control"]["alone"] == 1
    assert "62.3 %, below the limits" in json.dumps(found["turning_points"])
    assert any("nearest in the week of 2013-05-13" in sentence for sentence in found["near_misses"])


def test_a_value_that_cannot_be_read_fails_from_its_own_week_on(tmp_path: Path) -> None:
    write_charter(tmp_path)
    write_weeks(tmp_path, {BETTER + 2: "-1.0"})  # a duration is above 0
    charter = made_up(tmp_path).charter
    write_weeks(tmp_path, {BETTER + 2: "-1.0"})
    rehearsal = prepared(charter, answers_of("consent:2d", charter), START, None, settings_of(tmp_path))

    course = told(rehearsal.play())

    failing = [row.label for row in course.rows if row.troubles]
    assert failing[0] == day(BETTER + 2)
    assert "source fails (bad_series)" in " ".join(line.sentence for line in course.lines)


def test_a_source_that_is_down_for_some_weeks_is_read_around_them(tmp_path: Path) -> None:
    from activities.reading import Ask
    from bst.rehearsal.recording import read_span

    rehearsal = made_up(tmp_path)
    first = period_of_day(FIRST, rehearsal.charter.calendar)
    request = measure_request(State(charter=rehearsal.charter, entered_at=rehearsal.start), rehearsal.start)
    asked: list[range] = []

    def ask(metric: Any, context: Any, window: Window) -> Any:
        assert window.since is not None
        asked.append(range(window.since, window.through + 1))
        if first + 5 in asked[-1]:
            raise SourceFailed("query_failed", f"no week {first + 5}")
        return rehearsal.recording.ask(metric, context, window)

    said: Ask = ask
    found = read_span(request.metrics[0], request, range(first, first + 16), said)

    failed = [(span, code) for span, code, _ in found.failing]
    assert failed == [(range(first + 5, first + 6), "query_failed")]
    assert sorted(found.values) == [p for p in range(first, first + 16) if p != first + 5]
    assert len(asked) < 12


def test_a_file_that_is_not_there_is_asked_for_three_times(tmp_path: Path) -> None:
    charter = made_up(tmp_path).charter
    (tmp_path / "days.csv").unlink()

    with pytest.raises(SourceFailed, match=r"days\.csv") as failure:
        prepared(charter, answers_of("consent:2d", charter), START, None, settings_of(tmp_path))
    assert failure.value.source_code == "no_such_file"


def test_one_member_objects_once(tmp_path: Path) -> None:
    played = made_up(tmp_path, "objects:Ben", steady=True).play()

    objections = of_kind(played, e.ObjectionRaised)
    closed = [event.outcome for event in of_kind(played, e.BallotClosed)]
    assert [one.by for one in objections] == ["Ben"]
    assert closed[:2] == ["objected", "consented"]
    assert [ballot.ballot.round for ballot in of_kind(played, e.BallotOpened)][:2] == [1, 2]


def test_members_do_what_a_file_says(tmp_path: Path) -> None:
    policy = {
        "consent": "1 day",
        "members": {"Chloe": "3 days"},
        "confirm": {"Ana": str(START + timedelta(days=10))},
        "milestones": {"runbook": str(START + timedelta(days=1))},
        "objections": [{"by": "Ana", "stage": "stability", "kind": "irreversible", "reason": "too soon"}],
        "holds": [{"by": "Ben", "on": day(40), "until": day(42), "reason": "the scanner is broken"}],
    }
    (tmp_path / "answers.yaml").write_text(json.dumps(policy))
    rehearsal = made_up(tmp_path, str(tmp_path / "answers.yaml"), steady=True)

    played = rehearsal.play()

    confirmed = next(at for at, event in played.happened if getattr(event, "by", "") == "Ana")
    assert f"{confirmed:%Y-%m-%d}" == policy["confirm"]["Ana"]  # type: ignore[index]
    opened, closed = of_kind(played, e.BallotOpened)[0].ballot, of_kind(played, e.BallotClosed)[0]
    assert closed.at - opened.opened_at == timedelta(days=3) + MOMENT
    assert [f"{one.at:%Y-%m-%d}" for one in of_kind(played, e.JourneyHeld)] == [day(40)]
    assert [one.objection for one in of_kind(played, e.ObjectionRaised)] == ["irreversible"]
    assert "Chloe answers 3 days after a ballot opens" in assumptions(rehearsal.answers, rehearsal.charter)


def test_what_members_count_by_hand_comes_from_the_file(tmp_path: Path) -> None:
    outcome = json.loads(write_charter(tmp_path).read_text())["outcome"] | {"source": {"kind": "manual"}}
    counted = [{"by": "Ana", "period": day(32 + week), "value": 11 + week % 3} for week in range(3)]
    (tmp_path / "answers.yaml").write_text(json.dumps({"values": counted}))
    write_charter(tmp_path, outcome=outcome)
    from bst.charter_file import load

    charter = load(tmp_path / "charter.yaml", today=START).charter
    policy = answers_of(str(tmp_path / "answers.yaml"), charter)

    played = prepared(charter, policy, START, START + timedelta(weeks=4), settings_of(tmp_path)).play()

    assert played.state.series[METRIC].values == (11.0, 12.0, 13.0)
    with pytest.raises(BadInput, match="give --to"):
        prepared(charter, policy, START, None, settings_of(tmp_path))


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("consent:soon", "`soon` is not a duration"),
        ("objects:Bern", "there is no member 'Bern'; did you mean `Ben`"),
        ("nowhere.yaml", "there is no such file; say consent:2d"),
    ],
)
def test_a_word_that_is_no_policy_is_refused(tmp_path: Path, policy: str, words: str) -> None:
    charter = made_up(tmp_path).charter

    with pytest.raises(BadInput) as refused:
        answers_of(policy, charter)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("consnt: 2 days", "1:9: consnt: unknown key `consnt`; did you mean `consent`"),
        ("consent: later", "answers.yaml:1:10: consent: `later` is not a duration"),
        ("members:\n  Ann: 2 days", "there is no member 'Ann'; did you mean `Ana`"),
        ("milestones: {run: 2022-09-01}", "there is no milestone 'run'"),
        ("objections:\n- by: Ben\n  rounds: 0", "answers.yaml:3:11: objections[0].rounds"),
        ("holds: [{by: Ben, on: 2022-09-01, until: 2022-09-01, reason: x}]", "ends before it begins"),
        ("explanations: [{on: 2022-09-01, by: Ben, period: soon, cause: x}]", "'soon' is no week"),
        ("values: [{by: Ben, period: 2022-09-01, value: 3}]", "is read from its source"),
        ("consent: 2 days\nconsent: 3 days", "answers.yaml:2:1"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    charter = made_up(tmp_path).charter
    (tmp_path / "answers.yaml").write_text(text)

    with pytest.raises(BadInput) as refused:
        answers_of(str(tmp_path / "answers.yaml"), charter)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2122, 1, 3), None, "a rehearsal plays the past"),
        (START, date(2122, 1, 3), "a rehearsal plays the past"),
        (START, START - timedelta(days=1), "forward in time"),
        (date(2023, 9, 4), None, "data ends before --from"),
    ],
)
def test_days_that_cannot_be_are_refused(tmp_path: Path, first: date, last: date | None, words: str) -> None:
    charter = made_up(tmp_path).charter

    with pytest.raises(BadInput, match=words):
        prepared(charter, answers_of("consent:2d", charter), first, last, settings_of(tmp_path))


def test_a_judged_gate_is_what_judging_it_again_says(tmp_path: Path) -> None:
    """It is judged once per decision, for what its evaluation changes is nothing that it depends on."""
    state = None
    for _, event in made_up(tmp_path).play().happened:
        state = evolve(state, event)
        if isinstance(event, e.GateEvaluated):
            assert state is not None
            assert evaluate(state) == event.gate


def test_the_documents_table_is_what_a_rehearsal_gives(flights: Path) -> None:
    """One of its fifteen lines: the others are made by the same lines of code."""
    pair = next(pair for pair in pairs(flights) if (pair.carrier, pair.airport) == ("B6", "EWR"))

    document = (Path(__file__).parents[2] / "docs" / "rehearsal.md").read_text()

    assert row_of(pair, flights) in document
    assert HEADER in document


def test_what_only_real_people_can_give_is_left_out_and_told(tmp_path: Path) -> None:
    rehearsal = made_up(tmp_path, forming={"exchange": True})

    assert stages(rehearsal.play())[0] == ("stability", str(START))
    assert "what is asked of a forming team is done" in taken_for_granted(rehearsal)
