"""Pulses by the rules: what is released, when one opens, and what a gate makes of it."""

import re
from collections import defaultdict
from datetime import timedelta
from itertools import combinations_with_replacement
from typing import Any

import pytest

from domain import commands as c
from domain import events as e
from domain import schedule
from domain.decide import decide
from domain.errors import NotUnderstood, WrongStage
from domain.pulses.bands import BANDS, PulseResult, band, counted, empty, released
from domain.pulses.questions import ITEMS, POINTS, SCALES, newest
from domain.pulses.rules import FEWEST_ANSWERS
from domain.pulses.telling import limits, told
from domain.pulses.timing import next_pulse_at, next_task_at
from domain.verdicts import Verdict
from tests.unit.journeys import Play, begun
from tests.unit.pulses import FIVE, answers, pleased
from tests.unit.pulses import ITEMS as IDS

HIGH = PulseResult(answered=5, scales={"trust": "high", "equality": "high"}, items=dict.fromkeys(IDS, "high"))
LOW = PulseResult(answered=5, scales={"trust": "high", "equality": "low"}, items=dict.fromkeys(IDS, "low"))
MIXED = HIGH.model_copy(update={"scales": {"equality": "mixed"}})
THREE = HIGH.model_copy(update={"answered": 3})
FEW = PulseResult(answered=4)


def asked(**pulse: Any) -> Play:
    """A team of five that has formed, with a charter that asks for pulses."""
    return begun(members=FIVE, pulse=pulse).to("stability")


def closed(play: Play, result: PulseResult | None, lost: str = "") -> Play:
    """Open a pulse, let it close with a result, and measure."""
    number = play.do(c.OpenPulse(by="Ana"))[0].model_dump()["number"]
    play.do(c.RecordPulse(number=number))
    task = next_task_at(play.state)
    assert task is not None
    play.now = task
    play.do(c.RecordPulse(number=number, result=result, lost=lost))
    play.measure()
    return play


def verdict(play: Play) -> Verdict:
    assert play.state.gate is not None
    return next(v for v in play.state.gate.verdicts if v.criterion == "pulse")


def test_an_item_keeps_its_name_its_scale_and_its_direction_in_every_version() -> None:
    known: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for item in ITEMS:
        known[item.name].add((item.scale, item.reversed))
    assert {len(kinds) for kinds in known.values()} == {1}
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    for scale in SCALES:
        directions = [item.reversed for item in newest() if item.scale == scale]
        assert directions.count(True) == directions.count(False)


@pytest.mark.parametrize("n", range(FEWEST_ANSWERS, 9))
def test_a_band_leaves_open_whether_any_one_person_agreed(n: int) -> None:
    sides: dict[str, set[bool]] = defaultdict(set)
    for given in combinations_with_replacement(range(1, POINTS + 1), n):
        counts = [given.count(choice) for choice in range(1, POINTS + 1)]
        sides[band(counts)] |= {choice > 3 for choice in given}
    assert sides == {name: {True, False} for name in BANDS}


def test_everybody_alike_is_no_other_result_than_nearly_everybody() -> None:
    def result(*persons: dict[str, int]) -> PulseResult:
        tally = empty(IDS)
        for person in persons:
            tally = counted(tally, person)
        return released(tally, 5)

    doubtful = {item.id: item.oriented(3) for item in newest()}
    assert result(*[pleased()] * 5).items == result(*[pleased()] * 4, doubtful).items


def test_reversed_items_count_the_other_way_and_straight_lines_show() -> None:
    tally = empty(IDS)
    for _ in range(5):
        tally = counted(tally, dict.fromkeys(IDS, 5))
    result = released(tally, 5)
    assert {result.items[item.id] for item in newest() if item.reversed} == {"low"}
    assert {result.items[item.id] for item in newest() if not item.reversed} == {"high"}
    assert result.scales == {"trust": "low", "equality": "low"}
    assert result.alike


@pytest.mark.parametrize("k", [3, 5, 6])
def test_below_k_only_the_count_is_released(k: int) -> None:
    tally = empty(IDS)
    for person in range(k - 1):
        tally = counted(tally, answers(person))
    assert released(tally, k) == PulseResult(answered=k - 1)
    assert released(counted(tally, answers(4)), k).scales


def test_a_pulse_opens_by_itself_at_its_rhythm() -> None:
    play = asked(every="60 days")
    first = next_pulse_at(play.state)
    assert first == play.state.entered_at + timedelta(days=60)
    while not isinstance(play.events[-1], e.PulseOpened):
        play.now = min(schedule.next_wake(play.state), first)
        play.do(c.PassTime())
        if play.now < first:
            play.measure()
    assert play.events[-1].by is None
    assert next_pulse_at(play.state) is None
    assert next_task_at(play.state) == first


def test_without_the_key_nothing_of_it_comes_by_itself() -> None:
    play = begun(members=FIVE).to("completed")
    assert not [event for event in play.events if event.kind.startswith("pulse")]
    assert play.state.pulses is None
    assert "pulses" not in play.state.model_dump(mode="json")


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda: begun(members=FIVE).to("stability"), "asks for no pulse"),
        (lambda: begun(members=FIVE, pulse={}), "forming: a pulse asks a team that has formed"),
        (lambda: asked(k=6), "has 5 members, and a pulse needs 6 answers"),
        (lambda: _opened(asked()), "p1 is open until"),
        (lambda: closed(asked(), HIGH), "the next may open from"),
    ],
    ids=["no key", "forming", "too few", "open", "too soon"],
)
def test_a_member_is_told_why_none_can_open_now(prepare: Any, says: str) -> None:
    play = prepare()
    with pytest.raises((NotUnderstood, WrongStage), match=says):
        decide(play.state, c.OpenPulse(by="Ana"), play.now)
    assert next_pulse_at(play.state) is None or says == "the next may open from"


def _opened(play: Play) -> Play:
    play.do(c.OpenPulse(by="Ana"))
    return play


@pytest.mark.parametrize(
    ("result", "lost", "rules", "status", "says"),
    [
        (HIGH, "", {}, "met", "high in pulse p1, 5 of 5 answered"),
        (LOW, "", {}, "not_met", "low in pulse p1"),
        (FEW, "", {}, "undecided", r"cannot be judged: not enough answers \(4, 5 needed\)"),
        (None, "the database burnt", {}, "undecided", "cannot be judged: the database burnt"),
        (THREE, "", {"k": 3}, "undecided", "3 of 5 answered"),
        (THREE, "", {"k": 3, "response": 0.6}, "met", "3 of 5"),
        (MIXED, "", {}, "not_met", "mixed in pulse p1"),
        (MIXED, "", {"at_least": "mixed"}, "met", "mixed"),
    ],
    ids=["high", "low", "few", "lost", "response", "enough", "mixed", "mixed will do"],
)
def test_a_gate_asks_for_belief_and_fails_closed(
    result: PulseResult | None, lost: str, rules: dict[str, Any], status: str, says: str
) -> None:
    play = closed(asked(**rules), result, lost)
    found = verdict(play)
    assert found.status == status
    assert re.search(says, found.actual)


def test_no_pulse_yet_is_no_pass_and_a_charter_may_leave_gates_alone() -> None:
    play = asked()
    play.measure()
    assert (verdict(play).status, verdict(play).actual) == ("undecided", "no pulse has closed yet")
    alone = asked(gates=False)
    alone.measure()
    assert alone.state.gate is not None
    assert "pulse" not in {v.criterion for v in alone.state.gate.verdicts}


def test_a_pulse_that_one_member_opens_and_nobody_answers_shuts_no_gate() -> None:
    play = asked()
    closed(play, HIGH)
    due = next_pulse_at(play.state)
    for _ in range(2):
        play.now += timedelta(days=8)
        closed(play, FEW)
        assert verdict(play).actual.startswith("high in pulse p1")
    assert next_pulse_at(play.state) == due
    play.now += timedelta(days=8)
    closed(play, LOW)
    assert verdict(play).status == "not_met"


def test_a_pulse_that_was_due_and_nobody_answered_takes_the_place_of_the_last() -> None:
    play = asked()
    closed(play, HIGH)
    at = next_pulse_at(play.state)
    assert at is not None
    play.now = at
    play.pass_time()
    play.do(c.RecordPulse(number=2))
    play.now += timedelta(days=7)
    play.do(c.RecordPulse(number=2, result=FEW))
    play.measure()
    assert verdict(play).status == "undecided"


def test_a_worse_pulse_withdraws_the_ballot_on_the_next_stage() -> None:
    play = begun(members=FIVE, pulse={}, ballots={"open_for": "30 days"}).to("stability")
    play.do(c.ReachMilestone(name="runbook"))
    closed(play, HIGH)
    assert [ballot.proposal.kind for ballot in play.state.ballots] == ["advance"]
    play.now += timedelta(days=7)
    play.do(c.OpenPulse(by="Ben"))
    play.do(c.RecordPulse(number=2))
    play.do(c.RecordPulse(number=2, result=LOW))
    assert play.state.ballots == ()
    assert [event.outcome for event in play.events if isinstance(event, e.BallotClosed)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("joined", "trend"),
    [
        ((), {"trust": "same", "equality": "up"}),
        (("Finn",), None),
        (("Finn", "Gina"), None),
        (("Finn", "Gina", "Hal"), {"trust": "same", "equality": "up"}),
    ],
)
def test_a_trend_is_not_shown_when_it_could_be_of_one_or_two(joined: tuple[str, ...], trend: Any) -> None:
    play = closed(asked(), LOW)
    more = play.state.charter.model_copy(update={"members": FIVE | dict.fromkeys(joined, "IT")})
    play.state = play.state.model_copy(update={"charter": more})
    play.now += timedelta(days=90)
    closed(play, HIGH)
    assert play.state.pulses is not None
    assert play.state.pulses.last is not None
    assert play.state.pulses.last.trend == trend


def test_a_database_that_is_down_is_asked_again_and_said() -> None:
    play = _opened(asked())
    play.do(c.RecordPulse(number=1, trouble="no answer"))
    assert next_task_at(play.state) == play.now + timedelta(hours=1)
    assert told(play.events[-1]) == "pulse p1: the answers database could not be asked: no answer"  # type: ignore[arg-type]
    play.do(c.RecordPulse(number=1))
    assert play.state.pulses is not None
    assert play.state.pulses.open is not None
    assert (play.state.pulses.open.ready, play.state.pulses.open.trouble) == (True, "")


def test_a_report_of_another_pulse_changes_nothing() -> None:
    play = _opened(asked())
    assert play.do(c.RecordPulse(number=2, result=HIGH)) == ()
    assert begun().do(c.RecordPulse(number=1)) == ()


def test_no_event_of_a_pulse_has_anything_of_a_person_but_who_opened_it() -> None:
    play = closed(asked(), HIGH)
    found = [event.model_dump(mode="json") for event in play.events if event.kind.startswith("pulse")]
    assert [event["kind"] for event in found] == ["pulse_opened", "pulse_readied", "pulse_closed"]
    texts = [str(event) for event in found]
    named = [(name, place) for place, text in enumerate(texts) for name in FIVE if name in text]
    assert named == [("Ana", 0)]
    assert set(found[2]["result"]) == {"answered", "scales", "items", "alike"}


def test_what_cannot_be_hidden_is_said_with_its_numbers() -> None:
    text = " ".join(limits(5, 6))
    assert "With fewer than 5 answers nothing is shown" in text
    assert "an administrator who watches the database" in text
    assert "In a team of 6, 5 answers do not hide an opinion that all share" in text
