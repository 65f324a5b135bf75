"""How a command ends: what went wrong, as a sentence or as JSON, and the exit code."""

import json
import os
import sys
import traceback
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from domain.errors import BstError, CharterRefused, SourceFailed

# What a shell reports for a program that Ctrl-C ended (128 + SIGINT).
INTERRUPTED: Final = 130
# What a shell reports for a program that wrote into a closed pipe (128 + SIGPIPE).
BROKEN_PIPE: Final = 141
BAD_INPUT: Final = 2
UNEXPECTED: Final = 1


def told(error: BaseException, given: list[str]) -> int:
    """Say what went wrong, as JSON on standard output where `--json` was given, and return the exit code."""
    code = UNEXPECTED
    match error:
        case click.exceptions.Exit():
            code = error.exit_code
        case BrokenPipeError():  # a reader who has gone away, such as `head`, is no error of ours
            code = BROKEN_PIPE
        case KeyboardInterrupt() | click.Abort():
            click.echo(err=True)  # the terminal's own ^C stands on a line of its own
            code = INTERRUPTED
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            code = BAD_INPUT
        case BstError():
            _say({"code": error.code, "message": str(error), **_more(error)}, given)
            code = error.exit_code
        case click.ClickException():
            _say({"code": "usage", "message": _usage(error)}, given)
            code = BAD_INPUT
        case _:
            _say({"code": "internal", "message": _unexpected(error, given)}, given)
    return code


def write_what_the_terminal_can_show() -> None:
    """Let a terminal without a character such as ✓ show `?` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def flushed(code: int) -> int:
    """Write what is still to be written; a reader who has gone away, such as `head`, is no error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            # What could not be written would be tried again at exit, with a message of Python's own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


def _say(error: dict[str, Any], given: list[str]) -> None:
    if "--json" in given:
        click.echo(json.dumps({"error": error}, ensure_ascii=False))
        return
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    # A charter's problems are lines that editors read, each with its own place.
    prefix = "" if error.get("problems") else click.style("bst: ", fg="red") if colour else "bst: "
    click.echo(prefix + printable(error["message"]), err=True)


def printable(text: str) -> str:
    """Return a text that moves no cursor and colours nothing, whatever somebody wrote into it."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _more(error: BstError) -> dict[str, Any]:
    if isinstance(error, CharterRefused):
        return {"problems": [asdict(problem) for problem in error.problems]}
    return {"source_code": error.source_code} if isinstance(error, SourceFailed) else {}


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f" See `{context.command_path} --help`." if context else ""
    said = " ".join(error.format_message().split())  # click lists choices on lines of their own
    return f"{said.rstrip('.?')}{'?' if said.endswith('?') else '.'}{hint}"


def _unexpected(error: BaseException, given: list[str]) -> str:
    """Keep the details where whoever mends it finds them, and return the sentence that says where."""
    kind = type(error).__name__
    log = Path(os.environ.get("BST_HOME") or ".bst") / "error.log"
    details = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC).isoformat()} bst {' '.join(given)}\n{details}\n")
    except OSError as unwritten:
        return f"Something went wrong that should not ({kind}), and {log} could not be written ({unwritten})."
    return f"Something went wrong that should not ({kind}). The details are in {log}."
