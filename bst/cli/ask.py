"""`bst ask`: the page on which people answer."""

import click

from bst.cli import options


@click.group(
    epilog=options.examples("bst ask serve", "bst ask serve --host 0.0.0.0 --port 8090"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Serve the page on which people answer without an account."""


@command.command(epilog=options.examples("bst ask serve", "bst ask serve --port 8090"))
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where it can be reached."
)
@click.option(
    "--port", default=8090, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@options.as_json
def serve(host: str, port: int, *, as_json: bool) -> None:
    """Serve pulses from the answers database (BST_ANSWERS) until Ctrl-C.

    It needs no Temporal server. Requests are not logged, and it sets no cookie. It speaks HTTP: beyond this
    machine put a proxy with TLS before it, and switch that one's access log off, or it tells who answered
    when.
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
    click.echo(f"Answers are taken at {address}/TEAM, codes are drawn at {address}/TEAM/code. Ctrl-C stops.")
