"""The exchange: every function says what it needs, cannot do and can do, and every other member reads it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain import notices, views
from domain.decide import decide
from domain.decisions.exchanging import OF_A_KIND, ROOM
from domain.duties import duties
from domain.errors import BstError, NotUnderstood, StaleEvidence, WrongStage
from domain.sentences import describe
from domain.together.records import POST_KINDS
from domain.together.views import together
from domain.verdicts import Verdict
from tests.unit.journeys import MEMBERS, Play, begun

ALL = {"need": ("one person to ask",), "limitation": ("no nights",), "capability": ("letters",)}


def exchanging(**changes: Any) -> Play:
    return begun(forming={"exchange": True}, **changes)


def post_all(play: Play) -> None:
    for member in play.state.charter.members:
        play.do(c.PostToExchange(by=member, **ALL))


def acknowledge_all(play: Play) -> None:
    for member in play.state.charter.members:
        play.do(c.AcknowledgePosts(by=member))


def verdict(play: Play) -> Verdict | None:
    assert play.state.gate is not None
    return next((found for found in play.state.gate.verdicts if found.criterion == "exchange"), None)


def asked(play: Play) -> bool:
    """Whether everybody is asked about the next stage."""
    return play.state.advance_ballot is not None


def members(play: Play, **changes: str | None) -> c.ProposeAmendment:
    """Propose the charter with members added, moved, or (None) taken out."""
    charter = play.state.charter
    people = {name: function for name, function in (charter.members | changes).items() if function}
    return c.ProposeAmendment(
        by="Ana", reason="people", charter=charter.model_copy(update={"members": people, "milestones": {}})
    )


def test_a_charter_that_does_not_ask_forms_as_ever() -> None:
    play = begun()
    post_all(play)
    play.confirm_all()
    assert play.state.stage == "stability"
    play.measure()
    assert verdict(play) is None
    assert views.status(play.state).duties == {"Ben": ("reach the milestone runbook",)}


def test_the_team_forms_when_all_is_posted_and_read_and_not_before() -> None:
    play = exchanging()
    play.confirm_all()
    found = verdict(play)
    assert found is not None
    assert (found.status, found.number) == ("not_met", 3)
    assert "IT has posted no need, limitation or capability" in found.actual

    post_all(play)
    found = verdict(play)
    assert found is not None
    assert found.actual == (
        "Ana has not acknowledged IT and finance; Ben has not acknowledged claims handling and finance; "
        "Chloe has not acknowledged claims handling and IT"
    )
    play.do(c.AcknowledgePosts(by="Ana"))
    play.do(c.AcknowledgePosts(by="Ben", functions=("FINANCE", "claims handling")))
    play.do(c.AcknowledgePosts(by="Chloe", functions=("it",)))
    assert duties(play.state) == {"Chloe": ("acknowledge what claims handling posted",)}
    play.do(c.AcknowledgePosts(by="Chloe"))
    assert play.state.stage == "stability"


def test_what_is_missing_is_told_to_each_and_not_in_an_endless_line() -> None:
    crowd = {f"M{i}": "IT" if i == 0 else f"function {i}" for i in range(12)}
    play = exchanging(members=crowd, milestones={}, stages={})
    found = verdict(play)
    assert found is not None
    assert found.actual.endswith("; and 8 more")
    assert found.number == 12
    assert duties(play.state)["M3"] == (
        "confirm version 1 of the outcome",
        "post a need, limitation and capability of function 3",
    )
    assert "function 3 to post a need, limitation and capability" in notices.waiting(play.state)


def test_a_post_that_changes_is_read_again() -> None:
    play = exchanging()
    post_all(play)
    acknowledge_all(play)
    read = play.state.together.exchange.version
    play.do(c.PostToExchange(by="Ben", need=("a test system",)))
    assert [sheet.unread_by for sheet in together(play.state).exchange] == [(), ("Ana", "Chloe"), ()]
    with pytest.raises(StaleEvidence, match=r"Version 3 .* present one is 4; IT posted since: read it again"):
        decide(play.state, c.AcknowledgePosts(by="Ana", exchange=read), play.now)
    play.do(c.AcknowledgePosts(by="Ana", exchange=read + 1))
    play.do(c.WithdrawPost(by="Ben", post="p10"))
    assert [sheet.unread_by for sheet in together(play.state).exchange] == [(), ("Ana", "Chloe"), ()]
    assert describe(play.events[-2], play.state.charter) == "Ben took back for IT, need: a test system"


def test_who_joins_acknowledges_before_the_next_gate_and_who_leaves_is_not_waited_for() -> None:
    play = exchanging(milestones={}, stages={})
    post_all(play)
    acknowledge_all(play)
    play.to("stability")
    play.do(members(play, Dora="finance", Ben="IT"))
    play.consent_all(-1)
    play.do(c.ConfirmOutcome(by="Dora"))
    play.measure()
    assert duties(play.state) == {"Dora": ("acknowledge what claims handling and IT posted",)}
    assert not asked(play)
    play.do(c.AcknowledgePosts(by="Dora"))
    assert asked(play)

    play.do(c.PostToExchange(by="Ana", need=("more room",)))
    assert not asked(play), "what the ballot was about is not so any more"
    play.do(c.AcknowledgePosts(by="Ben"))
    play.do(c.AcknowledgePosts(by="Dora"))
    assert duties(play.state) == {"Chloe": ("acknowledge what claims handling posted",)}
    play.do(members(play, Chloe=None))
    play.consent_all(-1)
    assert duties(play.state) == {}


def test_who_changes_the_function_reads_the_old_ones_posts() -> None:
    play = exchanging(members={"Ana": "claims handling", "Ben": "IT", "Cid": "IT", "Dan": "claims handling"},
                      milestones={}, stages={})  # fmt: skip
    post_all(play)
    acknowledge_all(play)
    play.do(members(play, Cid="claims handling"))  # while the team forms the charter is replaced at once
    assert play.state.charter.members["Cid"] == "claims handling"
    assert duties(play.state)["Cid"] == (
        "confirm version 2 of the outcome", "acknowledge what IT posted",
    )  # fmt: skip


def test_a_function_that_has_left_is_asked_nothing_and_its_posts_are_gone() -> None:
    play = exchanging(milestones={}, stages={})
    post_all(play)
    play.do(members(play, Chloe=None))
    assert set(play.state.together.exchange.sheets) == {"claims handling", "IT"}
    play.do(c.AcknowledgePosts(by="Ana"))
    play.do(c.AcknowledgePosts(by="Ben"))
    play.confirm_all()
    assert play.state.stage == "stability"


def test_the_same_again_is_no_news() -> None:
    play = exchanging()
    assert play.do(c.PostToExchange(by="ben", need=("A", "A")))
    assert play.do(c.PostToExchange(by="Ben", need=(" a ",))) == ()
    assert play.do(c.AcknowledgePosts(by="Ana"))
    assert play.do(c.AcknowledgePosts(by="Ana")) == ()


REFUSED: list[tuple[c.Command, type[BstError], str]] = [
    (c.AcknowledgePosts(by="Ana"), WrongStage, "nothing to acknowledge"),
    (c.AcknowledgePosts(by="Ana", functions=("Payments",)), NotUnderstood, "Posts are there of: none yet"),
    (c.AcknowledgePosts(by="Ben", functions=("it",)), NotUnderstood, "IT is your own function"),
    (c.WithdrawPost(by="Ben", post="p1"), NotUnderstood, "It has: nothing"),
]


@pytest.mark.parametrize(("command", "error", "words"), REFUSED, ids=str)
def test_what_cannot_be_is_refused_with_what_would_be_right(
    command: c.Command, error: type[BstError], words: str
) -> None:
    with pytest.raises(error, match=words):
        decide(exchanging().state, command, exchanging().now)


def test_nobody_takes_back_what_another_function_posted() -> None:
    play = exchanging()
    play.do(c.PostToExchange(by="Ben", need=("quiet",)))
    with pytest.raises(NotUnderstood, match="a function takes back its own alone"):
        decide(play.state, c.WithdrawPost(by="Ana", post="p1"), play.now)


def test_the_exchange_is_short_enough_to_be_read() -> None:
    play = exchanging()
    play.do(c.PostToExchange(by="Ben", need=tuple(f"need {i}" for i in range(OF_A_KIND))))
    with pytest.raises(NotUnderstood, match="IT would have 6 posts of the kind need"):
        decide(play.state, c.PostToExchange(by="Ben", need=("one more",)), play.now)
    long = [f"{i} {'x' * 190}" for i in range(40)]
    for member in MEMBERS:
        for kind in POST_KINDS[1:]:
            play.do(c.PostToExchange.model_validate({"by": member, kind: [long.pop() for _ in range(5)]}))
    with pytest.raises(NotUnderstood, match=f"room for {ROOM:,} characters"):
        decide(play.state, c.PostToExchange(by="Ana", need=tuple(long[:5])), play.now)


_member = st.sampled_from(MEMBERS)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), _member, st.sampled_from(POST_KINDS), st.sampled_from(["a", "b"])),
        st.tuples(st.just("withdraw"), _member, st.sampled_from(["a", "b"])),
        st.tuples(st.just("acknowledge"), _member),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=timedelta(seconds=2))
@given(_steps, st.booleans())
def test_no_interleaving_forms_a_team_before_everything_is_posted_and_read(steps: Any, full: bool) -> None:
    play = exchanging()
    play.confirm_all()
    # Told again with lists and sets: what each function says, in order, and whose posts each member has read.
    said: dict[str, list[tuple[str, str]]] = {member: [] for member in MEMBERS}
    read: dict[str, set[str]] = {member: set() for member in MEMBERS}
    last = [("acknowledge", member) for member in MEMBERS]
    if full:  # left to chance alone hardly any script would come to the end
        steps = [("post", m, kind, "c") for m in MEMBERS for kind in POST_KINDS] + steps + last
    for kind, member, *rest in steps:
        before = list(said[member])
        if kind == "post":
            play.do(c.PostToExchange.model_validate({"by": member, rest[0]: [rest[1]]}))
            if (rest[0], rest[1]) not in before:
                said[member].append((rest[0], rest[1]))
        elif kind == "withdraw":
            play.do(c.WithdrawPost(by=member, post=rest[0]))
            found = next((post for post in before if post[1] == rest[0]), None)
            if found is not None:
                said[member].remove(found)
        else:
            play.do(c.AcknowledgePosts(by=member))
            read[member] |= {other for other in MEMBERS if other != member and said[other]}
        if said[member] != before:
            for readers in read.values():
                readers.discard(member)
        done = all(
            {one for one, _ in said[m]} == set(POST_KINDS) and read[m] == set(MEMBERS) - {m} for m in MEMBERS
        )
        assert play.state.stage == ("stability" if done else "forming")
        if done:
            return
