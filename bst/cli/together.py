"""`bst together`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from domain.together.views import TogetherView


@click.command(epilog=options.examples("bst together claims", "bst together claims --json | jq .evenness"))
@options.team
@options.as_json
def command(team: str, *, as_json: bool) -> None:
    """Show how a team works together: exchange, drift, promises, results.

    What each function needs, cannot do and can do; work items; the flags of drift and what is counted for
    them; whose turn it is to facilitate; commitments; how evenly people take part; and whether the outcome
    was reached, with the whole team of that date. Nothing here compares teams, or members with one another.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json

    found = ask(lambda journeys: journeys.together(team))
    if as_json:
        show_json(found)
    else:
        show(*_page(found))


def _page(found: "TogetherView") -> Iterator["RenderableType"]:
    from bst.cli.commit import commitment_lines
    from bst.cli.exchange import exchange_lines
    from bst.cli.printing import text
    from bst.cli.work import work_lines

    parts = {
        "Results": _results(found),
        "Exchange": exchange_lines(found),
        "Work": work_lines(found),
        "Drift": _drift(found),
        "Facilitation": _facilitation(found),
        "Commitments": commitment_lines(found),
    }
    for title, lines in parts.items():
        yield text(f"\n{title}", "bold")
        for line in lines:
            yield text(line)


def _results(found: "TogetherView") -> Iterator[str]:
    from domain.wording import moment, named

    if not found.results:
        yield "None yet: the deadline is still to come, and the journey goes on."
    for result in found.results:
        people = named(f"{name} ({function})" for name, function in result.team.items())
        value = "no value" if result.value is None else f"{result.value:g}"
        yield (
            f"{result.occasion} on {moment(result.at)}: {'reached' if result.reached else 'missed'}, {value} "
            f"for a target of {result.target:g}. The team: {people}"
        )


def _drift(found: "TogetherView") -> Iterator[str]:
    from domain.wording import moment

    for flag in found.flags:
        then = "holds the next gate"
        if not flag.held and flag.holds_at is not None:
            then = f"will hold the next gate on {moment(flag.holds_at)}"
        yield f"{flag.flag} since {moment(flag.since)}, {then}: {flag.meaning}; {flag.why}"
        if flag.said:
            yield f"  {flag.said} (the word of a member of another function lifts it)"
        yield f'  bst retrospective {found.team} {flag.flag} --by NAME --reason "..."'
    for share in found.shares:
        counted = f"{share.count} of {share.of}, flagged above {share.limit:.0%}"
        yield f"{share.flag.replace('_', ' ')}: {counted}"
    if not found.drift_asked:
        yield "Nothing is counted: the charter has no `drift`."
    for words in found.too_little:
        yield f"Too little yet to be counted, {words}"
    if found.evenness is not None:
        yield (
            f"Unevenness of the newest {found.contributions} contributions: {found.evenness:.2f} "
            "(0 everybody alike, 1 one person alone). Shown, and never deciding."
        )


def _facilitation(found: "TogetherView") -> Iterator[str]:
    from domain.wording import named

    if found.facilitator is None:
        yield f"Nobody facilitates yet: bst facilitate next {found.team}"
        return
    yield f"{found.facilitator} facilitates; offered a turn in this round: {named(found.offered)}"
