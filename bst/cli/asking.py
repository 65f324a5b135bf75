"""How a command asks journeys something: one connection, one event loop, one answer."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:  # the SDK takes 0.3 s to import, and help texts need none of it
    from bst.client import Journeys
    from domain.commands import OfMembers

_Answer = TypeVar("_Answer")


def ask(use: Callable[["Journeys"], Awaitable[_Answer]]) -> _Answer:
    """Connect as the environment says, and return what `use` finds out."""
    from temporalio.runtime import Runtime, TelemetryConfig

    from bst.cli.signing import signer_of_context
    from bst.client import Journeys

    async def asked() -> _Answer:
        # Without the SDK's own log lines: what goes wrong is said in a sentence, and a live page stays whole.
        quiet = Runtime(telemetry=TelemetryConfig(logging=None))
        return await use(await Journeys.connect(runtime=quiet, signer=signer_of_context()))

    return asyncio.run(asked())


def tell(team: str, kind: "type[OfMembers]", *, as_json: bool, **said: object) -> None:
    """Have a journey do what a member asks, and print what came of it."""
    from bst.asked import sent
    from bst.cli.printing import show_receipt

    command = sent(kind, **said)
    show_receipt(ask(lambda journeys: journeys.send(team, command)), as_json=as_json)


def interactive(*, as_json: bool) -> bool:
    """Return whether a person sits there who can be asked."""
    return not as_json and sys.stdin.isatty() and sys.stdout.isatty()


def sure(question: str) -> None:
    """Go on only after a yes.

    Raises:
        click.UsageError: the person said no; nothing was sent.
    """
    if not click.confirm(question):
        raise click.UsageError("Nothing was sent.")
