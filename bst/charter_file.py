"""Charter files: read, checked as a whole, and written.

All that is wrong in a file is said at once, each with its line and column: who
mends a charter should not have to run a command ten times.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML

from bst.charter_misfits import Misfit, misfits
from bst.charter_plugins import plugin_findings
from bst.value_traps import given
from bst.yaml_text import Mark, YamlText, read_yaml
from domain.charter import Charter
from domain.draft import draft_from
from domain.errors import CharterRefused
from domain.finding import Finding, Problem, dotted
from domain.lint import lint

# The fullest charter with 50 metrics takes some 30 KB; more is another kind of file (bytes).
MAX_BYTES = 1_000_000
STDIN = "-"
# Below it every whole float has its own digits.
_EXACT = 1e15


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, in the file's order; the charter where nothing is an error."""

    problems: tuple[Problem, ...]
    charter: Charter | None
    name: str

    @property
    def printed(self) -> str:
        """The problems, one a line, as people and editors read them."""
        return "\n".join(problem.printed(self.name) for problem in self.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that refuse nothing."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")


@dataclass(frozen=True, slots=True)
class LoadedCharter:
    """A charter that may be started, with what is doubtful about it and its text."""

    charter: Charter
    warnings: tuple[Problem, ...]
    text: str
    path: str


def load(path: str | Path, *, today: date | None = None) -> LoadedCharter:
    """Return the charter of a file, `-` being standard input.

    `today` is the day that deadlines are compared with, the present one unless said otherwise.

    Raises:
        CharterRefused: the file cannot be read, or something in it is an error; the message and
            `problems` list everything.
    """
    report, text = _read(path, today or datetime.now(UTC).date())
    if report.charter is None:
        raise CharterRefused(report.printed, report.problems)
    return LoadedCharter(report.charter, report.warnings, text, report.name)


def report_of(path: str | Path, *, today: date) -> Report:
    """Return everything that is wrong or doubtful in a charter's file, `-` being standard input."""
    return _read(path, today)[0]


def _read(path: str | Path, today: date) -> tuple[Report, str]:
    name = "stdin" if str(path) == STDIN else str(path)
    text, flaw = _text(path)
    return Report((flaw,), None, name) if flaw is not None else check_text(text, name, today), text


def _text(path: str | Path) -> tuple[str, Problem | None]:
    """Return a file's text, or the problem that it cannot be read."""
    try:
        content = _content(path)
    except OSError as error:
        reason = {FileNotFoundError: "there is no such file", IsADirectoryError: "that is a folder"}
        said = reason.get(type(error), f"cannot be read ({error.strerror})")
        return "", Problem(
            "error", "Y1", 0, 0, "", f"{said}: say the path of a charter, or `-` for standard input"
        )
    if len(content) > MAX_BYTES:
        message = f"more than {MAX_BYTES:,} bytes: this is no charter; say the path of one"
        return "", Problem("error", "Y1", 0, 0, "", message)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the byte {content[error.start]:#04x} is no UTF-8: save the file as UTF-8"
        return "", Problem("error", "Y1", line, column, "", message)


def check_text(text: str, name: str, today: date) -> Report:
    """Return everything that is wrong or doubtful in the text of the charter called `name`; never fails."""
    yaml = read_yaml(text)
    flaws = [_at(yaml, Finding(flaw.code, flaw.where, flaw.message), flaw.mark) for flaw in yaml.flaws]
    if yaml.broken:
        return Report(tuple(flaws), None, name)
    charter, shape = _shape(yaml.data)
    findings = lint(draft_from(yaml.data), today)
    if charter is not None:
        findings += tuple(plugin_findings(charter))
    problems = [*flaws, *_merged(yaml, shape, findings)]
    problems.sort(key=lambda problem: (problem.line, problem.column))
    refused = any(problem.severity == "error" for problem in problems)
    return Report(tuple(problems), None if refused else charter, name)


def print_yaml(charter: Charter) -> str:
    """Return a text that reads back as the same charter; what has its default is left out."""
    return print_plain(charter.model_dump(mode="json", exclude_defaults=True))


def print_plain(data: object) -> str:
    """Return plain data as YAML in its own order."""
    printed = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None only
    yaml.allow_unicode = True
    yaml.dump(_short(data), printed)
    return printed.getvalue()


def _short(value: object) -> object:
    # 11.0 was written as 11.
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def _shape(data: object) -> tuple[Charter | None, tuple[Misfit, ...]]:
    if not isinstance(data, dict):
        said = f"{given(data)} where a charter has keys: write `team: ...`, `outcome:` and `members:`"
        return None, (Misfit("Y5", (), said),)
    try:
        return Charter.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(misfits(error, data))


def _merged(yaml: YamlText, shape: tuple[Misfit, ...], findings: tuple[Finding, ...]) -> Iterator[Problem]:
    """Yield both kinds once: a missing part by its rule, nothing about parts that are not understood."""
    said = {("S1", finding.where) for finding in findings} | {("S2", flaw.where) for flaw in yaml.flaws}
    for misfit in shape:
        if (misfit.code, misfit.where) not in said:
            mark = yaml.keys.get(misfit.where) if misfit.at_key else None
            yield _at(yaml, Finding(misfit.code, misfit.where, misfit.message), mark)
    unclear = [misfit.where for misfit in shape if misfit.code != "S1"]
    for finding in findings:
        if not any(where[: len(finding.where)] == finding.where for where in unclear):
            yield _at(yaml, finding, yaml.keys.get(finding.where) if finding.code == "C10" else None)


def _at(yaml: YamlText, finding: Finding, mark: Mark | None) -> Problem:
    line, column = mark or yaml.place(finding.where)
    return Problem(finding.severity, finding.code, line, column, dotted(finding.where), finding.message)


def _content(path: str | Path) -> bytes:
    if str(path) == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)
