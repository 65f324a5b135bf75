"""Facilitation goes round by rule: nobody has it twice before all were offered a turn."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain import events as e
from domain.decide import decide
from domain.duties import duties
from domain.errors import WrongStage
from domain.sentences import describe
from tests.unit.journeys import Play, begun

TEAM = {"Ana": "claims handling", "Ben": "IT", "Chloe": "finance", "Dan": "claims handling"}


def whole(**changes: Any) -> Play:
    return begun(**({"members": TEAM, "milestones": {}, "stages": {}} | changes))


def turns(play: Play, *hows: str) -> list[str]:
    """Hand on as told, `Ben` meaning that Ben swaps; return who has had the turn, one by one."""
    for how in hows:
        play.do(
            c.PassFacilitation(by=how, how="swap")
            if how in TEAM
            else c.PassFacilitation.model_validate({"by": "Ana", "how": how})
        )
    return [event.member for event in play.events if isinstance(event, e.FacilitatorNamed)]


TABLE: list[tuple[Sequence[str], list[str]]] = [
    (["next"] * 6, ["Ana", "Ben", "Chloe", "Dan", "Ana", "Ben"]),
    (["next", "next", "skip", "next", "next"], ["Ana", "Ben", "Chloe", "Dan", "Ana"]),
    (["next", "Chloe", "next", "next", "next"], ["Ana", "Chloe", "Dan", "Ana", "Ben"]),
    (["next", "next", "Dan", "next", "next", "next"], ["Ana", "Ben", "Dan", "Ben", "Chloe", "Dan"]),
]


@pytest.mark.parametrize(("hows", "expected"), TABLE, ids=[" ".join(hows) for hows, _ in TABLE])
def test_the_turn_goes_round(hows: Sequence[str], expected: list[str]) -> None:
    play = whole()
    assert turns(play, *hows) == expected
    assert "facilitate" in duties(play.state)[expected[-1]]


def test_it_is_said_how_the_turn_came() -> None:
    play = whole()
    play.do(c.PassFacilitation(by="Ben"))
    play.do(c.PassFacilitation(by="Ben", how="skip", note="on leave"))
    play.do(c.PassFacilitation(by="Dan", how="swap"))
    assert [describe(event, play.state.charter) for event in play.events[-3:]] == [
        "Ana facilitates now",
        "Ben facilitates now (Ben passed over Ana), on leave",
        "Dan facilitates now (in place of Ben, who gets a turn later)",
    ]


def test_nobody_takes_a_second_turn_by_swapping() -> None:
    play = whole()
    turns(play, "next", "next")
    with pytest.raises(WrongStage, match="Ana was offered a turn in this round: left are Chloe and Dan"):
        decide(play.state, c.PassFacilitation(by="Ana", how="swap"), play.now)
    with pytest.raises(WrongStage, match="It is the turn of Ben already"):
        decide(play.state, c.PassFacilitation(by="Ben", how="swap"), play.now)


@pytest.mark.parametrize("how", ["skip", "swap"])
def test_what_nobody_has_cannot_be_passed_on(how: Any) -> None:
    with pytest.raises(WrongStage, match="begin with: bst facilitate next claims"):
        decide(whole().state, c.PassFacilitation(by="Ana", how=how), whole().now)


_steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["next", "next", "skip", "swap"]), st.sampled_from([*TEAM, "Eve"])),
        st.tuples(st.sampled_from(["join", "leave"]), st.sampled_from(["Eve", "Dan", "Chloe"])),
    ),
    max_size=40,
)


@settings(max_examples=80, deadline=timedelta(seconds=2))
@given(_steps)
def test_nobody_has_it_twice_before_all_who_are_there_were_offered_one(steps: Any) -> None:
    play = whole()
    had: list[str] = []  # in this round, told again from the events alone
    for what, name in steps:
        members = dict(play.state.charter.members)
        if what in {"join", "leave"}:  # while the team forms a charter is replaced at once
            people = {**members, name: TEAM.get(name, "finance")}
            if what == "leave":
                people.pop(name)
            changed = play.state.charter.model_copy(update={"members": people})
            play.do(c.ProposeAmendment(by="Ana", reason="people", charter=changed))
            had = [one for one in had if one in play.state.charter.members]
            continue
        for event in play.do(c.PassFacilitation(by=name, how=what)):
            assert isinstance(event, e.FacilitatorNamed)
            assert event.member in members
            if what == "swap":  # who gave the turn away has had none
                had = [one for one in had if one != event.previous]
            elif set(had) == set(members):
                had = []
            assert event.member not in had
            had.append(event.member)
            assert play.state.together.facilitation.current == event.member
