"""`bst measure`."""

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.views import Evidence, Receipt, Status

# Seconds. Most sources answer in one; one that does not is tried for a minute, and nobody has to wait for it.
PATIENCE_S: Final = 60.0
LOOK_EVERY: Final = timedelta(seconds=0.2)


@click.command(epilog=options.examples("bst measure claims --by Ben"))
@options.team
@options.named
@options.as_json
@click.pass_context
def command(ctx: click.Context, team: str, by: str, *, as_json: bool) -> None:
    """Read the sources now, such as after a file was mended.

    Otherwise a source that failed is read again after a 24th of a period, then twice as long. Reads what a
    measurement that is due would read, at most once a minute. Waits up to a minute for the result, and ends
    with 1 when a source fails.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_json, show_receipt

    receipt, status, evidence = ask(lambda journeys: _measured(journeys, team, by))
    if as_json:
        show_json({"receipt": _plain(receipt), "status": _plain(status), "evidence": _plain(evidence)})
    else:
        show_receipt(receipt, as_json=False)
        if evidence is None:
            click.echo(f"They are being read: `bst status {team}` shows what they gave.")
        else:
            _show(evidence)
    if evidence is not None and any(metric.trouble for metric in evidence.metrics):
        ctx.exit(1)


async def _measured(
    journeys: "Journeys", team: str, by: str
) -> "tuple[Receipt, Status | None, Evidence | None]":
    """Return what the journey said and, when the sources were read in time, how it stands."""
    before = (await journeys.status(team)).measured_at
    receipt = await journeys.measure(team, by=by)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            async for status in journeys.watch(team, every=LOOK_EVERY):
                if status.measured_at != before:
                    return receipt, status, await journeys.evidence(team)
    return receipt, None, None


def _plain(view: "Receipt | Status | Evidence | None") -> object:
    return None if view is None else view.model_dump(mode="json")


def _show(evidence: "Evidence") -> None:
    from bst.cli.printing import show, text
    from domain.wording import figure

    for metric in evidence.metrics:
        if metric.trouble is not None:
            show(text(f"{metric.name}: {metric.trouble}", "red"))
        elif metric.evidence is None or metric.evidence.last_value is None:
            show(text(f"{metric.name}: no value yet"))
        else:
            value = figure(metric.evidence.last_value, metric.unit, metric.measure)
            show(text(f"{metric.name}: {value} ({metric.periods[-1]})"))
