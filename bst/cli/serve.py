"""`bst serve`."""

import click

from bst.cli import options


@click.command(epilog=options.examples("bst serve", "bst serve --host 0.0.0.0 --port 8090"))
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where it can be reached."
)
@click.option(
    "--port", default=8090, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@options.as_json
def command(host: str, port: int, *, as_json: bool) -> None:
    """Serve the page on which people answer without an account, until Ctrl-C.

    It reads the answers database (BST_ANSWERS) and needs no Temporal server. Requests are not logged, and no
    cookie is set. It speaks HTTP: beyond this machine put a proxy with TLS before it, and switch that one's
    access log off, or it tells who answered when.
    """
    from bst.answering import answers
    from bst.ask_page.serving import run

    with answers() as store:
        run(store, host, port, lambda address: _say(address, as_json=as_json))


def _say(address: str, *, as_json: bool) -> None:
    from bst.cli.printing import show_json

    if as_json:
        show_json({"address": address}, one_line=True)
        return
    click.echo(f"Pulses are answered at {address}/TEAM, with a code from {address}/TEAM/code.")
    click.echo(f"Read-backs are answered at {address}/TEAM/read-back. Ctrl-C stops.")
