"""`bst check`: say everything that is wrong or doubtful in charters, before anybody starts one."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.text import Text

    from bst.charter_file import Report
    from domain.finding import Problem

_JUDGES = (
    "The lint judges form; only readers can judge tangibility: ask five people outside the team "
    "what they would see once the outcome is reached."
)


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--today",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day that deadlines are compared with, for charters that play the past.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], today: datetime | None, *, as_json: bool) -> None:
    """Check charters; `-` reads one from standard input.

    Every error and warning of every file comes at once, with line and column.
    Exit code 0: no errors (there may be warnings). 2: errors.
    """
    from bst.charter_file import report_of

    day = (today or datetime.now(UTC)).date()
    reports = [report_of(file, today=day) for file in files]
    if as_json:
        click.echo(json.dumps(_for_programs(reports), indent=2, ensure_ascii=False))
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
    from rich.console import Console
    from rich.text import Text

    # Long lines stay lines, so that editors and grep find `file:line:column:`.
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    for report in reports:
        for problem in report.problems:
            console.print(_line(problem, report.name))
        if report.charter is not None:
            console.print(Text(f"{report.name}: no errors{_counted(report)}", style="green"))
    clean = [report for report in reports if report.charter is not None]
    if clean:
        console.print(Text(_JUDGES, style="dim"))
    if len(clean) < len(reports):
        errors = sum(len(report.problems) - len(report.warnings) for report in reports)
        console.print(Text(f"{errors} error{'s' if errors != 1 else ''}", style="bold red"))


def _counted(report: "Report") -> str:
    count = len(report.warnings)
    return f", {count} warning{'s' if count != 1 else ''}" if count else ""


def _line(problem: "Problem", name: str) -> "Text":
    from rich.text import Text

    line = Text(problem.printed(name))
    colour = "yellow" if problem.severity == "warning" else "red"
    at = line.plain.find(f" {problem.code}") + 1
    line.stylize(f"bold {colour}", at, at + len(problem.code))
    return line
