"""`bst setup`: make the Temporal server in use know the search attributes of journeys."""

import asyncio

import click

from bst.cli import options


@click.command(epilog=options.examples("TEMPORAL_ADDRESS=temporal.example.com:7233 bst setup"))
@options.as_json
def command(*, as_json: bool) -> None:
    """Register the search attributes on the Temporal server in use.

    Once for each namespace of a server of your own (TEMPORAL_ADDRESS, or a profile of Temporal's
    configuration). Running it again changes nothing. The server of `bst up` has them already.
    """
    from bst.cli.printing import show_json
    from bst.connection import connect
    from bst.settings import Settings
    from workflows.search_attributes import MEANINGS, Registration, register, type_name

    async def run() -> tuple[str, str, Registration]:
        client = await connect(Settings.from_environment())
        return client.service_client.config.target_host, client.namespace, await register(client)

    address, namespace, done = asyncio.run(run())
    if as_json:
        show_json({"address": address, "namespace": namespace, **done._asdict()})
        return
    click.echo(f"Temporal at {address}, namespace {namespace}:")
    for key, meaning in MEANINGS.items():
        did = "added" if key.name in done.added else "was there"
        click.echo(f"  {did:<9}  {key.name:<14} {type_name(key):<12} {meaning}")
    click.echo("Journeys can run here now: start a worker with `bst up` or `python worker.py`.")
