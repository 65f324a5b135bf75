"""`bst permissions`."""

from typing import Final

import click

from bst.cli import options

INTRODUCTION: Final = (
    "Every member may do all of this, and nobody may do more: no command has a role. What asks for a ballot "
    "is put to everybody once the team has formed, and comes about with the consent of each alone. Where "
    "the charter lists keys, what is signed counts for nothing without the member's own signature."
)


@click.command(epilog=options.examples("bst permissions", "bst permissions --json"))
@options.as_json
@click.option("--markdown", is_flag=True, help="Print it as a page.")
def command(*, as_json: bool, markdown: bool) -> None:
    """Show what members may do: one table, the same for everybody.

    It is read off the commands that the program has, not written down beside them.
    """
    from bst.cli.printing import show, show_json, text
    from domain.permissions import permissions

    rows = permissions()
    if as_json:
        show_json(rows)
        return
    if markdown:
        click.echo(page(), nl=False)
        return
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title in ("What every member may do", "with", "signed", "ballot"):
        table.add_column(title)
    for row in rows:
        said = ", ".join((*row.needs, *(f"[{name}]" for name in row.may_say)))
        table.add_row(text(f"{row.command}: {row.does}"), text(said), _word(row.signed), _word(row.ballot))
    show(table, text(INTRODUCTION))


def page() -> str:
    """Return docs/permissions.md."""
    from domain.permissions import permissions

    lines = [
        f"| `{row.command}` | {row.does} | {_code(row.needs)} | {_code(row.may_say)} | {_word(row.signed)} "
        f"| {_word(row.ballot)} |"
        for row in permissions()
    ]
    head = ("| command | | needed | optional | signed | ballot |", "| --- | --- | --- | --- | --- | --- |")
    parts = (
        "# Permissions",
        "",
        "The output of `bst permissions --markdown`, which reads it off the commands; a test holds it.",
        "",
        INTRODUCTION,
        "",
        *head,
        *lines,
    )
    return "\n".join(parts) + "\n"


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _word(said: bool) -> str:
    return "yes" if said else ""
