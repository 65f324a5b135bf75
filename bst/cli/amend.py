"""`bst amend`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        'bst amend claims claims.yaml --by Ana --reason "Dora joins us"',
        'bst amend claims claims.yaml --by Ben --reason "a trial first, as Ana asked" --revises b5',
    )
)
@options.team
@click.argument("charter")
@options.by
@options.reason("Why the charter should change; everybody sees it.")
@options.revises
@options.as_json
def command(team: str, charter: str, by: str, reason: str, revises: str | None, *, as_json: bool) -> None:
    """Propose another charter.

    CHARTER is the whole file as it should be. It is checked first; then a ballot opens, and when everybody
    consents it replaces the present one. While the team forms it does so at once, and everybody confirms
    the outcome anew. An amendment that only takes members out is decided by the others: who is taken out
    may object, and blocks it as anybody would, but silence does not when time is up.
    """
    from bst.charter_file import load
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt, show_warnings

    loaded = load(charter)
    show_warnings(loaded, as_json=as_json)
    receipt = ask(
        lambda journeys: journeys.amend(team, loaded.charter, by=by, reason=reason, revises=revises)
    )
    show_receipt(receipt, as_json=as_json)
