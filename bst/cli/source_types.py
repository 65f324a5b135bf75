"""`bst source types`."""

from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from bst.source_kinds import Kind


@click.command(
    "types", epilog=options.examples("bst source types", "bst source types sql", "bst source types --json")
)
@click.argument("kind", required=False)
@options.as_json
def command(kind: str | None, *, as_json: bool) -> None:
    """List the kinds of sources, or one: keys, an example, and what it needs installed."""
    from bst.cli.printing import show, show_json
    from bst.source_kinds import kinds
    from domain.errors import NotUnderstood
    from domain.finding import nearest
    from domain.wording import named

    known = {one.kind: one for one in kinds()}
    if kind is not None and kind not in known:
        hint = nearest(kind, list(known)) or "."
        raise NotUnderstood(f"There is no kind of source {kind!r}{hint} There are {named(known)}.")
    chosen = list(known.values()) if kind is None else [known[kind]]
    if as_json:
        show_json(chosen)
        return
    for one in chosen:
        show(*_page(one))


def _page(one: "Kind") -> "Iterator[RenderableType]":
    from rich.table import Table

    from bst.cli.printing import text

    yield text(one.kind, "bold")
    yield text(f"  {one.summary}")
    yield text("")
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    for key in one.keys:
        default = "" if key.default in (None, "", []) else f"default {key.default}"
        default = "needed" if key.needed else default
        table.add_row(text(key.key, "bold"), text(key.value), text(default), text(key.meaning))
    yield table
    yield text("")
    for line in one.example.splitlines():
        yield text(f"  {line}", "cyan")
    for need in one.needs:
        state = "installed here" if need.installed else f"not installed here: pip install '{need.install}'"
        yield text(f"  {need.what} needs {need.module}, which is {state}", "" if need.installed else "yellow")
    if not one.needs:
        yield text("  needs nothing besides this program")
    yield text("")
