"""`bst chart`."""

from typing import TYPE_CHECKING, Final

import click

from bst.cli import options

if TYPE_CHECKING:
    from bst.report.history import History
    from bst.report.tracks import Track

# Columns that labels and margin take, and the narrowest chart that says anything.
_LABELS: Final = 18
_NARROWEST: Final = 20
# Rows: enough to see a step of a tenth, and a page has room for the words beneath.
_HEIGHT: Final = 15


@click.command(
    epilog=options.examples(
        "bst chart claims",
        'bst chart claims "days from claim to payment"',
        "bst chart claims.journal.jsonl",
    )
)
@click.argument("journal", metavar="TEAM|FILE")
@click.argument("metric", required=False)
@options.as_json
def command(journal: str, metric: str | None, *, as_json: bool) -> None:
    """Show the control chart of a metric, as wide as the terminal, and what it says.

    Of the outcome if no METRIC is named. As `bst report`: of a TEAM from the journal and what is on its way
    there, or of a FILE. The report has the same chart as a picture, with the whole history.
    """
    from bst.cli.on_their_way import behind, on_their_way
    from bst.cli.printing import show, text
    from bst.report.data import as_json as data_of
    from bst.report.reading import history_of
    from bst.report.words import beneath, breaks, role, sentence

    found = history_of(journal, on_their_way)
    track = found.outcome if metric is None else found.track(metric)
    if track is None:
        known = ", ".join(one.name for one in found.tracks)
        raise click.UsageError(f"There is no metric {metric!r}: the charter has {known}.")
    lacks = behind(journal, found.record.on_their_way)
    if as_json:
        click.echo(data_of((track,), found), nl=False)
        if lacks is not None:
            click.echo(lacks, err=True)
        return
    if found.rehearsal:
        show(text("REHEARSAL: this journey was played over past data.", "bold yellow"))
    show(
        text(f"{track.name} ({role(track)})", "bold"),
        text(_chart(track, found)),
        text(sentence(track, found.state)),
    )
    for line in (*breaks(track, found.state), *beneath(track, None, found.state)):
        show(text(f"  {line}", "dim"))
    if lacks is not None:
        show(text(lacks, "dim"))


def _chart(track: "Track", found: "History") -> str:
    from bst.cli.printing import console
    from domain.chart import Marks, Scale, control_chart
    from domain.measurement import Series

    gauge = track.gauge
    width = max(console().width - _LABELS, _NARROWEST)
    if not track.points:
        return "no data yet"
    first = max(track.points[0].period, track.points[-1].period - width + 1)
    known = {point.period: point for point in track.points if point.period >= first}
    shown = range(first, track.points[-1].period + 1)
    cases = tuple(known[p].denominator if p in known else None for p in shown)
    series = Series(
        first=first,
        values=tuple(known[p].value if p in known else None for p in shown),
        denominators=cases if any(size is not None for size in cases) else (),
    )
    meant = {
        m: frozenset(p for p, one in track.meanings.items() if one == m)
        for m in ("concern", "improvement", "neutral")
    }
    explained = frozenset(track.explained)
    marks = Marks(
        meant["concern"] - explained, (meant["improvement"] | meant["neutral"]) - explained, explained
    )
    scale = Scale(gauge.unit, gauge.measure, gauge.target)
    calendar = found.state.charter.calendar
    return control_chart(series, track.limits, calendar, scale, marks, width=width, height=_HEIGHT)
