"""The section of a journey's page on the team itself: how it works together."""

from collections.abc import Iterator
from typing import Final

from domain.state import State
from domain.together.views import CommitmentView, ResultView, TogetherView, together
from domain.wording import figure, named
from workflows.markdown import text
from workflows.sections import Section

# Characters of one cell and of one line.
_CELL: Final = 300


def team(state: State) -> Section:
    """How the team works together: whose turn it is, what is promised, what the detectors count."""
    return Section("the team", ("## The team", ""), tuple(_lines(state, together(state))), 1500)


def _lines(state: State, here: TogetherView) -> Iterator[str]:
    for result in here.results:
        yield f"- {text(_result(state, result), _CELL)}"
    if here.facilitator is not None:
        yield f"- {text(here.facilitator)} facilitates"
    for share in here.shares:
        counted = f"{share.count} of {share.of}, flagged above {share.limit:.0%}"
        yield f"- {share.flag.replace('_', ' ')}: {counted}"
    if here.evenness is not None:
        yield (
            f"- unevenness of the newest {here.contributions} contributions: {here.evenness:.2f} "
            "(0 everybody alike, 1 one person alone; shown, never deciding)"
        )
    if here.work or here.work_done:
        yield f"- work items: {len(here.work)} open, {here.work_done} done, {here.work_dropped} dropped"
    yield from (f"- {text(_commitment(one), _CELL)}" for one in here.commitments)


def _result(state: State, result: ResultView) -> str:
    outcome = state.charter.outcome
    value = "no value" if result.value is None else figure(result.value, outcome.unit, outcome.measure)
    people = named(f"{name} ({function})" for name, function in result.team.items())
    word = "reached" if result.reached else "missed"
    return f"{result.occasion}: the outcome was {word} ({value}) by the team of {people}"


def _commitment(one: CommitmentView) -> str:
    standing = f"{one.standing}{', late' if one.late else ''}"
    return f"{one.owner}: {one.what} by {one.due.isoformat()}, {standing}"
