"""`bst check`."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bst.cli import options

if TYPE_CHECKING:
    from rich.text import Text

    from bst.charter_file import Report
    from domain.finding import Problem

_JUDGES = (
    "The lint judges form; only readers can judge tangibility: ask five people outside the team what they "
    "would see once the outcome is reached. Sources are not read here: `bst source try FILE` reads them and "
    "shows what they give."
)


@click.command(epilog=options.examples("bst check claims.yaml", "bst check --today 2013-01-01 flights.yaml"))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--today",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DAY",
    help="The day that deadlines are compared with (2013-01-31), for charters that play the past.",
)
@options.as_json
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], today: datetime | None, *, as_json: bool) -> None:
    """Check charters; `-` reads one from standard input.

    All errors and warnings of all files come at once, with line, column and the way out. Ends with 0 when
    there is no error (there may be warnings), with 2 when there is one.
    """
    from bst.charter_file import report_of
    from bst.cli.printing import show_json

    day = (today or datetime.now(UTC)).date()
    reports = [report_of(file, today=day) for file in files]
    if as_json:
        show_json(_for_programs(reports))
    else:
        _for_people(reports)
    ctx.exit(0 if all(report.charter for report in reports) else 2)


def _for_programs(reports: list["Report"]) -> dict[str, object]:
    return {
        "ok": all(report.charter for report in reports),
        "files": [
            {
                "file": report.name,
                "ok": report.charter is not None,
                "problems": [asdict(problem) for problem in report.problems],
            }
            for report in reports
        ],
    }


def _for_people(reports: list["Report"]) -> None:
    from bst.cli.printing import console, text

    lines = []
    for report in reports:
        lines += [_line(problem, report.name) for problem in report.problems]
        if report.charter is not None:
            warnings = f", {_counted(len(report.warnings), 'warning')}" if report.warnings else ""
            lines.append(text(f"{report.name}: no errors{warnings}", "green"))
    refused = [report for report in reports if report.charter is None]
    if len(refused) < len(reports):
        lines.append(text(_JUDGES, "dim"))
    if refused:
        errors = sum(len(report.problems) - len(report.warnings) for report in refused)
        lines.append(text(_counted(errors, "error"), "bold red"))
    screen = console()
    # Captured, because rich ends the process with 1 when the reader has gone away.
    with screen.capture() as captured:
        for line in lines:
            # Long lines stay lines, so that editors and grep find `file:line:column:`.
            screen.print(line, soft_wrap=True)
    sys.stdout.write(captured.get())


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _line(problem: "Problem", name: str) -> "Text":
    from bst.cli.printing import text

    line = text(problem.printed(name))
    colour = "yellow" if problem.severity == "warning" else "red"
    at = line.plain.find(f" {problem.code}", len(name)) + 1
    line.stylize(f"bold {colour}", at, at + len(problem.code))
    return line
