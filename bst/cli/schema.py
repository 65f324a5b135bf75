"""`bst schema`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples("bst schema > charter.schema.json", "bst schema --markdown > charter.md")
)
@click.option(
    "--json/--markdown",
    "as_json",
    default=True,
    help="The JSON Schema (unless said otherwise), or the reference of all keys and codes.",
)
def command(*, as_json: bool) -> None:
    """Print the JSON Schema of charters.

    Editors complete, explain and check a charter by it when its first line is
    `# yaml-language-server: $schema=charter.schema.json`.
    """
    if as_json:
        from bst.charter_schema import schema_text

        click.echo(schema_text(), nl=False)
    else:
        from bst.charter_reference import reference

        click.echo(reference(), nl=False)
