"""`bst rehearse`."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bst.cli import options
from bst.cli.progress import progress

if TYPE_CHECKING:
    from bst.rehearsal.planting import Plant
    from bst.rehearsal.preparing import Rehearsal
    from bst.rehearsal.resampling import Ending
    from bst.rehearsal.varying import Variant
    from domain.envelope import Entry

_DAY = click.DateTime(formats=["%Y-%m-%d"])
# Plays of each variant on unchanged data: a false pass of 5 % is then known to some 2 points, in a minute.
_UNCHANGED: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, beside the charter."""

    first: date
    last: date | None
    answers: str
    vary: tuple[str, ...]
    resample: int | None
    seed: int
    plant: tuple[str, ...]
    output: Path | None
    on_temporal: bool
    every: bool
    as_json: bool


@click.command(
    epilog=options.examples(
        "bst rehearse claims.yaml --from 2030-01-07",
        "bst rehearse claims.yaml --from 2030-01-07 --answers objects:Ben --all",
        "bst rehearse claims.yaml --from 2030-01-07 --vary stages.optimization.margin=0.03,0.05",
        "bst rehearse claims.yaml --from 2030-01-07 --resample 200",
        "bst rehearse claims.yaml --from 2030-01-07 --plant shift:outcome:2030-06-03:+2",
    )
)
@click.argument("charter")
@click.option("--from", "first", type=_DAY, required=True, metavar="DAY", help="When the team starts.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day; else, as far as the data goes.")
@click.option(
    "--answers",
    default="consent:2d",
    show_default=True,
    metavar="POLICY",
    help="What members do: consent:2d (all consent two days after a ballot opens), objects:NAME (one objects "
    "once), or a YAML file.",
)
@click.option(
    "--vary",
    multiple=True,
    metavar="KEY=V1,V2",
    help="Compare charters: when each gate opens, and how often optimization's opens where nothing changed.",
)
@click.option(
    "--resample",
    type=click.IntRange(min=0, max=100_000),
    metavar="N",
    help="Play it N times on resampled data: how long stages take, how it ends. With --vary, plays of each "
    f"charter on unchanged data ({_UNCHANGED}; 0 for none).",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the resampling.")
@click.option(
    "--plant",
    multiple=True,
    metavar="CHANGE",
    help="Change the data, and see whether it is noticed: shift:METRIC:DAY:SIZE, drift:METRIC:DAY:SIZE or "
    "outage:METRIC:DAY:DAY; METRIC may be `outcome`.",
)
@click.option("--on-temporal", is_flag=True, help="Play it through the real workflow too, and compare.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the journal of the rehearsal as `bst export` writes real ones.",
)
@click.option("--all", "every", is_flag=True, help="Show every period, and not only the turning points.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context, /, charter: str, first: datetime, last: datetime | None, **given: Any
) -> None:
    """Play a charter over past data: when would gates have opened, what held them?

    The rules, the evidence and the sources are those of a real journey; its clock is not, and no server is
    needed. Each source is read once. Ends with 1 when --on-temporal gives another journal.
    """
    from bst.cli.printing import show_warnings

    asked = Asked(first.date(), None if last is None else last.date(), **given)
    if asked.vary and (asked.on_temporal or asked.output or asked.plant or asked.every):
        raise click.UsageError("--vary compares charters: leave out --on-temporal, --plant, --all and -o.")
    from bst.charter_file import load

    loaded = load(charter, today=asked.first)
    show_warnings(loaded, as_json=asked.as_json)
    rehearsal, variants = _prepared(loaded.charter, asked)
    if asked.vary:
        _compare(rehearsal, variants, asked)
        return
    ctx.exit(_play(rehearsal, asked))


def _prepared(charter: Any, asked: Asked) -> "tuple[Rehearsal, tuple[Variant, ...]]":
    from bst.rehearsal.answers import answers_of
    from bst.rehearsal.preparing import prepared
    from bst.rehearsal.varying import variants
    from bst.settings import Settings

    policy = answers_of(asked.answers, charter)
    made = variants(charter, asked.vary, asked.first) if asked.vary else ()
    others = [variant.charter for variant in made]
    with progress("reading", 1 + len(charter.metrics), quiet=asked.as_json) as step:
        rehearsal = prepared(
            charter, policy, asked.first, asked.last, Settings.from_environment(), others, step
        )
    return rehearsal, made


def _play(rehearsal: "Rehearsal", asked: Asked) -> int:
    """Play it once, and what else was asked for; return the exit code."""
    from bst import journal_file
    from bst.cli import rehearse_page as pages
    from bst.cli.printing import show, show_json
    from bst.rehearsal import telling
    from bst.rehearsal.planting import noticed, plant_of, planted
    from bst.rehearsal.resampling import played_often
    from bst.rehearsal.spread import summary

    plants: list[Plant] = [plant_of(text, rehearsal.charter) for text in asked.plant]
    notes: list[str] = []
    base = rehearsal.play() if plants else None
    if plants:
        recording, notes = planted(rehearsal.recording, plants, rehearsal.charter)
        rehearsal = rehearsal.with_recording(recording)
    played = rehearsal.play()
    course = telling.told(played)
    seen = {} if base is None else {p.text: list(noticed(p, base, played, course)) for p in plants}
    many: tuple[Ending, ...] = ()
    if asked.resample:
        with progress("playing", asked.resample, quiet=asked.as_json) as step:
            [many] = played_often(rehearsal, [rehearsal.charter], asked.resample, asked.seed, None, step)
    entries, on_temporal, code = played.entries(), None, 0
    if asked.on_temporal:
        entries, on_temporal = _on_temporal(rehearsal, played)
        code = 0 if on_temporal["same"] else 1
    if asked.output is not None:
        journal_file.write(asked.output, entries, origin="rehearsal")
    if asked.as_json:
        document = telling.document(rehearsal, played, course)
        extra = {"planted": seen, "cut": notes, "resampled": summary(many) if many else None}
        show_json({**document, **extra, "on_temporal": on_temporal})
        return code
    show(*pages.page(rehearsal, played, course, every=asked.every))
    show(*pages.planted_page(seen, notes), *pages.spread_page(many, rehearsal.charter, asked.seed))
    if on_temporal is not None:
        show(pages.on_temporal_line(on_temporal))
    return code


def _compare(rehearsal: "Rehearsal", variants: "tuple[Variant, ...]", asked: Asked) -> None:
    from bst.cli import rehearse_page as pages
    from bst.cli.printing import show, show_json
    from bst.rehearsal import telling
    from bst.rehearsal.resampling import played_often, stable_stretch
    from bst.rehearsal.spread import compared

    base = rehearsal.play()
    played = [rehearsal.play(variant.charter) for variant in variants]
    count = _UNCHANGED if asked.resample is None else asked.resample
    stretch = stable_stretch(base)
    charters = [variant.charter for variant in variants]
    found: tuple[tuple[Any, ...], ...] = tuple(() for _ in variants)
    if count and stretch is not None:
        with progress("playing", count * len(variants), quiet=asked.as_json) as step:
            found = played_often(rehearsal, charters, count, asked.seed, stretch, step)
    rows = [compared(*one) for one in zip(variants, played, found, strict=True)]
    if asked.as_json:
        show_json(pages.comparison_document(rows, rehearsal, stretch, telling.taken_for_granted(rehearsal)))
    else:
        show(*pages.comparison(rows, rehearsal, base, stretch, asked.seed))


def _on_temporal(rehearsal: "Rehearsal", played: Any) -> "tuple[list[Entry], dict[str, Any]]":
    """Play it on a server of its own; return its journal, and how it compares."""
    import time

    from bst import logs
    from bst.rehearsal.comparing import first_difference
    from bst.rehearsal.on_temporal import a_server, connected, played_on_temporal
    from bst.settings import Settings

    own = Settings.from_environment()

    async def run() -> "tuple[list[Entry], float]":
        with a_server(own) as (folder, server):
            logs.configure(own.log, file=folder / "worker.log")
            async with connected(folder, server) as skipper:
                began = time.monotonic()
                journal = f"sqlite:///{folder / 'rehearsal.db'}"
                rows = await played_on_temporal(rehearsal, played, skipper, journal)
                return rows, time.monotonic() - began

    rows, seconds = asyncio.run(run())
    found = first_difference(played.entries(), rows)
    periods = len({event.result.through for _, event in played.happened if event.kind == "measured"})
    return rows, {
        "same": found is None,
        "events": len(rows),
        "difference": None if found is None else found.sentence,
        "seconds": round(seconds, 3),
        "ms_per_period": round(seconds / max(periods, 1) * 1000, 1),
    }
