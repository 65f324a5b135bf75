"""`bst work`: work items, each linked to the outcome by a hypothesis."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from domain.together.views import TogetherView


@click.group(
    epilog=options.examples(
        'bst work add claims "one form" --by Ben --defined-by Ben,Maria --executed-by Ben \\\n'
        '      --hypothesis "no second look at simple claims saves two days"',
        "bst work done claims w1 --by Ben",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Take on work with what it is meant to change, and say what came of it."""


@command.command(
    "add",
    epilog=options.examples(
        'bst work add claims "one form" --by Ben --defined-by Ben,Maria --executed-by Ben \\\n'
        '      --hypothesis "no second look at simple claims saves two days"',
        'bst work add claims "new server" --by Ben --defined-by Ben --executed-by Ben \\\n'
        '      --reason-single "the old one fails" --hypothesis "payment runs no longer wait for restarts"',
    ),
)
@options.team
@click.argument("title")
@options.by
@click.option("--defined-by", required=True, metavar="NAMES", help="Who says what it is, by commas.")
@click.option("--executed-by", required=True, metavar="NAMES", help="Who does it, by commas.")
@click.option(
    "--hypothesis", required=True, metavar="TEXT", help="Which step it changes, and to what effect."
)
@click.option(
    "--link", "metric", metavar="METRIC", help="The metric that will show it; the outcome's when left out."
)
@click.option("--reason-single", default="", metavar="TEXT", help="Why one function alone defines it.")
@options.as_json
def add(team: str, *, as_json: bool, defined_by: str, executed_by: str, **said: str | None) -> None:
    """Add a work item. Members of two functions define it, or a reason says why not."""
    from bst.cli.asking import tell
    from domain.commands import AddWorkItem

    tell(
        team,
        AddWorkItem,
        as_json=as_json,
        defined_by=_names(defined_by),
        executed_by=_names(executed_by),
        **said,
    )


@command.command("done", epilog=options.examples("bst work done claims w1 --by Ben"))
@options.team
@click.argument("item")
@options.by
@options.note("What came of it.")
@options.as_json
def done(team: str, item: str, by: str, note: str, *, as_json: bool) -> None:
    """Say that a work item is done."""
    _close(team, item, by, note, "done", as_json=as_json)


@command.command("drop", epilog=options.examples('bst work drop claims w1 --by Ben --note "not needed"'))
@options.team
@click.argument("item")
@options.by
@options.note("Why.")
@options.as_json
def drop(team: str, item: str, by: str, note: str, *, as_json: bool) -> None:
    """Say that a work item will not be done."""
    _close(team, item, by, note, "dropped", as_json=as_json)


@command.command("list", epilog=options.examples("bst work list claims"))
@options.team
@options.as_json
def list_(team: str, *, as_json: bool) -> None:
    """List the open work items."""
    from bst.cli.asking import ask
    from bst.cli.printing import show, show_json, text

    found = ask(lambda journeys: journeys.together(team))
    if as_json:
        show_json(found.work)
    else:
        show(*(text(line) for line in work_lines(found)))


def work_lines(found: "TogetherView") -> Iterator[str]:
    """Yield the open items, and how many are done and dropped."""
    from domain.wording import named

    yield f"{len(found.work)} open, {found.work_done} done, {found.work_dropped} dropped"
    for item in found.work:
        yield f"\n{item.id}  {item.title}"
        yield f"  {item.hypothesis} ({item.metric})"
        yield f"  defined by {named(item.defined_by)}, done by {named(item.executed_by)}"
        if item.reason_single:
            yield f"  one function defines it: {item.reason_single}"


def _close(team: str, item: str, by: str, note: str, how: str, *, as_json: bool) -> None:
    from bst.cli.asking import tell
    from domain.commands import CloseWorkItem

    tell(team, CloseWorkItem, as_json=as_json, by=by, item=item, how=how, note=note)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
