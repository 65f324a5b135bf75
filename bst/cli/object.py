"""`bst object`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.ballots import ObjectionKind
    from domain.views import Receipt

# As `domain.ballots.ObjectionKind`, which a test compares: importing it costs 0.2 s of every `--help`.
KINDS = ("harms_outcome", "stops_my_work", "irreversible")


@click.command(
    epilog=options.examples(
        'bst object claims --by Ben --kind harms_outcome --reason "June was counted twice"',
        'bst object claims --by Ben --kind irreversible --reason "no way back" --fix "a trial of four weeks"',
        'bst object claims --by Ana --kind stops_my_work --reason "my team has no access yet" --ballot b3',
    )
)
@options.team
@options.by
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    required=True,
    help="What the harm is. A preference is no objection: consent with a --note.",
)
@options.reason("What would happen, so that the proposal can be mended.")
@click.option(
    "--fix", default="", metavar="TEXT", help="What would mend it, if you know: for the next round."
)
@options.absent
@options.ballot
@options.digest
@options.as_json
def command(  # noqa: PLR0913, PLR0917 - one for each option
    team: str,
    by: str,
    kind: "ObjectionKind",
    reason: str,
    fix: str,
    absent: str | None,
    ballot: str | None,
    digest: str | None,
    *,
    as_json: bool,
) -> None:
    """Object to a proposal that would do harm, with a reason.

    One objection keeps the gate shut. What it says is shown when everybody has answered or the ballot
    closes; a mended proposal comes back in another round, with what is different (--revises). What would
    mend it goes into --fix.
    """
    from bst.cli.asking import ask
    from bst.cli.ballots import evidence_read
    from bst.cli.printing import show_receipt

    async def raised(journeys: "Journeys") -> "Receipt":
        read = await evidence_read(journeys, team, ballot, digest)
        return await journeys.object(
            team, by=by, kind=kind, reason=reason, fix=fix, ballot=ballot, digest=read, on_behalf_of=absent
        )

    show_receipt(ask(raised), as_json=as_json)
