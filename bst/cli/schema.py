"""`bst schema`: the charter's JSON Schema for editors, or its reference for people."""

import click


@click.command("schema")
@click.option(
    "--json/--markdown",
    "as_json",
    default=True,
    help="The JSON Schema (unless said otherwise), or the reference of all keys and codes.",
)
def command(*, as_json: bool) -> None:
    """Print the charter's JSON Schema.

    Save it as charter.schema.json and begin charters with
    `# yaml-language-server: $schema=charter.schema.json`: editors then
    complete keys, show what they mean and mark mistakes.
    """
    if as_json:
        from bst.charter_schema import schema_text

        click.echo(schema_text(), nl=False)
    else:
        from bst.charter_reference import reference

        click.echo(reference(), nl=False)
