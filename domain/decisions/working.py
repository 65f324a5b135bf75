"""Work items, each linked to the outcome by a hypothesis; and what the team makes of a flag of drift."""

from datetime import datetime

from domain import events as e
from domain.commands import AddWorkItem, CloseWorkItem, RecordRetrospective
from domain.decisions.people import member
from domain.decisions.proposals import gauge_named
from domain.errors import NotUnderstood, WrongStage
from domain.state import State
from domain.together.drift import trace_of
from domain.together.records import WorkItem
from domain.wording import named
from domain.words import folded

# One for each of a dozen members: more in hand is not being worked on. And the state stays small.
OPEN_AT_MOST = 12
# A step and an effect cannot be said with fewer words.
FEWEST_WORDS = 4


def add(state: State, command: AddWorkItem, now: datetime) -> tuple[e.Event, ...]:
    """Take on work; what has nothing to do with the outcome is refused."""
    by, work = member(state, command.by), state.together.work
    twin = next((item for item in work.items if folded(item.title) == folded(command.title)), None)
    if twin is not None:
        raise WrongStage(f"{twin.id} is open with this title already: close it first, or say what differs.")
    if len(work.items) >= OPEN_AT_MOST:
        raise WrongStage(f"{OPEN_AT_MOST} work items are open already: finish or drop one of them first.")
    if len(command.hypothesis.split()) < FEWEST_WORDS:
        raise NotUnderstood(
            f"{command.hypothesis!r} is no hypothesis: say which step of the work it changes and what that "
            "does to the outcome, such as: no second look at simple claims saves two days."
        )
    defined_by, executed_by = _people(state, command.defined_by), _people(state, command.executed_by)
    functions = state.charter.members
    defining = {functions[name] for name in defined_by}
    if len(defining) == 1 and not command.reason_single:
        raise NotUnderstood(
            f"{named(defining)} alone defines it: name somebody of another function among those who define "
            "it (--defined-by), or say why not (--reason-single)."
        )
    item = WorkItem(
        id=f"w{work.added + 1}",
        title=command.title,
        by=by,
        defined_by=defined_by,
        executed_by=executed_by,
        hypothesis=command.hypothesis,
        metric=gauge_named(state, command.metric).name,
        reason_single=command.reason_single,
        at=now,
    )
    trace = trace_of(item.id, defining, (functions[name] for name in executed_by))
    return (e.WorkItemAdded(item=item, trace=trace),)


def close(state: State, command: CloseWorkItem) -> tuple[e.Event, ...]:
    """Say that an item is done or dropped."""
    by, items = member(state, command.by), state.together.work.items
    found = next((item for item in items if item.id == folded(command.item)), None)
    if found is None:
        there = named(f"{item.id} ({item.title})" for item in items) if items else "none"
        raise NotUnderstood(f"No open work item is called {command.item!r}. Open: {there}.")
    return (e.WorkItemClosed(by=by, item=found.id, title=found.title, how=command.how, note=command.note),)


def look_back(state: State, command: RecordRetrospective, now: datetime) -> tuple[e.Event, ...]:
    """Record what the team made of a flag; the word of a second function lifts it."""
    by = member(state, command.by)
    function, flag = state.charter.members[by], state.together.drift.flags.get(command.flag)
    if flag is None:
        there = named(state.together.drift.flags) if state.together.drift.flags else "none"
        raise WrongStage(f"There is no flag {command.flag}: there is {there}.")
    before = flag.retrospective
    recorded = e.RetrospectiveRecorded(flag=flag.kind, by=by, function=function, reason=command.reason)
    if before is None or before.by not in state.charter.members or before.function == function:
        same = before is not None and (before.by, before.reason) == (by, command.reason)
        return () if same else (recorded,)
    reason = f"{before.by}: {before.reason}; {by}: {command.reason}"
    return (recorded, e.DriftResolved(flag=flag.kind, by=(before.by, by), reason=reason, at=now))


def _people(state: State, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(member(state, name) for name in names))
