"""`bst facilitate`: whose turn it is, by rule."""

import click

from bst.cli import options


@click.group(
    epilog=options.examples("bst facilitate next claims --by Maria", "bst facilitate swap claims --by Tom"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Hand the facilitation on. Nobody has it twice before all were offered a turn."""


@command.command("next", epilog=options.examples("bst facilitate next claims --by Maria"))
@options.team
@options.by
@options.as_json
def next_(team: str, by: str, *, as_json: bool) -> None:
    """The meeting is over: name the next facilitator, in the charter's order."""
    _hand_on(team, by, "next", "", as_json=as_json)


@command.command("skip", epilog=options.examples('bst facilitate skip claims --by Ben --note "on leave"'))
@options.team
@options.by
@options.note("Why.")
@options.as_json
def skip(team: str, by: str, note: str, *, as_json: bool) -> None:
    """Pass over whoever has the turn, who was offered it all the same."""
    _hand_on(team, by, "skip", note, as_json=as_json)


@command.command("swap", epilog=options.examples("bst facilitate swap claims --by Tom"))
@options.team
@options.by
@options.note("Why.")
@options.as_json
def swap(team: str, by: str, note: str, *, as_json: bool) -> None:
    """Take the turn of whoever has it, who gets one later in the round."""
    _hand_on(team, by, "swap", note, as_json=as_json)


def _hand_on(team: str, by: str, how: str, note: str, *, as_json: bool) -> None:
    from bst.cli.asking import tell
    from domain.commands import PassFacilitation

    tell(team, PassFacilitation, as_json=as_json, by=by, how=how, note=note)
