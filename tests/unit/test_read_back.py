"""The read-back by the rules, in the answers database, on the page, and through a journey."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from activities.answers.errors import AnswersRefused, CodeRefused, CodeUsed, NothingAsked
from activities.answers.read_backs import CODES_AT_MOST
from activities.answers.store import AnswerStore
from bst.ask_page.app import app
from domain import commands as c
from domain.decide import decide
from domain.errors import NotUnderstood, WrongStage
from domain.readback.records import CountReadBackTask, OpenReadBackTask, ReadBackCount
from domain.readback.rules import ReadBack
from domain.readback.standing import next_task_at
from domain.verdicts import Verdict
from tests.unit.journeys import START, Play, begun
from tests.unit.pulses import files_of, holders

SITUATIONS = ("paid on Thursday", "told on Thursday", "complete on Thursday")
RULES: dict[str, Any] = {"situations": SITUATIONS, "met": 2}
TASK = OpenReadBackTask(team="claims", number=1, opened_at=START, statement="paid", situations=SITUATIONS)
COUNT = CountReadBackTask(team="claims", number=1, opened_at=START, people=5, functions=3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnswerStore]:
    with closing(AnswerStore(f"sqlite:///{tmp_path}/answers.db")) as opened:
        yield opened


def asking() -> Play:
    """A forming team, all confirmed, whose read-back takes answers."""
    play = begun(forming={"read_back": RULES})
    play.confirm_all()
    play.do(c.OpenReadBack(by="Ana"))
    play.do(c.RecordReadBack(number=1))
    return play


def counted(play: Play, *choices: int, functions: int = 3) -> Play:
    number = play.state.read_backs.opened if play.state.read_backs else 0
    play.do(c.CloseReadBack(by="Ben"))
    count = ReadBackCount(people=sum(choices), functions=functions, choices=choices)
    play.do(c.RecordReadBack(number=number, count=count))
    return play


def verdict(play: Play) -> Verdict:
    assert play.state.gate is not None
    return next(v for v in play.state.gate.verdicts if v.criterion == "read_back")


def test_a_team_stays_forming_until_people_outside_recognise_its_outcome() -> None:
    play = asking()
    assert (play.state.stage, verdict(play).status) == ("forming", "undecided")
    counted(play, 0, 4, 1)
    assert play.state.stage == "stability"


@pytest.mark.parametrize(
    ("choices", "functions", "status"),
    [
        ((1, 4, 0), 3, "met"),
        ((2, 3, 0), 3, "not_met"),
        ((5, 0, 0), 3, "not_met"),
        ((0, 4, 0), 3, "undecided"),
        ((0, 5, 0), 2, "undecided"),
    ],
)
def test_it_takes_enough_people_of_enough_functions_who_agree(
    choices: tuple[int, ...], functions: int, status: str
) -> None:
    play = begun(forming={"read_back": RULES})  # not confirmed, so that it stays where it is
    play.do(c.OpenReadBack(by="Ana"))
    play.do(c.RecordReadBack(number=1))
    counted(play, *choices, functions=functions)
    assert verdict(play).status == status


def test_a_failed_one_asks_for_another_outcome_and_is_not_repeated() -> None:
    play = counted(asking(), 5, 0, 0)
    assert "amend the outcome" in verdict(play).actual
    with pytest.raises(WrongStage, match="r1 failed on this outcome, and is not repeated until it passes"):
        decide(play.state, c.OpenReadBack(by="Ana"), play.now)
    better = play.state.charter.model_copy(
        update={
            "outcome": play.state.charter.outcome.model_copy(
                update={"statement": "A customer who files a claim has the money in 3 days instead of 11"}
            )
        }
    )
    play.do(c.ProposeAmendment(by="Ana", reason="they thought of letters", charter=better))
    assert verdict(play).actual == "nobody outside was asked about this outcome yet"
    play.do(c.OpenReadBack(by="Ana"))
    play.do(c.RecordReadBack(number=2))
    counted(play, 0, 5, 0)
    assert verdict(play).status == "met"


def test_what_was_said_of_an_earlier_outcome_does_not_count() -> None:
    play = asking()
    forming = play.state.charter.forming.model_copy(update={"read_back": ReadBack(**RULES | {"met": 1})})
    other = play.state.charter.model_copy(update={"forming": forming})
    play.do(c.ProposeAmendment(by="Ana", reason="the first is meant", charter=other))
    assert next_task_at(play.state) is None
    late = ReadBackCount(people=5, functions=3, choices=(5, 0, 0))
    assert play.do(c.RecordReadBack(number=1, count=late)) == ()
    assert verdict(play).status == "undecided"


@pytest.mark.parametrize(
    ("prepare", "command", "says"),
    [
        (begun, c.OpenReadBack, "asks for no read-back"),
        (asking, c.OpenReadBack, "r1 is open already"),
        (lambda: counted(asking(), 0, 5, 0), c.OpenReadBack, "in the stage stability"),
        (lambda: begun(forming={"read_back": RULES}), c.CloseReadBack, "No read-back of the present outcome"),
    ],
    ids=["no key", "open", "formed", "none"],
)
def test_what_cannot_be_done_now_is_said(prepare: Any, command: Any, says: str) -> None:
    play = prepare()
    with pytest.raises((NotUnderstood, WrongStage), match=says):
        decide(play.state, command(by="Ana"), play.now)


def test_a_database_that_is_down_or_has_lost_it_is_said_and_asked_again() -> None:
    play = asking()
    play.do(c.CloseReadBack(by="Ana"))
    play.do(c.RecordReadBack(number=1, trouble="no answer"))
    assert next_task_at(play.state) == play.now + timedelta(hours=1)
    lost = ReadBackCount(people=0, functions=0, choices=None, lost=True)
    play.do(c.RecordReadBack(number=1, count=lost))
    assert next_task_at(play.state) is None
    assert play.do(c.OpenReadBack(by="Ana"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"met": 4},
        {"situations": ("a", "b")},
        {"situations": ("a", "A", "b")},
        {"people": 3, "functions": 4},
    ],
    ids=["met", "two", "alike", "functions"],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReadBack(**RULES | wrong)


def test_each_code_counts_once_for_its_function_and_nothing_is_left_of_it(store: AnswerStore) -> None:
    box = store.read_backs
    box.open(TASK)
    codes = [code for function in ("Sales", "Legal", "Audit") for code in box.codes("claims", function, 2)]
    for code in codes[:4]:
        box.answer("claims", code, 2)
    assert box.count(COUNT) == ReadBackCount(people=4, functions=2, choices=None)
    for wrong, error in ((codes[0], CodeUsed), ("ABC", CodeRefused)):
        with pytest.raises(error):
            box.answer("claims", wrong, 2)
    with pytest.raises(AnswersRefused):
        box.answer("claims", codes[4], 4)
    box.answer("claims", codes[4], 1)
    found = box.count(COUNT)
    assert found == ReadBackCount(people=5, functions=3, choices=(1, 4, 0)) == box.count(COUNT)
    with pytest.raises(NothingAsked):
        box.answer("claims", codes[5], 2)
    assert holders(files_of(store), '"Sales"', *codes) == set()
    assert box.count(COUNT.model_copy(update={"number": 2})).lost


def test_codes_have_a_bound(store: AnswerStore) -> None:
    store.read_backs.open(TASK)
    store.read_backs.codes("claims", "Sales", CODES_AT_MOST)
    with pytest.raises(NotUnderstood, match="200 codes at most"):
        store.read_backs.codes("claims", "Sales", 1)


async def test_readers_answer_on_the_page(store: AnswerStore) -> None:
    store.read_backs.open(TASK)
    (code,) = store.read_backs.codes("claims", "Sales", 1)
    transport = httpx.ASGITransport(app(store))
    async with httpx.AsyncClient(transport=transport, base_url="http://page") as browser:
        shown = await browser.get("/claims/read-back")
        nothing = await browser.post("/claims/read-back", data={"code": code})
        taken = await browser.post("/claims/read-back", data={"code": code, "choice": "2"})
        again = await browser.post("/claims/read-back", data={"code": code, "choice": "3"})
        other = await browser.get("/payments/read-back")
    assert [situation for situation in SITUATIONS if situation not in shown.text] == []
    statuses = [answer.status_code for answer in (shown, nothing, taken, again, other)]
    assert statuses == [200, 422, 200, 409, 404]
    assert store.read_backs.asked("claims").people == 1
