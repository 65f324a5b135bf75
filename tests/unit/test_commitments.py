"""Commitments: each member's own, visible, and without any effect on outcome and gate."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain import notices, schedule
from domain.decide import decide
from domain.decisions.committing import OPEN_AT_MOST
from domain.duties import duties
from domain.errors import BstError, NotUnderstood, WrongStage
from domain.gates import evaluate
from domain.sentences import describe
from domain.together.views import CommitmentView, together
from tests.unit.journeys import MEMBERS, Play, begun
from workflows.details import timer_summary

DUE = date(2026, 1, 16)


def promised() -> Play:
    play = begun().to("stability")
    play.do(c.MakeCommitment(by="Ana", what="ask legal", due=DUE))
    return play


def shown(play: Play) -> tuple[CommitmentView, ...]:
    return together(play.state).commitments


def test_a_promise_is_kept() -> None:
    play = promised()
    assert describe(play.events[-1], play.state.charter) == "Ana committed to ask legal by 2026-01-16 (c1)"
    assert "keep c1, ask legal, by 2026-01-16" in duties(play.state)["Ana"]
    play.do(c.CloseCommitment(by="ana", how="done", note="they agree"))
    (one,) = shown(play)
    assert (one.owner, one.standing, one.late, one.note) == ("Ana", "done", False, "they agree")


def test_a_day_is_over_when_it_is_over_everywhere_and_then_the_promise_is_missed_by_itself() -> None:
    play = promised()
    over = datetime(2026, 1, 17, 12, tzinfo=UTC)
    assert schedule.next_timer_at(play.state) == over
    play.now = over - timedelta(seconds=1)
    assert decide(play.state, c.PassTime(), play.now) == ()
    play.now = over
    play.pass_time()
    assert [one.standing for one in shown(play)] == ["missed"]
    assert describe(play.events[-1], play.state.charter) == (
        "commitment c1 of Ana, ask legal: missed, its day is over"
    )
    assert schedule.next_timer_at(play.state) is None


def test_the_timer_says_what_it_waits_for() -> None:
    play = promised()
    play.measure()
    play.do(c.MakeCommitment(by="Ben", what="x", due=(play.now + timedelta(days=1)).date()))
    assert timer_summary(play.state).startswith("Next: commitment c2 of Ben is due until 2026-")


def test_what_was_missed_can_still_be_done_late() -> None:
    play = promised()
    play.do(c.CloseCommitment(by="Ana", how="missed", note="ill"))
    assert play.do(c.CloseCommitment(by="Ana", commitment="c1", how="missed")) == ()
    play.now = datetime(2026, 1, 17, 12, tzinfo=UTC)
    play.do(c.CloseCommitment(by="Ana", commitment="C1", how="done"))
    (one,) = shown(play)
    assert (one.standing, one.late) == ("done", True)
    assert describe(play.events[-1], play.state.charter) == "commitment c1 of Ana, ask legal: done, late"


def test_what_was_given_up_and_done_before_its_day_is_over_is_not_late() -> None:
    play = promised()
    play.do(c.CloseCommitment(by="Ana", how="missed"))
    with pytest.raises(NotUnderstood, match=r"Say which commitment: missed of Ana: c1 \(ask legal\)\."):
        decide(play.state, c.CloseCommitment(by="Ana", how="done"), play.now)
    play.do(c.CloseCommitment(by="Ana", commitment="c1", how="done"))
    (one,) = shown(play)
    assert (one.standing, one.late) == ("done", False)


def test_the_same_promise_is_one_promise() -> None:
    play = promised()
    assert play.do(c.MakeCommitment(by="Ana", what="Ask  legal", due=DUE)) == ()
    assert len(play.do(c.MakeCommitment(by="Ben", what="ask legal", due=DUE))) == 1


REFUSED: list[tuple[c.Command, type[BstError], str]] = [
    (c.MakeCommitment(by="Ana", what="x", due=date(2026, 1, 3)), NotUnderstood, "2026-01-03 is over"),
    (c.CloseCommitment(by="Ben", commitment="c1", how="done"), NotUnderstood, "c1 is a promise of Ana"),
    (c.CloseCommitment(by="Ben", how="done"), NotUnderstood, "Ben has no commitment that is open or missed"),
    (c.CloseCommitment(by="Ana", commitment="c9", how="done"), NotUnderstood, r"open of Ana: c1 \(ask"),
]


@pytest.mark.parametrize(("command", "error", "words"), REFUSED, ids=str)
def test_what_cannot_be_is_refused(command: c.Command, error: type[BstError], words: str) -> None:
    play = promised()
    with pytest.raises(error, match=words):
        decide(play.state, command, play.now)


def test_a_team_promises_no_more_than_it_keeps() -> None:
    play = promised()
    for number in range(OPEN_AT_MOST - 1):
        play.do(c.MakeCommitment(by="Ana", what=f"thing {number}", due=DUE))
    with pytest.raises(WrongStage, match="20 commitments are open already"):
        decide(play.state, c.MakeCommitment(by="Ben", what="y", due=DUE), play.now)


_member = st.sampled_from(MEMBERS)
_steps = st.lists(
    st.one_of(
        st.builds(
            c.MakeCommitment,
            by=_member,
            what=st.sampled_from(["a", "b", "c"]),
            due=st.dates(date(2026, 1, 1), date(2026, 3, 1)),
        ),
        st.builds(
            c.CloseCommitment,
            by=_member,
            commitment=st.sampled_from([None, "c1", "c2", "c3"]),
            how=st.sampled_from(["done", "missed"]),
        ),
        st.just(c.PassTime()),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=timedelta(seconds=2))
@given(_steps, st.sampled_from(["stability", "optimization"]), st.integers(0, 3))
def test_no_commitment_ever_changes_a_gate_or_its_evidence(steps: Any, stage: Any, days: int) -> None:
    play = begun(drift={"cycle": "13 weeks"}).to(stage)
    before, said = evaluate(play.state), notices.attention(play.state)
    contributions = together(play.state).contributions
    ballots, outcome = play.state.ballots, together(play.state).results
    for command in steps:
        play.now += timedelta(hours=days)
        play.do(command)
    assert evaluate(play.state) == before
    assert evaluate(play.state).digest == before.digest
    assert (play.state.ballots, together(play.state).results) == (ballots, outcome)
    assert notices.attention(play.state) == said
    assert together(play.state).contributions == contributions
