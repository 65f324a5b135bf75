"""What `bst rehearse` prints for people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from bst.cli.printing import text
from bst.rehearsal import telling
from bst.rehearsal.course import Course, Row
from bst.rehearsal.engine import Played
from bst.rehearsal.preparing import Rehearsal
from bst.rehearsal.resampling import Ending
from bst.rehearsal.spread import Compared, spread, summary, told_differences, words_of_stretch
from domain.charter import GATED_STAGES, Charter
from domain.periods import noun
from domain.wording import moment, named, share

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text


def page(rehearsal: Rehearsal, played: Played, course: Course, *, every: bool) -> "Iterator[RenderableType]":
    """Yield the rehearsal: what it assumes, its course, what held each gate, and where it ends."""
    yield text(telling.title(rehearsal, played), "bold")
    yield text(f"Taken for granted: {'; '.join(telling.taken_for_granted(rehearsal))}.", "dim")
    yield text("")
    yield _periods(course) if every else turning_points(course)
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
        yield text(f"\nNot allowed on {moment(one.at)}, {one.wanted}: {one.why}", "yellow")
    yield text(f"\nAt the end: {telling.ending(course, played.state)}", "bold")


def table(*columns: str) -> "Table":
    """Return an empty table as all commands have them; a column's name may begin with > for numbers."""
    from rich.table import Table

    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for column in columns:
        side: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        # Folded, never cut: the rows of a comparison differ in the ends of long keys.
        made.add_column(column.removeprefix(">"), justify=side, overflow="fold")
    return made


def turning_points(course: Course) -> "Table":
    """Return what is worth a line, each with its moment."""
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


def planted_page(seen: dict[str, list[str]], notes: list[str]) -> "Iterator[RenderableType]":
    """Yield what of the planted changes was noticed."""
    for plant, sentences in seen.items():
        yield text(f"\nPlanted {plant}", "bold")
        for sentence in sentences:
            yield text(f"  {sentence}")
    for note in notes:
        yield text(f"  {note}", "yellow")


def spread_page(many: Sequence[Ending], charter: Charter, seed: int) -> "Iterator[RenderableType]":
    """Yield how many plays on resampled data went."""
    if many:
        yield text(f"\nOn resampled data (blocks from nearby, seed {seed})", "bold")
        for sentence in spread(many, charter):
            yield text(f"  {sentence}")


def on_temporal_line(found: dict[str, Any]) -> "Text":
    """Return how the real workflow's journal compares."""
    took = f"{found['seconds']:.1f} s, {found['ms_per_period']:.0f} ms a period"
    if found["same"]:
        return text(f"\nThrough the real workflow: the same {found['events']} events ({took}).", "green")
    return text(f"\nThrough the real workflow it went otherwise: {found['difference']} ({took}).", "bold red")


def comparison(
    rows: Sequence[Compared], rehearsal: Rehearsal, base: Played, stretch: tuple[int, int] | None, seed: int
) -> "Iterator[RenderableType]":
    """Yield charters beside one another."""
    yield text(telling.title(rehearsal, base), "bold")
    yield text(f"Taken for granted: {'; '.join(telling.taken_for_granted(rehearsal))}.\n", "dim")
    made = table("with", *(f"{stage} opens" for stage in GATED_STAGES), "at the end in", ">false pass")
    for row in rows:
        false = row.false_passes
        made.add_row(
            text(row.variant.name),
            *(row.opened.get(stage, "never") for stage in GATED_STAGES),
            row.ending.stage,
            "" if false is None else share(round(false, 3)),
        )
    yield made
    yield text("")
    for sentence in told_differences(rows, rehearsal.charter):
        yield text(sentence)
    if stretch is None:
        yield text("No false pass is told: limits were never frozen, so no stretch is known to be stable.")
    elif rows and rows[0].unchanged:
        where = words_of_stretch(stretch, rehearsal.charter)
        yield text(
            f"False pass: of {len(rows[0].unchanged)} plays on data in which nothing changes, how many "
            f"passed the gate of optimization. Drawn in blocks from the stable {where} (seed {seed}).",
            "dim",
        )


def comparison_document(
    rows: Sequence[Compared], rehearsal: Rehearsal, stretch: tuple[int, int] | None, assumed: list[str]
) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "rehearsal": True,
        "team": rehearsal.charter.team,
        "from": rehearsal.start.isoformat(),
        "to": rehearsal.end.isoformat(),
        "assumed": assumed,
        "stable": None if stretch is None else words_of_stretch(stretch, rehearsal.charter),
        "variants": [
            {
                "with": row.variant.name,
                "opened": row.opened,
                "stage": row.ending.stage,
                "passed": dict(row.ending.passed),
                "regressions": row.ending.regressions,
                "unchanged": summary(row.unchanged) if row.unchanged else None,
                "false_pass": row.false_passes,
            }
            for row in rows
        ],
    }
