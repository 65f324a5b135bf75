"""`bst consent`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.client import Journeys
    from domain.views import Receipt


@click.command(
    epilog=options.examples(
        "bst consent claims --by Maria",
        'bst consent claims --by Ben --note "I would have waited for July"',
        "bst consent claims --by Ben --for Ana",
        "bst consent claims --by Ben --ballot b3 --digest 3fa2b1c4d5e6 --yes",
    )
)
@options.team
@options.by
@options.ballot
@options.digest
@click.option(
    "--note",
    "--preference",
    "note",
    default="",
    metavar="TEXT",
    help="A preference: recorded and shown, and it does not block.",
)
@options.absent
@options.yes
@options.as_json
def command(  # noqa: PLR0913 - one for each option
    team: str,
    by: str,
    ballot: str | None,
    digest: str | None,
    note: str,
    absent: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Consent to a proposal: good enough for now, safe enough to try.

    What you would have liked better goes into --preference: everybody sees it when the ballot closes, and
    it holds nothing up.

    On a terminal it shows what the ballot is about and asks. Your answer carries the digest of that
    evidence: if it has changed meanwhile, the answer is refused and you look again.
    """
    from bst.cli.asking import ask, interactive
    from bst.cli.ballots import evidence_read, shown_and_asked
    from bst.cli.printing import show_receipt

    if not yes and interactive(as_json=as_json):
        ballot, digest = shown_and_asked(team, ballot, digest)

    async def consent(journeys: "Journeys") -> "Receipt":
        read = await evidence_read(journeys, team, ballot, digest)
        return await journeys.consent(team, by=by, ballot=ballot, digest=read, note=note, on_behalf_of=absent)

    show_receipt(ask(consent), as_json=as_json)
