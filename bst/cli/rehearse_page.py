"""What `bst rehearse` prints for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bst.cli.printing import text
from bst.rehearsal import telling
from bst.rehearsal.course import Course, Row
from bst.rehearsal.engine import Played
from bst.rehearsal.preparing import Rehearsal
from domain.periods import noun
from domain.wording import moment, named

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def page(rehearsal: Rehearsal, played: Played, course: Course, *, every: bool) -> "Iterator[RenderableType]":
    """Yield the rehearsal: what it assumes, its course, what held each gate, and where it ends."""
    yield text(telling.title(rehearsal, played), "bold")
    yield text(f"Taken for granted: {'; '.join(telling.taken_for_granted(rehearsal))}.", "dim")
    yield text("")
    yield _periods(course) if every else _lines(course)
    yield text("")
    yield _stages(course)
    missed = list(telling.misses(course))
    if missed:
        yield text("\nNear misses", "bold")
        for sentence in missed:
            yield text(f"  {sentence}")
    if course.missing:
        count, names = len(course.missing), course.missing[:6]
        more = f" and {count - len(names)} more" if count > len(names) else ""
        yield text(f"\nWithout a value: {noun(course.charter.cadence, count)} of {', '.join(names)}{more}")
    for one in played.not_allowed:
        yield text(f"\nNot allowed on {moment(one.at)}, {one.what}: {one.why}", "yellow")
    yield text(f"\nAt the end: {telling.ending(course, played.state)}", "bold")


def table(*columns: str) -> "Table":
    """Return an empty table as all commands have them; a column's name may begin with > for numbers."""
    from rich.table import Table

    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
    return made


def _lines(course: Course) -> "Table":
    made = table("at (UTC)", "what would have happened")
    made.columns[0].no_wrap = True
    for line in course.lines:
        made.add_row(f"{line.at:%Y-%m-%d %H:%M}", text(line.sentence))
    return made


def _periods(course: Course) -> "Table":
    made = table(noun(course.charter.cadence), "stage", f">{course.charter.outcome.metric}"[:30], "gate")
    for column in made.columns[:3]:
        column.no_wrap = True
    for row in course.rows:
        value = telling.value_of(row.value, course) or ("missing" if row.missing else "")
        made.add_row(row.label, row.stage, text(value + (" *" if row.signal else "")), text(_gate(row)))
    if any(row.signal for row in course.rows):
        made.caption = "* a signal against the frozen limits"
    return made


def _gate(row: Row) -> str:
    if row.troubles:
        return f"source fails: {named(row.troubles)}"
    if row.gate is None:
        return ""
    held = row.gate.held_by
    return "open" if not held else "held by " + ", ".join(v.criterion for v in held)


def _stages(course: Course) -> "Table":
    made = table("stage", "from", "for", "gate opened", "held by")
    for column in made.columns[:4]:
        column.no_wrap = True
    for stay in course.stays:
        if not stay.rows:
            continue
        opened = "" if stay.opened_at is None else f"{stay.opened_at:%Y-%m-%d}"
        made.add_row(
            stay.stage,
            f"{stay.entered:%Y-%m-%d}",
            telling.lasted(stay, course),
            opened,
            text("\n".join(telling.held_by(stay, course))),
        )
    return made
