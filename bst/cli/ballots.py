"""What a ballot is about, shown before it is answered."""

from typing import TYPE_CHECKING, Final

from bst.asked import chosen
from bst.cli.asking import ask, sure
from bst.cli.printing import show, text
from bst.cli.status_page import ballot_words, checklist
from domain.errors import NoSuchBallot, StaleEvidence
from domain.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from bst.client import Journeys
    from domain.ballot_views import Ballots, BallotView
    from domain.views import Status

# Hexadecimal digits. Fewer could fit another evidence by chance (6 of them: once in 17 million).
SHORTEST_DIGEST: Final = 6


def shown_and_asked(team: str, ballot: str | None, digest: str | None) -> tuple[str, str]:
    """Show the ballot with its evidence, ask, and return its id and the digest of what was shown.

    Raises:
        NoSuchBallot: none is open, or it is not clear which one is meant.
        StaleEvidence: `digest` is of other evidence than the ballot's.
    """
    view, status = ask(lambda journeys: _both(journeys, team, ballot))
    read = _whole(view, digest)
    show(text(f"{status.team} · {status.statement}", "bold"), text(ballot_words(view)))
    if view.kind == "advance":
        show(*checklist(status))
    sure("\nGood enough for now, safe enough to try: do you consent?")
    return view.id, read


def ballots_page(ballots: "Ballots") -> "Iterator[RenderableType]":
    """Yield the open ballots, and the last closed one with its answers."""
    yield text(f"{ballots.team} · {len(ballots.open) or 'no'} open", "bold")
    for view in ballots.open:
        yield text(f"\n{ballot_words(view)}")
    last = ballots.last
    if last is None or last.outcome is None:
        return
    yield text(f"\nLast closed: {last.id}, {last.outcome.replace('_', ' ')}", "bold")
    yield text(f"{last.proposal}\n{last.reason}")
    if last.outcome == "withdrawn" and last.answered:
        yield text("  What was answered stays sealed: the same may be asked again.")
    for who, answer in (last.answers or {}).items():
        yield text(f"  {who}: {answer.said}")
    for who in last.waiting_for:
        yield text(f"  {who}: no answer")
    for question in last.questions:
        yield text(f"  {question.said}")


async def evidence_read(
    journeys: "Journeys", team: str, ballot: str | None, digest: str | None
) -> str | None:
    """Return the whole digest that a person gave the beginning of; None when none was given.

    Raises:
        StaleEvidence: the ballot is about other evidence.
    """
    if digest is None:
        return None
    view = chosen(await journeys.ballot(team), ballot)
    return digest if view is None else _whole(view, digest)


async def _both(journeys: "Journeys", team: str, ballot: str | None) -> "tuple[BallotView, Status]":
    ballots, status = await journeys.ballot(team), await journeys.status(team)
    view = chosen(ballots, ballot)
    if view is None:
        raise NoSuchBallot(_which(ballots, ballot))
    return view, status


def _which(ballots: "Ballots", ballot: str | None) -> str:
    if not ballots.open:
        last = f" The last one, {ballots.last.id}, closed: {ballots.last.reason}." if ballots.last else ""
        return f"No ballot is open.{last}"
    there = named(view.id for view in ballots.open)
    if ballot is None:
        return f"Several ballots are open: say which one with --ballot, {there}."
    return f"No open ballot is called {ballot!r}: open is {there}."


def _whole(view: "BallotView", digest: str | None) -> str:
    if digest is None:
        return view.digest
    if len(digest) < SHORTEST_DIGEST or not view.digest.startswith(digest.lower()):
        raise StaleEvidence(
            f"You read evidence {digest}, and ballot {view.id} is about {view.digest[:12]}: look at it "
            "again, then answer."
        )
    return view.digest
