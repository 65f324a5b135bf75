"""`bst schema`."""

import click

from bst.cli import options


@click.command(
    epilog=options.examples(
        "bst schema > charter.schema.json",
        "bst schema --markdown > charter.md",
        "bst schema --criteria > criteria.md",
    )
)
@click.option(
    "--json", "form", flag_value="json", default=True, help="The JSON Schema, unless said otherwise."
)
@click.option("--markdown", "form", flag_value="markdown", help="The reference of all keys and codes.")
@click.option(
    "--criteria", "form", flag_value="criteria", help="The reference of the criteria, with examples."
)
def command(form: str) -> None:
    """Print the JSON Schema of charters, or a reference.

    Editors complete, explain and check a charter by the schema when its first line is
    `# yaml-language-server: $schema=charter.schema.json`.
    """
    if form == "json":
        from bst.charter_schema import schema_text

        click.echo(schema_text(), nl=False)
    elif form == "markdown":
        from bst.charter_reference import reference

        click.echo(reference(), nl=False)
    else:
        from bst.criteria_reference import criteria_reference

        click.echo(criteria_reference(), nl=False)
