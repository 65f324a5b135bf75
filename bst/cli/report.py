"""`bst report`."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bst.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bst.report.history import History
    from bst.report.tracks import Track

FORMATS: Final = ("html", "svg", "png", "csv", "json")
STDOUT: Final = "-"


@click.command(
    epilog=options.examples(
        "bst report claims",
        "bst report claims.journal.jsonl -o report.html",
        'bst report claims --format svg --metric "days from claim to payment" -o days.svg',
        "bst report claims --format csv -o - | head",
    )
)
@click.argument("journal", metavar="TEAM|FILE")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to: TEAM.FORMAT if not said, which must not be there yet; `-` for standard output.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="html, the whole report; svg or png, one chart; csv or json, the data. "
    "By the file's name if not said.",
)
@click.option(
    "--metric",
    metavar="NAME",
    help="Of which metric; for a chart the outcome's, for the data all if not said.",
)
@options.as_json
def command(
    journal: str, output: str | None, format_: str | None, metric: str | None, *, as_json: bool
) -> None:
    """Write a journey's report: one HTML file that needs nothing but itself.

    Of a TEAM the journal at BST_JOURNAL is taken, and what is on its way there where a server and a worker
    answer; a name with a dot or a slash is a FILE that `bst export` or `bst rehearse` wrote, `-` one from
    standard input, and nobody is asked. The report has the outcome and where it stands, the journey with its
    turning points, what comes next, the charts of all metrics, and the support layer apart. Answers on open
    ballots stay sealed, and no person stands next to an outcome.
    """
    from bst.cli.on_their_way import behind, on_their_way
    from bst.cli.printing import show_json
    from bst.report.reading import history_of

    kind = format_ or _by_name(output)
    if kind == "html" and metric is not None:
        raise click.UsageError(
            "--metric goes with --format svg, png, csv or json: the report has all of them."
        )
    if as_json and output == STDOUT:
        raise click.UsageError("--json prints on standard output, where the file would go: name one with -o.")
    found = history_of(journal, on_their_way)
    content = _content(kind, found, _chosen(found, metric))
    newer = found.record.on_their_way
    lacks = behind(journal, newer)
    if output == STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        if lacks is not None:
            click.echo(lacks, err=True)
        return
    path = Path(output or f"{found.state.charter.team}.{kind}")
    _write(path, content, replace=output is not None)
    if as_json:
        told = {"file": str(path), "format": kind, "bytes": len(content), "events": found.record.count}
        show_json({**told, "on_their_way": newer})
        return
    on_way = f", {newer} of them on their way to the journal" if newer else ""
    click.echo(f"{path}, {len(content):,} bytes, of {found.record.count:,} events{on_way}")
    if lacks is not None:
        click.echo(lacks)


def _by_name(output: str | None) -> str:
    """Return the format that a file's name says: HTML without a name or an ending.

    Raises:
        click.UsageError: the ending is of no format there is.
    """
    ending = "" if output in {None, STDOUT} else Path(output or "").suffix.lower().removeprefix(".")
    if ending not in {"", "htm", *FORMATS}:
        raise click.UsageError(
            f"{output}: there is no format .{ending}. Name a file that ends in {', '.join(FORMATS)}, or say "
            "--format; for a PDF, print the HTML from a browser."
        )
    return ending if ending in FORMATS else "html"


def _chosen(found: "History", metric: str | None) -> "Sequence[Track]":
    if metric is None:
        return found.tracks
    track = found.track(metric)
    if track is None:
        known = ", ".join(one.name for one in found.tracks)
        raise click.UsageError(f"There is no metric {metric!r}: the charter has {known}.")
    return (track,)


def _content(kind: str, found: "History", tracks: "Sequence[Track]") -> bytes:
    match kind:
        case "svg":
            from bst.report.alone import chart_alone

            return chart_alone(tracks[0], found).encode()
        case "png":
            from bst.report.alone import chart_alone
            from bst.report.png import png

            return png(chart_alone(tracks[0], found, dark_too=False))
        case "csv":
            from bst.report.data import as_csv

            # With the mark by which spreadsheets know UTF-8.
            return as_csv(tracks, found).encode("utf-8-sig")
        case "json":
            from bst.report.data import as_json

            return as_json(tracks, found).encode()
        case _:
            from bst.report.page import page

            return page(found).encode()


def _write(path: Path, content: bytes, *, replace: bool) -> None:
    """Write the file whole or not at all; one that is there is replaced only where its name was given."""
    from domain.errors import BadInput

    if path.exists() and not replace:
        raise BadInput(f"{path} is there already. Name it with -o to replace it, or name another.")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
