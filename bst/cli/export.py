"""`bst export`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.journal_file import Manifest

STDOUT: Final = "-"


@click.command(
    epilog=options.examples(
        "bst export claims",
        "bst export claims -o claims-2031-06.jsonl",
        "bst export claims -o - | gzip > claims.jsonl.gz",
    )
)
@options.team
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to: TEAM.journal.jsonl if not said, `-` for standard output.",
)
@options.as_json
def command(team: str, output: str | None, *, as_json: bool) -> None:
    """Write a journey's journal into a file that `bst verify` checks on any machine.

    JSON lines: a manifest of versions and counts, each event as it is stored, and a digest of it all. What is
    on its way to the journal, as a rule the newest measurement, is not in it; where a server and a worker
    answer, it is said how much that is. Answers on an open ballot are sealed: while there are any, the file
    ends with the last moment before them. A file is never overwritten: an older one shows that a newer
    continues it.
    """
    from bst.cli.on_their_way import told
    from bst.cli.printing import show_json
    from bst.journal_file import write
    from bst.journal_sealed import open_part
    from bst.journal_view import whole
    from bst.settings import Settings

    kept, held_back = open_part(whole(Settings.from_environment().journal, team))
    if output == STDOUT:
        manifest = write(sys.stdout.buffer, kept, held_back=held_back)
        sys.stdout.buffer.flush()
    else:
        path = Path(output or f"{team}.journal.jsonl")
        manifest = write(path, kept, held_back=held_back)
        if as_json:
            show_json({"file": str(path), "manifest": manifest.model_dump(mode="json")})
            return
    newer = told(team, manifest.count + held_back)
    for line in (*_said(manifest, output or f"{team}.journal.jsonl"), *([newer] if newer else [])):
        click.echo(line, err=output == STDOUT)


def _said(manifest: "Manifest", output: str) -> list[str]:
    from domain.wording import so_many

    name = "standard output" if output == STDOUT else output
    lines = [
        f"{manifest.team}: {so_many(manifest.count, 'event')} in {name}",
        f"last hash: {manifest.last_hash}",
    ]
    if manifest.held_back:
        lines.append(
            f"{so_many(manifest.held_back, 'later event')} held back: answers on an open ballot are sealed "
            "until it closes. Export again then."
        )
    if output != STDOUT:
        lines.append(
            "Keep a copy where nobody who can write the journal can change it. Whether a later journal "
            f"continues it: bst verify {manifest.team} --against {output}"
        )
    return lines
