"""Where a team stands, as a page of a terminal: 80 columns are enough."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from bst.cli.options import MEMBER_VARIABLE
from bst.cli.printing import text
from bst.next_steps import next_steps
from domain.ballot_views import BallotView
from domain.notices import TO_ANSWER, TO_READ, TO_RECORD
from domain.state import Delegation
from domain.verdicts import Verdict
from domain.views import Status
from domain.wording import figure, moment, named

if TYPE_CHECKING:
    from rich.console import RenderableType

MARKS: Final = {
    "met": ("✓", "green"),
    "not_met": ("✗", "red"),
    "undecided": ("…", "yellow"),
    "error": ("!", "bold red"),
}
# Characters that a digest of evidence is shown with: enough to tell two apart, and to give to `--digest`.
SHORT_DIGEST: Final = 12


def status_page(status: Status) -> Iterator["RenderableType"]:
    """Yield the parts of the page, top to bottom."""
    yield text(f"{status.team} · {status.stage} since {moment(status.entered_at)}", "bold")
    yield text(status.statement)
    yield text(status.metric)
    yield text(_outcome_line(status))
    if status.told:
        yield text(f"  {status.told}")
    if status.ended:
        yield text(f"Ended: {status.ended}", "bold")
    if status.verdicts:
        yield from checklist(status)
    yield from _titled("Ballots", [ballot_words(ballot) for ballot in status.ballots])
    yield from _titled("Yet to do", [*_duties(status), *_for_anybody(status)])
    yield from _titled("Absent", [_absence(*item) for item in status.absent.items()])
    yield from _titled("Attention", status.notes, "yellow")
    yield from _titled("Milestones", [_milestone(*item) for item in status.milestones.items()])
    if status.next_at is not None:
        yield text(f"\nNext: {moment(status.next_at)}")
    yield from _titled("You can", next_steps(status, os.environ.get(MEMBER_VARIABLE)), "cyan")


def _duties(status: Status) -> Iterator[str]:
    for member, list_ in status.duties.items():
        yield f"{member}: {'; '.join(list_)}"


def _for_anybody(status: Status) -> Iterator[str]:
    """Yield what is of no one member; how many have answered is not the journey's to know."""
    for line in status.waiting:
        if line.startswith(TO_RECORD):
            yield f"somebody: {line.removeprefix('somebody to ')}"
        elif line.startswith(TO_ANSWER):
            asked = line.removeprefix("all members to ")
            yield f"everybody: {asked} (`bst pulse status {status.team}` counts the answers)"
        elif line.startswith(TO_READ):
            asked = line.removeprefix("people outside the team to ")
            yield f"people outside the team: {asked} (`bst readback status {status.team}` counts the answers)"


def checklist(status: Status) -> Iterator["RenderableType"]:
    """Yield the gate: each criterion with what there is and what is needed."""
    from rich.table import Table

    counting = [verdict for verdict in status.verdicts if verdict.counts]
    met = sum(verdict.status == "met" for verdict in counting)
    word, style = ("open", "bold green") if status.gate_open else ("shut", "bold")
    yield text(f"\nThe gate of {status.stage} is {word}: {met} of {len(counting)} met", style)
    table = Table(box=None, padding=(0, 1), show_header=True, header_style="dim", pad_edge=False)
    table.add_column("", no_wrap=True, width=1)
    table.add_column("criterion", ratio=5)
    table.add_column("now", ratio=5)
    table.add_column("needed", ratio=4)
    for verdict in status.verdicts:
        table.add_row(*_verdict_row(verdict))
    yield table


def ballot_words(ballot: BallotView) -> str:
    """Return one ballot in a few lines: what it asks, who has answered, who has not."""
    people = [
        f"{who} (by {ballot.answered_for[who]})" if who in ballot.answered_for else who
        for who in ballot.answered
    ]
    answered = f"answered: {named(people)}" if people else "nobody has answered"
    excused = f"; may stay silent: {named(ballot.excused)}" if ballot.excused else ""
    waiting = f"; not yet: {named(ballot.waiting_for)}" if ballot.waiting_for else ""
    return (
        f"{ballot.id}, round {ballot.round}: {ballot.proposal}\n"
        + "".join(f"  {change}\n" for change in ballot.changes)
        + (f"mends {ballot.revises}, by this difference:\n" if ballot.revises else "")
        + "".join(f"  {line}\n" for line in ballot.revised)
        + "".join(f"  {question.said}\n" for question in ballot.questions)
        + f"{answered}{waiting}{excused}\n"
        f"closes {moment(ballot.closes_at)}, evidence {ballot.digest[:SHORT_DIGEST]}"
    )


def _verdict_row(verdict: Verdict) -> tuple["RenderableType", ...]:
    mark, style = MARKS[verdict.status]
    return (text(mark, style), text(verdict.title), text(verdict.actual), text(verdict.needed, "dim"))


def _outcome_line(status: Status) -> str:
    """Return value, target and gap; short, so that no number is parted from its unit."""
    target = f"target {figure(status.target, status.unit, status.measure)}"
    if status.value is None or status.gap is None:
        return f"  no value yet · {target}"
    value = f"{figure(status.value, status.unit, status.measure)} ({status.period})"
    if status.gap <= 0:
        return f"  {value} · {target}, reached"
    points = f"{status.gap * 100:.1f} points"
    gap = points if status.measure == "share" else figure(status.gap, status.unit, status.measure)
    return f"  {value} · {target} · {gap} to go"


def _absence(absent: str, given: Delegation) -> str:
    return f"{absent} until {moment(given.until)}: {given.to} may answer for {absent}"


def _milestone(name: str, reached: bool) -> str:
    return f"{'✓' if reached else '…'} {name}"


def _titled(title: str, lines: Sequence[str], style: str = "") -> Iterator["RenderableType"]:
    from rich.padding import Padding

    if lines:
        yield text(f"\n{title}", "bold")
        for line in lines:
            yield Padding(text(line, style), (0, 0, 0, 2))
