"""`bst list`."""

from typing import TYPE_CHECKING, Final

import click

from bst.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from bst.overview import Row

# From here on four digits would be written as 1.234e+04.
WHOLE_FROM: Final = 10_000


@click.command(epilog=options.examples("bst list", "bst list --json | jq '.[] | select(.attention != [])'"))
@options.as_json
def command(*, as_json: bool) -> None:
    """List every journey; works while no worker runs.

    It reads search attributes alone, so a row may be a moment behind `bst status`.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json

    rows = ask(lambda journeys: journeys.list())
    if as_json:
        show_json(rows)
    elif rows:
        show(_table(rows))
    else:
        click.echo("No journey has started: `bst start CHARTER`.")


def _table(rows: "tuple[Row, ...]") -> "Table":
    from rich.table import Table

    from bst.cli.printing import text
    from domain.wording import moment

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("team")
    table.add_column("stage")
    table.add_column("gate")
    for number in ("outcome", "gap"):
        table.add_column(number, justify="right", no_wrap=True)
    table.add_column("next period", no_wrap=True)
    table.add_column("attention", style="yellow")
    for row in rows:
        ended = row.execution != "running"
        stage = row.stage or "starting"
        # A journey that reached its end has completed; anything else was ended from outside.
        odd = f" ({row.execution})" if ended and row.execution != "completed" else ""
        table.add_row(
            text(row.team),
            text(stage + odd),
            text("" if ended else row.gate or ""),
            _number(row.outcome),
            _number(row.gap),
            "" if row.next_period is None else moment(row.next_period).removesuffix(" UTC"),
            text(", ".join(row.attention)),
        )
    return table


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if abs(value) < WHOLE_FROM else f"{value:,.0f}"
