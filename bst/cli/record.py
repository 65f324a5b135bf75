"""`bst record`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        'bst record claims "complaints by phone" --period 2027-02-08 --value 14 --by Maria',
        'bst record claims "calls answered at once" --period 2027-02-08 --value 52/60 --by Maria',
        'bst record claims --period 2027-02-08 --value 4.5 --note "two files were lost" --by Maria',
    )
)
@options.team
@click.argument("metric", required=False)
@options.by
@click.option("--period", required=True, metavar="DATE", help="Any date in the period, which has to be over.")
@click.option(
    "--value",
    required=True,
    metavar="NUMBER",
    help="The number; for a share, how many of how many, such as 52/60.",
)
@click.option("--note", default="", metavar="TEXT", help="How it was counted.")
@options.as_json
def command(
    team: str, metric: str | None, by: str, period: str, value: str, note: str, *, as_json: bool
) -> None:
    """Record what only people can count, for one period, or correct it.

    METRIC is one whose source in the charter is `kind: manual`; the outcome's if not given. Any member may
    record it. The journal has who recorded what.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_receipt

    numbers = _numbers(value)
    receipt = ask(lambda journeys: journeys.record(team, metric, by=by, period=period, note=note, **numbers))
    show_receipt(receipt, as_json=as_json)


def _numbers(text: str) -> dict[str, float]:
    """Return the number, or numerator and denominator.

    Raises:
        click.BadParameter: it is neither.
    """
    names = ("numerator", "denominator") if "/" in text else ("value",)
    try:
        return {name: float(part) for name, part in zip(names, text.split("/"), strict=True)}
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no number: write 14 or 4.5, and for a share 52/60.", param_hint="'--value'"
        ) from None
