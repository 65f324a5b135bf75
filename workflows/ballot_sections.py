"""The sections of a journey's page about ballots and people's tasks; `domain.views` seals the answers."""

from collections.abc import Iterator
from typing import Final

from domain import ballot_views, views
from domain.state import State
from domain.wording import moment, named
from workflows import how_to
from workflows.markdown import code, text
from workflows.sections import CELL, WORDS, Section

# Characters of a digest, as `bst status` shows them: enough to tell two apart.
_DIGEST: Final = 12


def ballots(state: State) -> Section:
    """What is asked, by when, who has yet to answer, and how; never what a sealed answer says."""
    return Section(
        "ballots",
        (),
        tuple("\n".join(_ballot(state, ballot)) for ballot in ballot_views.ballots(state).open),
        2200,
    )


def last_ballot(state: State) -> Section:
    """The newest closed ballot with its answers, unless it was withdrawn: then they stay sealed."""
    closed = ballot_views.ballots(state).last
    if closed is None or closed.outcome is None:
        return Section("answers of the last ballot", (), (), 0)
    head = (
        f"## Last ballot {text(closed.id)}: {closed.outcome.replace('_', ' ')}",
        "",
        f"To {text(closed.proposal, WORDS)}. {text(closed.reason, WORDS)}",
        "",
    )
    answers = closed.answers or {}
    rows = [f"- {text(who)}: {text(answer.said, CELL)}" for who, answer in answers.items()]
    rows += [f"- {text(who)}: no answer" for who in closed.waiting_for]
    return Section("answers of the last ballot", head, tuple(rows), 1500)


def duties(status: views.Status) -> Section:
    """What each member has yet to do."""
    rows = [f"- **{text(who)}**: {text('; '.join(todo), WORDS)}" for who, todo in status.duties.items()]
    rows += [
        f"- {text(absent)} is absent until {moment(given.until)}: {text(given.to)} may answer"
        for absent, given in status.absent.items()
    ]
    return Section("what each member has yet to do", ("## Yet to do", ""), tuple(rows), 1500)


def _ballot(state: State, ballot: ballot_views.BallotView) -> Iterator[str]:
    team, waiting = state.charter.team, ballot.waiting_for
    people = named(f"{member} ({state.charter.members.get(member, 'left the team')})" for member in waiting)
    total = len(ballot.answered) + len(waiting)
    yield f"## Ballot {text(ballot.id)}, open until {moment(ballot.closes_at)}"
    yield ""
    yield f"**To {text(ballot.proposal, WORDS)}?**"
    if ballot.changes:
        yield ""
        yield from (f"- {text(change, WORDS)}" for change in ballot.changes)
    yield from _mended(ballot)
    yield ""
    yield (
        f"Round {ballot.round}; {len(ballot.answered)} of {total} have answered, sealed until all have or it "
        f"closes. Still to answer: **{text(people, WORDS)}**. Evidence: `{ballot.digest[:_DIGEST]}`."
        + _voices(ballot)
    )
    yield ""
    yield from (f"- {text(question.said, WORDS)}" for question in ballot.questions)
    if ballot.questions:
        yield ""
    someone = waiting[0] if waiting else ballot.answered[0]
    yield from code(
        (
            how_to.bst("consent", team, "--by", someone, "--ballot", ballot.id),
            how_to.bst("object", team, "--by", someone, "--ballot", ballot.id) + " \\",
            "    --kind harms_outcome --reason 'what would go wrong'",
            *how_to.update(state.charter, "consent", {"by": someone, "ballot": ballot.id}),
        )
    )
    yield ""
    yield how_to.here(state.charter, "Send an Update", "consent")
    yield ""


def _mended(ballot: ballot_views.BallotView) -> Iterator[str]:
    if ballot.revises:
        yield ""
        yield f"It mends {text(ballot.revises)}, by this difference:"
        yield ""
        yield from (f"- {text(line, WORDS)}" for line in ballot.revised)


def _voices(ballot: ballot_views.BallotView) -> str:
    """Return who answered for whom, and whose silence does not count."""
    said = "".join(f" {text(by)} answered for {text(who)}." for who, by in ballot.answered_for.items())
    return said + (f" May stay silent: {text(named(ballot.excused), CELL)}." if ballot.excused else "")
