"""`bst rehearse`."""

from datetime import datetime
from pathlib import Path

import click

from bst.cli import options
from bst.cli.progress import progress

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(
    epilog=options.examples(
        "bst rehearse claims.yaml --from 2030-01-07",
        "bst rehearse claims.yaml --from 2030-01-07 --answers objects:Ben --all",
    )
)
@click.argument("charter")
@click.option(
    "--from", "first", type=_DAY, required=True, metavar="DAY", help="The day on which the team starts."
)
@click.option(
    "--to", "last", type=_DAY, metavar="DAY", help="The last day; without it, as far as the data goes."
)
@click.option(
    "--answers",
    default="consent:2d",
    show_default=True,
    metavar="POLICY",
    help="What members do: consent:2d (all consent two days after a ballot opens), objects:NAME (one objects "
    "once), or a YAML file.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the journal of the rehearsal as `bst export` writes real ones.",
)
@click.option("--all", "every", is_flag=True, help="Show every period, and not only the turning points.")
@options.as_json
def command(
    charter: str,
    first: datetime,
    last: datetime | None,
    answers: str,
    output: Path | None,
    *,
    every: bool,
    as_json: bool,
) -> None:
    """Play a charter over past data: when would each gate have opened, and what would have held it?

    The rules, the evidence and the sources are those of a real journey; its clock is not, and no server is
    needed. Each source is read once. Nothing of it is kept.
    """
    from bst import journal_file
    from bst.charter_file import load
    from bst.cli.printing import show, show_json, show_warnings
    from bst.cli.rehearse_page import page
    from bst.rehearsal import telling
    from bst.rehearsal.answers import answers_of
    from bst.rehearsal.preparing import prepared
    from bst.settings import Settings

    begin, end = first.date(), None if last is None else last.date()
    loaded = load(charter, today=begin)
    policy = answers_of(answers, loaded.charter)
    show_warnings(loaded, as_json=as_json)
    with progress("reading", 1 + len(loaded.charter.metrics), quiet=as_json) as step:
        rehearsal = prepared(loaded.charter, policy, begin, end, Settings.from_environment(), done=step)
    played = rehearsal.play()
    course = telling.told(played)
    if output is not None:
        journal_file.write(output, played.entries(), origin="rehearsal")
    if as_json:
        show_json(telling.document(rehearsal, played, course))
    else:
        show(*page(rehearsal, played, course, every=every))
