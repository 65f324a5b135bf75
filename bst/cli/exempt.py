"""`bst exempt`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.commands import OfMembers


@click.command(
    epilog=options.examples(
        'bst exempt claims --by Ben --reason "the payment system is replaced" --until 2027-07-31',
        'bst exempt claims --revoke --by Aisha --reason "it is done sooner"',
    )
)
@options.team
@options.by
@options.reason("Why the numbers may be bad for a time; or why it is revoked.")
@click.option("--until", metavar="DATE", help="Its last day, at most 90 days ahead.")
@options.revises
@click.option("--revoke", is_flag=True, help="End an exemption before its day; any member may, at once.")
@options.as_json
def command(
    team: str,
    by: str,
    reason: str,
    until: str | None,
    revises: str | None,
    *,
    revoke: bool,
    as_json: bool,
) -> None:
    """Propose that the team stays in its stage for a time, whatever the numbers say.

    A ballot opens. It takes the consent of every member of every function but yours; your own colleagues may
    object like anybody, and need not answer. While it lasts no grace period begins and none ends the
    stage. It waives no criterion, is shown everywhere, and ends by itself.
    """
    from bst.asked import sent
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt
    from domain.commands import ProposeExemption, RevokeExemption

    if revoke == (until is not None):
        raise click.UsageError("Say --until DATE, or --revoke.")
    said: OfMembers = (
        sent(RevokeExemption, by=by, reason=reason)
        if revoke
        else sent(ProposeExemption, by=by, reason=reason, until=until, revises=revises)
    )
    show_receipt(ask(lambda journeys: journeys.send(team, said)), as_json=as_json)
