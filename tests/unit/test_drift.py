"""Drift: who defines and who carries out, who proposes, who takes part; and what becomes of a flag."""

from datetime import timedelta
from typing import Any

import pytest

from domain import commands as c
from domain import events as e
from domain.decide import decide
from domain.errors import BstError, NotUnderstood, WrongStage
from domain.gates import evaluate
from domain.notices import attention
from domain.sentences import describe
from domain.together.evenness import corrected_gini
from domain.together.records import FlagKind
from domain.together.views import together
from tests.unit.journeys import Play, begun

CYCLE = timedelta(weeks=13)
RULES = {"drift": {"cycle": "13 weeks"}}
TEAM = {"Ana": "claims handling", "Ben": "IT operations", "Ida": "IT", "Chloe": "finance"}
SAID = "no second look at claims saves two days"


def drifting(**changes: Any) -> Play:
    return begun(**({"members": TEAM, "milestones": {}, "stages": {}} | RULES | changes))


def work(play: Play, defined_by: str, executed_by: str, times: int = 1, **more: Any) -> None:
    for _ in range(times):
        number = play.state.together.work.added
        play.do(
            c.AddWorkItem(
                by="Ana",
                title=f"item {number}",
                defined_by=tuple(defined_by.split()),
                executed_by=tuple(executed_by.split()),
                hypothesis=SAID,
                **more,
            )
        )
        play.do(c.CloseWorkItem(by="Ben", item=f"w{number + 1}", how="done"))


def flags(play: Play) -> set[FlagKind]:
    return set(play.state.together.drift.flags)


def amend(play: Play, by: str, *, adopted: bool = True) -> None:
    words = {f"W{play.state.ballots_opened}": "a word"}
    play.do(
        c.ProposeAmendment(
            by=by, reason="x", charter=play.state.charter.model_copy(update={"glossary": words})
        )
    )
    if adopted:
        play.consent_all(-1)
    else:
        other = next(name for name in TEAM if name != by)
        for member in TEAM:
            if member not in {by, other}:
                play.do(c.GiveConsent(by=member, ballot=play.state.ballots[-1].id))
        play.do(
            c.RaiseObjection(
                by=other, ballot=play.state.ballots[-1].id, objection="harms_outcome", reason="no"
            )
        )


# Ten items: (definers, executors, how many of them), then the flags.
ITEMS: list[tuple[str, list[tuple[str, str, int]], set[FlagKind]]] = [
    ("together", [("Ana Ben", "Ana Ben", 10)], set()),
    ("orders, five of ten", [("Ana Chloe", "Ben", 5), ("Ana Ida", "Ben", 5)], set()),
    ("orders, six of ten", [("Ana Chloe", "Ben Ida", 6), ("Ana Ida", "Ben", 4)], {"taking_orders"}),
    ("nine orders are too few to count", [("Ana Chloe", "Ben", 9)], set()),
    ("orders of long ago", [("Ana Chloe", "Ben", 7), ("Ana Ben", "Ben", 10)], set()),
    ("carried out by both is no order", [("Ana Chloe", "Ben Chloe", 10)], set()),
    ("two functions of IT are two", [("Ben Ida", "Ben", 10)], set()),
    ("finance carries out", [("Ana Ben", "Chloe", 10)], set()),
]


@pytest.mark.parametrize(("items", "expected"), [case[1:] for case in ITEMS], ids=[case[0] for case in ITEMS])
def test_who_takes_orders(items: list[tuple[str, str, int]], expected: set[FlagKind]) -> None:
    play = drifting()
    for defined_by, executed_by, times in items:
        work(play, defined_by, executed_by, times)
    assert flags(play) == expected


def test_work_of_one_function_needs_a_reason_and_is_flagged_where_it_is_most() -> None:
    play = drifting()
    with pytest.raises(NotUnderstood, match="IT alone defines it: name somebody of another function"):
        decide(
            play.state,
            c.AddWorkItem(by="Ida", title="x", defined_by=("Ida",), executed_by=("Ida",), hypothesis=SAID),
            play.now,
        )
    work(play, "Ida", "Ida", 6, reason_single="the old server fails")
    work(play, "Ana Ida", "Ida", 4)
    assert flags(play) == {"single_function"}
    assert together(play.state).shares[-1].count == 6
    assert (
        "6 of the 10 newest work items that one function alone has to do with"
        in attention(play.state)["drift"]
    )


def test_dropped_work_says_nothing() -> None:
    play = drifting()
    work(play, "Ana Chloe", "Ben", 9)
    play.do(
        c.AddWorkItem(by="Ana", title="y", defined_by=("Ana", "Ben"), executed_by=("Ben",), hypothesis=SAID)
    )
    assert flags(play) == {"taking_orders"}
    play.do(c.CloseWorkItem(by="Ben", item="w10", how="dropped"))
    assert len(play.state.together.work.traces) == 9
    assert (play.state.together.work.done, play.state.together.work.dropped) == (9, 1)


@pytest.mark.parametrize(
    ("raised", "worded", "expected"),
    [
        ("ABCI ABCI AB", "", set()),
        ("AAA BCI AAA B", "", set()),  # six of ten
        ("AAA BCI AAA A", "", {"dictating"}),
        ("AAA AAA AAA", "", set()),  # nine
        ("A B", "AAA AAA AA", {"dictating"}),  # first wordings, adopted or not
        ("", "BI BI BI BI BI", set()),  # two functions of IT
    ],
)
def test_who_dictates(raised: str, worded: str, expected: set[FlagKind]) -> None:
    play = drifting().to("stability")
    names = {name[0]: name for name in TEAM}
    for letter in raised.replace(" ", ""):
        amend(play, names[letter])
    for letter in worded.replace(" ", ""):
        amend(play, names[letter], adopted=False)
    assert flags(play) == expected
    if expected:
        assert "by claims handling" in play.state.together.drift.flags["dictating"].why


def flagged() -> Play:
    """A journey whose gate of stability is open but for the ballot, and IT takes orders."""
    play = drifting().to("stability")
    work(play, "Ana Chloe", "Ben", 10)
    play.measure()
    assert play.state.advance_ballot is not None
    return play


def test_a_flag_holds_the_gate_after_two_cycles_and_says_why() -> None:
    play = flagged()
    since = play.state.together.drift.flags["taking_orders"].since
    while play.now < since + 2 * CYCLE:
        assert play.state.gate is not None
        assert play.state.gate.open
        play.measure()
    assert play.state.gate is not None
    (held,) = play.state.gate.held_by
    assert held.criterion == "drift"
    assert "10 of the 10 newest work items that others defined and IT alone carries out" in held.actual
    assert play.state.advance_ballot is None
    assert attention(play.state)["drift"].endswith("the next gate stays shut until it is talked over")


def test_the_last_consent_after_two_cycles_does_not_slip_through() -> None:
    play = flagged()
    flag = play.state.together.drift.flags["taking_orders"]
    old = flag.model_copy(update={"since": play.now - 2 * CYCLE})
    drift = play.state.together.drift.model_copy(update={"flags": {"taking_orders": old}})
    here = play.state.together.model_copy(update={"drift": drift})
    play.state = play.state.model_copy(update={"together": here})
    play.consent_all()
    assert play.state.stage == "stability"
    closed = play.state.last_closed
    assert closed is not None
    assert closed.outcome == "withdrawn"
    assert "The team has talked over what drifted" in closed.reason


def test_two_functions_lift_a_flag_and_what_comes_after_is_counted_anew() -> None:
    play = flagged()
    play.do(c.RecordRetrospective(by="Ben", flag="taking_orders", reason="we plan together"))
    assert together(play.state).flags[0].said == "Ben: we plan together"
    play.do(c.RecordRetrospective(by="Ben", flag="taking_orders", reason="we plan together"))
    assert flags(play) == {"taking_orders"}, "one member alone does not lift it, said twice or not"
    events = play.do(c.RecordRetrospective(by="Chloe", flag="taking_orders", reason="on Mondays"))
    assert [event.kind for event in events[:2]] == ["retrospective_recorded", "drift_resolved"]
    assert describe(events[1], play.state.charter) == (
        "flag taking orders is lifted by Ben and Chloe: Ben: we plan together; Chloe: on Mondays"
    )
    work(play, "Ana Chloe", "Ben", 9)
    assert flags(play) == set()
    work(play, "Ana Chloe", "Ben", 1)
    assert flags(play) == {"taking_orders"}


def test_the_same_function_does_not_lift_it_twice_over() -> None:
    play = drifting(members={**TEAM, "Dan": "finance"}).to("stability")
    work(play, "Ana Chloe", "Ben", 10)
    play.do(c.RecordRetrospective(by="Chloe", flag="taking_orders", reason="fine"))
    play.do(c.RecordRetrospective(by="Dan", flag="taking_orders", reason="fine by me"))
    assert flags(play) == {"taking_orders"}


def test_a_share_that_falls_lifts_a_flag_by_itself() -> None:
    play = flagged()
    work(play, "Ana Ben", "Ben", 5)
    assert flags(play) == set()
    resolved = next(event for event in play.events if isinstance(event, e.DriftResolved))
    assert (resolved.by, resolved.reason[:28]) == ((), "now it is 5 of the 10 newest")


def test_a_charter_that_does_not_ask_is_told_nothing_and_held_by_nothing() -> None:
    play = drifting(drift=None).to("stability")
    work(play, "Ana Chloe", "Ben", 12)
    for _ in range(3):
        play.measure()
    assert flags(play) == set()
    assert play.state.together.drift.took_part == ()
    assert "drift" not in {verdict.criterion for verdict in evaluate(play.state).verdicts}
    assert together(play.state).evenness is None


def test_an_amendment_that_takes_the_rules_away_takes_the_flags_along() -> None:
    play = flagged()
    play.do(
        c.ProposeAmendment(
            by="Ana", reason="x", charter=play.state.charter.model_copy(update={"drift": None})
        )
    )
    play.consent_all(-1)
    assert flags(play) == set()


REFUSED: list[tuple[dict[str, Any], type[BstError], str]] = [
    ({"hypothesis": "faster"}, NotUnderstood, "is no hypothesis: say which step"),
    ({"metric": "clicks"}, NotUnderstood, "There is no metric 'clicks'"),
    ({"title": "ITEM  0"}, WrongStage, "w1 is open with this title already"),
    ({"executed_by": ("Mallory",)}, BstError, "'Mallory' is not a member"),
]


@pytest.mark.parametrize(("changes", "error", "words"), REFUSED, ids=[str(case[0]) for case in REFUSED])
def test_work_that_is_not_linked_to_the_outcome_is_refused(
    changes: dict[str, Any], error: type[BstError], words: str
) -> None:
    play = drifting()
    said: dict[str, Any] = {
        "by": "Ana", "title": "item 0", "defined_by": ("Ana", "Ben"), "executed_by": ("Ben",),
        "hypothesis": SAID,
    }  # fmt: skip
    play.do(c.AddWorkItem(**said))
    with pytest.raises(error, match=words):
        decide(play.state, c.AddWorkItem(**(said | {"title": "item 1"} | changes)), play.now)


def test_no_more_work_is_open_than_a_team_can_do() -> None:
    play = drifting()
    for number in range(13):
        play.do(
            c.AddWorkItem(
                by="Ana", title=f"i{number}", defined_by=("Ana", "Ben"), executed_by=("Ben",), hypothesis=SAID
            )
        )
    assert play.refused == ["wrong_stage"]
    with pytest.raises(NotUnderstood, match=r"No open work item is called 'w99'\. Open: w1"):
        decide(play.state, c.CloseWorkItem(by="Ana", item="w99", how="done"), play.now)
    with pytest.raises(WrongStage, match="There is no flag dictating: there is none"):
        decide(play.state, c.RecordRetrospective(by="Ana", flag="dictating", reason="x"), play.now)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([5, 0, 0, 0, 0], 1.0),  # 0.80 without the correction
        ([10, 8, 4, 2, 1], 0.48),
        ([3, 3, 3], 0.0),
        ([1, 0], 1.0),
        ([0, 0, 0], None),
        ([7], None),
        ([], None),
    ],
)
def test_evenness(counts: list[int], expected: float | None) -> None:
    assert corrected_gini(counts) == expected
    assert corrected_gini(counts[::-1]) == expected


def test_evenness_is_of_those_who_are_there_and_of_their_newest_contributions() -> None:
    play = drifting().to("stability")
    found = together(play.state)
    assert (found.evenness, found.contributions) == (None, 0)
    play.do(c.HoldJourney(by="Ana", reason="not counted: nobody is to be told off for stopping the line"))
    work(play, "Ana Ben", "Ben", 3)
    assert (together(play.state).evenness, together(play.state).contributions) == (1.0, 3)
    for member in TEAM:
        play.do(c.PostToExchange(by=member, need=("x",)))
    assert together(play.state).evenness == 0.43


def test_what_there_is_too_little_of_is_said() -> None:
    none = together(begun().to("stability").state)
    few = together(begun(drift={"cycle": "13 weeks"}).to("stability").state)
    assert (none.drift_asked, none.too_little) == (False, ())
    assert few.too_little[0] == "work items: 0 of 10 so far"
