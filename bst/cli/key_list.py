"""`bst key list`."""

from typing import TYPE_CHECKING, Any

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.keys.folder import Kept
    from domain.statement import Standing


@click.command("list", epilog=options.examples("bst key list", "bst key list claims"))
@click.argument("team", required=False)
@options.as_json
def command(team: str | None, *, as_json: bool) -> None:
    """List your keys, or those that a team's charter lists.

    With a TEAM: each member's public key, how many signatures of theirs have counted, and whether its private
    half is here. Look whether yours is what you made: whoever wrote the charter may have put another there.
    """
    from bst.cli.asking import ask
    from bst.cli.printing import show_json
    from bst.keys.folder import folder, kept

    mine = list(kept(folder()))
    if team is None:
        rows = [{"name": key.name, "public": key.public, "private": _place(key)} for key in mine]
        empty = f"No key is in {folder()}: `bst key new` makes one."
    else:
        name = team
        rows = _of_team(ask(lambda journeys: journeys.standing(name)), mine)
        empty = f"The charter of {team} lists no keys: what its members say counts unsigned."
    if as_json:
        show_json(rows)
    elif not rows:
        click.echo(empty)
    else:
        _show(rows)


def _of_team(about: "Standing", mine: "list[Kept]") -> list[dict[str, Any]]:
    here = {key.public: key for key in mine}
    return [
        {
            "name": member,
            "public": public,
            "signatures": about.numbers.get(member, 0),
            "private": _place(here[public]) if public in here else "",
        }
        for member, public in about.keys.items()
    ]


def _place(key: "Kept") -> str:
    return "keyring" if key.file is None else str(key.file)


def _show(rows: list[dict[str, Any]]) -> None:
    from bst.cli.errors import printable

    for row in rows:
        counted = f", {row['signatures']} signed" if "signatures" in row else ""
        where = f", private half: {row['private']}" if row["private"] else ""
        click.echo(printable(f"{row['name']}: {row['public']}{counted}{where}"))
