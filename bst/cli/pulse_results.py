"""`bst pulse status` and `bst pulse results`."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.pulses.views import ClosedPulseView, PulseView

_ARROWS = {"up": "↑", "down": "↓", "same": "→"}


@click.command(epilog=options.examples("bst pulse status claims"))
@options.team
@options.as_json
def status(team: str, *, as_json: bool) -> None:
    """Show whether a pulse is open and how many have answered; never who, and no answer.

    How many have answered is read from the answers database (BST_ANSWERS).
    """
    from activities.answers.errors import NothingAsked
    from bst.answering import answers
    from bst.cli.printing import show_json
    from domain.wording import moment

    pulse = _pulse(team)
    answered: int | None = None
    if pulse.open is not None:
        with answers() as store, suppress(NothingAsked):
            answered = store.asked(team).answered
    if as_json:
        show_json(pulse.model_dump(mode="json", exclude={"closed"}) | {"answered": answered})
    elif pulse.open is not None:
        came = "not taken yet" if answered is None else f"{answered} of {pulse.open.invited} answered"
        click.echo(f"Pulse p{pulse.open.number} is open until {moment(pulse.open.closes_at)}: {came}.")
        click.echo(f"Nothing is shown before it closes, and nothing below {pulse.open.k} answers.")
    else:
        next_one = (
            "none is due by itself" if pulse.next_at is None else f"the next opens {moment(pulse.next_at)}"
        )
        click.echo(f"No pulse is open: {next_one}.")


@click.command(epilog=options.examples("bst pulse results claims"))
@options.team
@options.as_json
def results(team: str, *, as_json: bool) -> None:
    """Show what was released of the newest closed pulse: bands, for the whole team.

    Exit code 1 while none has closed: nothing is shown before.
    """
    from bst.cli.printing import show_json
    from domain.errors import DidNotHold

    closed = _pulse(team).closed
    if closed is None:
        raise DidNotHold("No pulse has closed yet, and nothing is shown before one does.")
    if as_json:
        show_json(closed)
        return
    for line in result_lines(closed):
        click.echo(line)


def result_lines(closed: "ClosedPulseView") -> Iterator[str]:
    """Yield the released result, a line each."""
    from domain.pulses.questions import BY_ID
    from domain.wording import moment

    yield f"Pulse p{closed.number}, closed {moment(closed.closed_at)}"
    if closed.lost:
        yield f"No result: {closed.lost}."
        return
    yield f"{closed.answered} of {closed.invited} answered (at least {closed.k} needed to show anything)."
    if not closed.scales:
        yield "Not enough answers: they were destroyed, and the pulse cannot be judged."
        return
    for scale, band in closed.scales.items():
        arrow = f" {_ARROWS[closed.trend[scale]]}" if closed.trend else ""
        yield f"\n{scale}: {band}{arrow}"
        for item, of_item in closed.items.items():
            if BY_ID[item].scale == scale:
                turned = " (counted the other way round)" if BY_ID[item].reversed else ""
                yield f"  {of_item:<5}  {BY_ID[item].text}{turned}"
    if closed.trend is None:
        yield "\nNo trend: there is no pulse before it, other statements, or a change of one or two members."
    if closed.alike:
        yield "\nMany gave the same number to every statement: take these bands with care."
    yield "\nTalk about it together. Nobody is asked to say what they answered."


def _pulse(team: str) -> "PulseView":
    from bst.cli.asking import ask
    from domain.errors import DidNotHold

    pulse = ask(lambda journeys: journeys.status(team)).pulse
    if pulse is None:
        raise DidNotHold(
            f"The charter of {team} asks for no pulse: add `pulse: {{}}` to it with `bst amend`."
        )
    return pulse
