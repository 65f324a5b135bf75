"""`bst verify`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.journal_file import JournalFile, Manifest
    from bst.verification.findings import Verification
    from domain.envelope import Entry

STDIN: Final = "-"


@click.command(
    epilog=options.examples(
        "bst verify claims",
        "bst verify claims.journal.jsonl",
        "bst verify claims --against claims-2031-06.jsonl",
    )
)
@click.argument("journal", metavar="TEAM|FILE")
@click.option(
    "--against",
    metavar="FILE",
    help="An older export, or its first line alone: the journal must continue it.",
)
@options.as_json
def command(journal: str, against: str | None, *, as_json: bool) -> None:
    """Prove a journal: compute all evidence and decide every decision again.

    Of a TEAM the journal at BST_JOURNAL is taken, without what is on its way there, as a rule the newest
    measurement; where a server and a worker answer, it is said how much that is. A name with a dot or a slash
    is a FILE that `bst export` wrote, `-` one from standard input. A file needs neither Temporal nor a
    database. Checked are the chain of hashes, every piece of evidence from its observations, every decision
    from its command and the evidence, and the digest that each ballot is bound to. Ends with 1 when something
    does not hold, and shows the first difference: the event, what is stored, and what it must be.
    """
    from bst.cli.errors import printable
    from bst.cli.on_their_way import told
    from bst.cli.printing import show_json
    from bst.journal_file import read_manifest
    from bst.verification.continuing import difference_from
    from bst.verification.walk import verify

    given = _given(journal)
    older = None if against is None else read_manifest(Path(against))
    found = verify(given.team, given.entries, given.origin)
    if older is not None and found.ok:
        parted = difference_from(older, given.team, given.origin, given.entries)
        found = found.model_copy(update={"ok": parted is None, "difference": parted})
    if as_json:
        show_json(found)
    else:
        for line in _said(found, given.manifest, older):
            click.echo(printable(line))
        newer = told(given.team, len(given.entries)) if given.manifest is None else None
        if newer is not None:
            click.echo(newer)
    if not found.ok:
        click.get_current_context().exit(1)


class _Given(NamedTuple):
    """What is to be verified, and the manifest where it came in a file."""

    team: str
    entries: "Sequence[Entry]"
    origin: Literal["journey", "rehearsal"] = "journey"
    manifest: "Manifest | None" = None


def _given(journal: str) -> _Given:
    if journal == STDIN or "." in journal or "/" in journal:
        file = _file(journal)
        return _Given(file.manifest.team, file.entries, file.manifest.origin, file.manifest)
    from bst.journal_view import whole
    from bst.settings import Settings

    return _Given(journal, whole(Settings.from_environment().journal, journal))


def _file(journal: str) -> "JournalFile":
    from bst.journal_file import read

    return read(sys.stdin.buffer if journal == STDIN else Path(journal))


def _said(found: "Verification", manifest: "Manifest | None", older: "Manifest | None") -> Iterator[str]:
    from domain.envelope import SHORT_HASH
    from domain.wording import so_many

    title = f"REHEARSAL of {found.team}" if found.origin == "rehearsal" else found.team
    yield f"{title}: {so_many(found.count, 'event')} from {found.begins_at[:10]} to {found.ends_at[:10]}"
    if manifest is not None and manifest.held_back:
        yield f"{so_many(manifest.held_back, 'later event')} held back: answers on an open ballot are sealed."
    if found.difference is not None:
        yield from _counted(found)
        yield f"It does not hold. {found.difference.sentence}"
        return
    last = f"{found.last_hash[:SHORT_HASH]}..."  # all of it is in --json, and in an export's manifest
    yield f"  chain         each event carries the hash of the one before; the last is {last}"
    if found.hashed < found.count:
        yield f"                (of event {found.hashed}: later ones cover answers on an open ballot)"
    yield from _counted(found)
    if older is not None:
        on = f"{older.exported_at:%Y-%m-%d %H:%M} UTC"
        yield f"  continues     the export of {on} with its {so_many(older.count, 'event')}"
    yield "All of it holds."


def _counted(found: "Verification") -> Iterator[str]:
    """Say what was checked, up to the first difference."""
    n = found.counts
    yield (
        f"  measurements  {n.measurements:,}: {n.evidence:,} pieces of evidence with {n.values:,} values, "
        f"computed again from {n.observations:,} observations"
    )
    yield f"  decisions     {n.decisions:,} decided again: {n.events:,} events, the same to the letter"
    yield f"  ballots       {n.ballots:,}, each bound to the digest of what it is about"
    yield f"  answers       {n.answers:,}, each allowed when it was given"
    signed = f"{n.signatures:,}, each of the key that the charter lists"
    yield f"  signatures    {signed if n.signatures else 'none: the charter lists no keys'}"
