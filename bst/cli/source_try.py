"""`bst source try`."""

import logging
import logging.handlers
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bst.cli import options
from bst.cli.progress import progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bst.trial import MetricTrial, Tried
    from domain.measurement import MeasureRequest

# Columns of a chart beside its labels, at most: more periods than a journey keeps are not worth a wider one.
_CHART: Final = 100
# Columns that labels and margin take.
_LABELS: Final = 18


@click.command(
    "try",
    epilog=options.examples(
        "bst source try claims.yaml",
        'bst source try claims.yaml "days from claim to payment"',
        "bst source try --today 2013-01-01 --json flights.yaml | jq '.metrics[] | select(.ok | not)'",
    ),
)
@click.argument("charter")
@click.argument("metric", required=False)
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DAY",
    help="Read from this day's period on; otherwise from where a journey that starts now would.",
)
@click.option(
    "--today",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DAY",
    help="The day that deadlines are compared with, for charters that play the past.",
)
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    charter: str,
    metric: str | None,
    since: datetime | None,
    today: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Read a charter's sources from here, and show what they give.

    Without a server and without a worker: all metrics, or one, with what is missing, the newest values and
    the chart. Reads as the worker of `bst up` would from here: files in BST_DATA or the working folder, and
    `${NAME}` from BST_SECRETS and the environment. Ends with 0 when all were read, with 1 when a source
    failed, with 2 when the charter is refused.
    """
    from bst import trial
    from bst.charter_file import load
    from bst.cli.printing import show, show_json, show_warnings, text
    from bst.settings import Settings

    settings = Settings.from_environment()
    loaded = load(charter, today=None if today is None else today.date())
    request = trial.request_of(loaded.charter, trial.now(), metric, None if since is None else since.date())
    show_warnings(loaded, as_json=as_json)
    with (
        _mistakes_kept(settings.home / "error.log") as kept,
        progress("reading", len(request.metrics), quiet=as_json) as done,
    ):
        found = trial.tried(request, settings, done)
    if as_json:
        show_json(found.trial)
    else:
        show(text(f"Files from {settings.data}", "dim"))
        if settings.secrets is not None:
            show(text(f"${{NAME}} from {settings.secrets}, then the environment", "dim"))
        for one in found.trial.metrics:
            show(*_page(one, request, found))
        show(text(_summary(found)))
    if any(one.trouble and one.trouble.code == "internal" for one in found.trial.metrics):
        kept()
    ctx.exit(0 if found.trial.ok else 1)


def _page(one: "MetricTrial", request: "MeasureRequest", found: "Tried") -> "Iterator[RenderableType]":
    from bst.cli.printing import console, text
    from bst.trial import sentences

    asked = next(metric for metric in request.metrics if metric.name == one.metric)
    yield text("")
    head = text(f"{one.metric}", "bold")
    head.append(f"  {one.layer}, {one.kind}, {one.seconds:.2f} s", style="not bold dim")
    yield head
    for sentence in sentences(one, asked, request.calendar):
        yield text(f"  {sentence}")
    if one.trouble is not None:
        yield text(f"  ✗ {one.trouble.code}: {one.trouble.message}", "red")
    width = min(max(console().width - _LABELS, 20), _CHART)
    picture = found.picture(one.metric, width)
    if picture:
        yield text("")
        for line in picture.splitlines():
            yield text(f"  {line}")


def _summary(found: "Tried") -> str:
    failed = [one for one in found.trial.metrics if not one.ok]
    many = len(found.trial.metrics)
    metrics = f"{many} metric{'' if many == 1 else 's'}"
    outcome = f"{len(failed)} of {metrics} failed" if failed else f"{metrics} read"
    return f"\n{outcome}, in {found.trial.seconds:.2f} s."


@contextmanager
def _mistakes_kept(path: Path) -> "Iterator[Callable[[], None]]":
    """Keep what is logged off the terminal, and give what writes it to a file where that is wanted."""
    memory = logging.handlers.MemoryHandler(capacity=1000, flushLevel=logging.CRITICAL + 1)
    root = logging.getLogger()
    root.addHandler(memory)

    def written() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        memory.setTarget(logging.FileHandler(path, encoding="utf-8"))
        memory.flush()
        click.echo(f"The details are in {path}.", err=True)

    try:
        yield written
    finally:
        root.removeHandler(memory)
