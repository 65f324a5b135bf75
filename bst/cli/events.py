"""`bst events`."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from bst.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from bst.journal_view import Describe, Line
    from domain.envelope import Entry, Envelope


@click.command(
    epilog=options.examples(
        "bst events claims",
        "bst events claims --last 20",
        "bst events claims --json | jq '.[] | select(.kind == \"stage_entered\")'",
    )
)
@options.team
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="The newest N only.")
@click.option(
    "--after", type=click.IntRange(min=0), metavar="SEQ", default=0, help="Those with a higher number only."
)
@options.as_json
def command(team: str, last: int | None, after: int, *, as_json: bool) -> None:
    """Show what has happened in a journey, from the journal.

    The journal is at BST_JOURNAL (sqlite:///.bst/journal.db if not set), and read without a server or a
    worker. Where a worker answers, events that are still on their way to the journal are shown too.
    """
    from bst.cli.on_their_way import on_their_way
    from bst.cli.printing import show, show_json
    from bst.journal_sealed import sealed
    from bst.journal_view import entries, lines, refuse_unknown
    from bst.settings import Settings

    url = Settings.from_environment().journal
    pending = on_their_way(team) or ()
    stored = entries(url, team)
    waiting = _rows(pending, stored[-1].seq if stored else 0)
    rows = [*stored, *waiting]
    if not rows:
        refuse_unknown(url, team)
    rows = sealed(rows)  # who reads a journal while a ballot is open learns who has answered, and not what
    if as_json:
        say = _with_the_charter_of_its_time()
        records = [_record(entry, say, journaled=place < len(stored)) for place, entry in enumerate(rows)]
        show_json([record for record in records if record["seq"] > after][-(last or 0) :])
        return
    told = [line for line in lines(rows, _with_the_charter_of_its_time()) if line.seq > after][-(last or 0) :]
    if told:
        show(_table(told))
    else:
        click.echo(f"Nothing after event {after}; the newest is {rows[-1].seq}.")
    if waiting:
        click.echo(f"On their way to the journal: event {waiting[0].seq} and later.")


def _rows(envelopes: "Iterable[Envelope]", after: int) -> "list[Entry]":
    """Return what is on its way as rows without hashes, which the journal will give them."""
    from domain.envelope import Entry, at_text, body_text

    return [
        Entry(e.team, e.seq, at_text(e.at), e.kind, body_text(e.body), previous="", hash="")
        for e in envelopes
        if e.seq > after
    ]


def _with_the_charter_of_its_time() -> "Describe":
    """Return what says a journal's events in order: each is read with the charter that held then."""
    from bst.journal_view import plain_sentence
    from domain.charter import Charter
    from domain.events import CharterAmended, JourneyStarted
    from domain.parsing import parse_event
    from domain.sentences import describe

    charter: Charter | None = None

    def said(kind: str, body: dict[str, Any]) -> str:
        nonlocal charter
        event = parse_event(body)
        if isinstance(event, JourneyStarted | CharterAmended):
            charter = event.charter
        return plain_sentence(kind, body) if event is None or charter is None else describe(event, charter)

    return said


def _record(entry: "Entry", say: "Describe", *, journaled: bool) -> dict[str, Any]:
    try:
        body = json.loads(entry.body)
    except ValueError:
        body = None
    return {
        "team": entry.team,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "sentence": say(entry.kind, body) if isinstance(body, dict) else "damaged",
        "body": body,
        "journaled": journaled,
        "previous": entry.previous or None,
        "hash": entry.hash or None,
    }


def _table(rows: "Iterable[Line]") -> "Table":
    from rich.table import Table

    from bst.cli.printing import text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("at (UTC)", no_wrap=True)
    table.add_column("what happened", ratio=1)
    for line in rows:
        table.add_row(str(line.seq), line.at.replace("T", " ").removesuffix("Z"), text(line.sentence))
    return table
