"""Where a team drifts from being equals: seen in counts of the newest proposals and work items.

A team where one function raises most of what is decided is dictated to. One where IT carries out what others
define takes orders. A flag is no verdict: it asks for a talk, and only where nobody talks it holds a gate.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from domain import events as e
from domain.charter import Charter
from domain.drift_rules import DriftRules
from domain.state import State
from domain.together.evenness import corrected_gini
from domain.together.records import FlagKind, Together, Trace
from domain.wording import share as percent
from domain.words import is_it

# A cycle to notice and one to talk: then it is not being talked about.
CYCLES_UNTIL_HELD: Final = 2


_Value = TypeVar("_Value")


class Seen(NamedTuple):
    """What a detector counts: so many of so many, and the largest share that is no flag."""

    kind: FlagKind
    found: int
    of: int
    limit: float
    words: str

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self.found / self.of

    @property
    def over(self) -> bool:
        """Whether it is a flag."""
        return self.share > self.limit


def seen(charter: Charter, together: Together) -> Iterator[Seen]:
    """Yield what each detector counts, where the charter asks for it and there are enough to count."""
    rules = charter.drift
    if rules is None:
        return
    yield from _dictating(rules, together)
    traces = together.work.traces
    ordered = _newest([trace.ordered for trace in traces if trace.ordered is not None], rules.window)
    if ordered:
        words = "work items that others defined and IT alone carries out"
        yield _counted("taking_orders", sum(ordered), len(ordered), rules.taking_orders, words)
    single = _newest([trace.single for trace in traces if trace.single is not None], rules.window)
    if single:
        words = "work items that one function alone has to do with"
        yield _counted("single_function", sum(single), len(single), rules.single_function, words)


def short(charter: Charter, together: Together) -> Iterator[str]:
    """Yield what there is too little of yet: `work items: 1 of 10 so far`."""
    rules, traces = charter.drift, together.work.traces
    if rules is None:
        return
    known = {
        "work items": sum(trace.single is not None for trace in traces),
        "first wordings of proposals": len(together.drift.worded),
        "adopted proposals": len(together.drift.adopted),
    }
    for what, count in known.items():
        if count < rules.window:
            yield f"{what}: {count} of {rules.window} so far"


def due(state: State, now: datetime) -> Iterator[e.Event]:
    """Yield flags that are new, that the numbers have lifted, or that have been left alone for too long."""
    rules, flags = state.charter.drift, state.together.drift.flags
    if rules is None:
        return
    for found in seen(state.charter, state.together):
        if found.over and found.kind not in flags:
            yield e.DriftFlagged(flag=found.kind, why=found.words, at=now)
        elif not found.over and found.kind in flags:
            yield e.DriftResolved(flag=found.kind, reason=f"now it is {found.words}", at=now)
            flags = {kind: flag for kind, flag in flags.items() if kind != found.kind}
    for kind, flag in flags.items():
        if not flag.held and now >= flag.since + CYCLES_UNTIL_HELD * rules.cycle:
            yield e.DriftHeld(flag=kind, at=now)


def trace_of(item: str, defined_by: Iterable[str], executed_by: Iterable[str]) -> Trace:
    """Return what is kept of a work item; both are functions."""
    defining, executing = set(defined_by), set(executed_by)
    ordered = not any(map(is_it, defining)) and all(map(is_it, executing))
    return Trace(id=item, ordered=ordered, single=len(defining | executing) == 1)


def evenness(charter: Charter, together: Together) -> float | None:
    """Return the corrected Gini coefficient of the members' newest contributions; it holds nothing."""
    counts = Counter(together.drift.took_part)
    return corrected_gini([counts[member] for member in charter.members])


def _dictating(rules: DriftRules, together: Together) -> Iterator[Seen]:
    """Yield the larger of the two shares of one function: of what was adopted, and of first wordings."""
    found = []
    for functions, what in (
        (together.drift.adopted, "adopted proposals were raised by"),
        (together.drift.worded, "proposals were first worded by"),
    ):
        newest = _newest(functions, rules.window)
        if newest:
            function, count = Counter(newest).most_common(1)[0]
            found.append(_counted("dictating", count, len(newest), rules.dictating, f"{what} {function}"))
    if found:
        yield max(found, key=lambda one: one.share)


def _newest(values: Sequence[_Value], window: int) -> Sequence[_Value]:
    """Return as many as are looked at, or none while there are fewer."""
    return values[-window:] if len(values) >= window else ()


def _counted(kind: FlagKind, count: int, of: int, limit: float, words: str) -> Seen:
    told = f"{count} of the {of} newest {words} (flagged above {percent(limit)})"
    return Seen(kind, count, of, limit, told)
