"""How numbers, periods and lists read in sentences."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.charter import Measure
from domain.periods import Cadence, Calendar, label, noun

# More periods than this in one sentence are counted, not listed.
LISTED = 4


def figure(value: float, unit: str, measure: Measure) -> str:
    """Return the value as people read it: shares in percent, others with their unit, zero without a sign."""
    if measure == "share":
        return f"{value * 100:z.1f} %"
    text = f"{value:z.4g}" if abs(value) < 10_000 else f"{value:,.0f}"  # noqa: PLR2004 - from here on 1e+04 appears
    return f"{text} {unit}"


def difference(value: float, unit: str, measure: Measure) -> str:
    """Return a difference of two values: percentage points for shares."""
    return f"{value * 100:+.1f} points" if measure == "share" else f"{value:+.4g} {unit}"


def change_of_time(before: float, after: float) -> str:
    """Return how much longer or shorter a time has become: `20 % shorter`."""
    change = (after / before - 1) * 100
    if not round(change, 9):
        return "as long as before"
    return f"{abs(change):.3g} % {'shorter' if change < 0 else 'longer'}"


def share(part: float) -> str:
    """Return a part of all as a percentage: 0.9 as `90 %`."""
    return f"{part * 100:.3g} %"


def listed(periods: Sequence[int], calendar: Calendar) -> str:
    """Return the periods by name, or how many when they are many."""
    names = [label(period, calendar) for period in periods[:LISTED]]
    rest = len(periods) - len(names)
    more = f" and {rest} more" if rest else ""
    return f"{noun(calendar.cadence, len(periods))} of {', '.join(names)}{more}"


def counted(count: int, cadence: Cadence) -> str:
    """Return `1 week`, `12 weeks`."""
    return f"{count} {noun(cadence, count)}"


def so_many(count: int, noun: str) -> str:
    """Return `1 event`, `1,200 events`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def named(names: Iterable[str], joint: str = "and") -> str:
    """Return `Ana`, `Ana and Ben`, `Ana, Ben and Chloe`."""
    *most, last = list(names) or ["nobody"]
    return f"{', '.join(most)} {joint} {last}" if most else last


def moment(at: datetime) -> str:
    """Return a time to the minute, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M UTC")
