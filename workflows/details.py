"""What people read in the Temporal UI: a page to decide from, and a line for every activity and timer.

Pure functions over the state. Setting a page costs no event, so it may be set
after everything that happens; it has to be quick, because that is often.
"""

from collections.abc import Iterable
from typing import Final

from domain import views
from domain.periods import label as period_label
from domain.periods import noun
from domain.state import State, gauges
from domain.wording import named
from workflows import ballot_sections, pulse_section, sections, together_section
from workflows.markdown import flat, text
from workflows.waits import next_words

# Bytes. The page travels in the address of a frame, and what is longer is not read anyway.
PAGE_LIMIT: Final = 8_000
# Bytes kept for the sentence that says what was left out.
_CLOSING: Final = 500
# Characters. The server refuses summaries over 400 bytes, and a timeline's row shows some 60 characters.
_SUMMARY: Final = 120


def rehearsed(page: str) -> str:
    """Return the page of a journey that is only played."""
    return f"**REHEARSAL**: played over past data. Nothing here has happened.\n\n{page}"


def details(state: State) -> str:
    """Return the page of a journey in Markdown, at most 8,000 bytes, most important things first."""
    status = views.status(state)
    return _fitted(
        (
            sections.outcome(state, status),
            sections.attention(status),
            sections.to_confirm(state, status),
            ballot_sections.ballots(state),
            ballot_sections.duties(status),
            pulse_section.pulse(status),
            sections.gate(status),
            sections.chart(state),
            sections.milestones(state),
            sections.metrics(state, support=False),
            sections.metrics(state, support=True),
            together_section.team(state),
            ballot_sections.last_ballot(state),
            sections.links(state),
        ),
        state.charter.team,
    )


def summary(state: State) -> str:
    """Return how the journey stands, in one line."""
    status = views.status(state)
    period = f" ({status.period})" if status.period else ""
    words = [
        status.stage,
        f"{status.metric} {sections.value_words(status)}{period}, {sections.to_go(status)}",
    ]
    if not state.over:
        words.append(f"gate {sections.gate_words(status)}")
    words += [f"{ballot.id} waits for {named(ballot.waiting_for)}" for ballot in status.ballots]
    return flat(" · ".join(words), 2 * _SUMMARY)


def measure_summary(state: State) -> str:
    """Return what a measurement reads: `Measure share on time and 3 more: weeks from 2013-06-24`."""
    first, *others = gauges(state.charter)
    more = f" and {len(others)} more" if others else ""
    calendar = state.charter.calendar
    weeks = noun(calendar.cadence, 2)
    periods = (
        f"all {weeks} so far"
        if state.through is None
        else f"{weeks} from {period_label(state.through + 1, calendar)}"
    )
    return f"Measure {flat(first.name, 60)}{more}: {periods}"


def append_summary(events: int) -> str:
    """Return what an append writes: `Journal: 3 events`."""
    return f"Journal: {events} event{'' if events == 1 else 's'}"


def timer_summary(state: State) -> str:
    """Return what a journey sleeps until: the next period, or what a ballot or a grace period has due."""
    return flat(f"Next: {next_words(state)}", _SUMMARY)


def _fitted(parts: Iterable[sections.Section], team: str) -> str:
    """Join what has room, in order, and say in a sentence what had none."""
    lines: list[str] = []
    left_out: list[str] = []
    room = PAGE_LIMIT - _CLOSING
    for part in parts:
        if not part.rows:
            continue
        frame = _size(part.head) + _size(part.tail)
        kept, used = 0, frame
        while kept < len(part.rows) and used + _size(part.rows[kept : kept + 1]) <= min(room, part.room):
            used += _size(part.rows[kept : kept + 1])
            kept += 1
        if kept:
            lines += [*part.head, *part.rows[:kept], *part.tail]
            room -= used
        if kept < len(part.rows):
            left_out.append(f"{len(part.rows) - kept} of {len(part.rows)} {part.name}" if kept else part.name)
    if left_out:
        lines.append(
            f"*Left out, because a page holds {PAGE_LIMIT:,} bytes: {', '.join(left_out)}. "
            f"`bst status {text(team)}` shows everything.*"
        )
    return "\n".join(lines).rstrip() + "\n"


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)
