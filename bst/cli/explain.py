"""`bst explain`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        'bst explain claims 2027-02-08 --by Maria --cause "the storm closed two offices"',
        'bst explain claims 2027-02-08 --by Maria --metric complaints --cause "counted twice"',
    )
)
@options.team
@click.argument("period")
@options.by
@click.option("--cause", required=True, metavar="TEXT", help="What happened then.")
@click.option("--metric", metavar="NAME", help="Which metric; the outcome's if not given.")
@options.revises
@options.as_json
def command(
    team: str,
    period: str,
    by: str,
    cause: str,
    metric: str | None,
    revises: str | None,
    *,
    as_json: bool,
) -> None:
    """Propose to take a signal on the chart as explained.

    PERIOD is any date in it. A ballot opens; when everybody consents, the point stays on the chart and
    stops counting.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    said = {"by": by, "period": period, "cause": cause, "metric": metric, "revises": revises}
    receipt = ask(lambda journeys: journeys.explain(team, **said))
    show_receipt(receipt, as_json=as_json)
