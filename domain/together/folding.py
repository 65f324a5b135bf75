"""How each event changes what a team has of itself. Total: it never fails."""

from datetime import timedelta
from typing import Any

from domain import events as e
from domain.periods import period_of_day
from domain.state import State
from domain.together.records import (
    Commitment,
    Drift,
    Flag,
    Occasion,
    Result,
    Retrospective,
    Sheet,
    Together,
)

# The most that a charter's `window` can ask for, and as many again for those that are dropped.
TRACES_KEPT = 40
# Each at most one member's name; several months of a busy team.
CONTRIBUTIONS_KEPT = 60
# Enough to see what was promised lately; the journal has them all.
CLOSED_KEPT = 5
# One for each version of the outcome that came to its deadline, and the end.
RESULTS_KEPT = 3


def folded(before: State, after: State, event: e.Event) -> State:
    """Return the state after an event, with what the event means for the team itself."""
    # Results need the numbers that have just come, and those who stay the new charter; but who had proposed
    # is known only until a ballot is closed.
    late = isinstance(event, e.Measured | e.CharterAmended | e.MemberLeft)
    changed = _changed(after if late else before, event)
    return after if changed is after.together else after.model_copy(update={"together": changed})


def _changed(state: State, event: e.Event) -> Together:  # noqa: C901, PLR0911, PLR0912 - one case per event
    here = state.together
    match event:
        case e.PostsMade() | e.PostWithdrawn() | e.PostsAcknowledged():
            return _took_part(state, _exchanged(here, event), event.by)
        case e.WorkItemAdded():
            work = here.work.model_copy(
                update={
                    "items": (*here.work.items, event.item),
                    "traces": (*here.work.traces, event.trace)[-TRACES_KEPT:],
                    "added": here.work.added + 1,
                }
            )
            return _took_part(state, _with(here, work=work), event.item.by)
        case e.WorkItemClosed():
            return _with(here, work=_closed_item(here, event))
        case e.CommitmentMade():
            kept = here.commitments
            new = Commitment(id=event.id, owner=event.by, what=event.what, due=event.due, until=event.until)
            made = kept.model_copy(update={"made": kept.made + 1, "open": (*kept.open, new)})
            return _with(here, commitments=made)
        case e.CommitmentClosed():
            return _closed_commitment(here, event)
        case e.FacilitatorNamed():
            turn = here.facilitation.model_copy(
                update={
                    "current": event.member,
                    "offered": event.offered,
                    "turns": here.facilitation.turns + 1,
                }
            )
            return _with(here, facilitation=turn)
        case e.DriftFlagged() | e.DriftHeld() | e.RetrospectiveRecorded() | e.DriftResolved():
            return _flagged(here, event)
        case e.ConsentGiven() | e.ObjectionRaised():
            return _took_part(state, here, event.by)
        case e.BallotOpened():
            return _proposed(state, event)
        case e.BallotClosed(outcome="consented"):
            return _adopted(state, event)
        case e.Measured():
            return _at_deadline(state, event)
        case e.StageEntered(stage="completed"):
            return _resulted(state, "completed", event.at)
        case e.TeamDissolved() if state.stage != "forming":
            return _resulted(state, "dissolved", event.at)
        case e.CharterAmended() | e.MemberLeft():
            return _with_team(state)
        case _:
            return here


def _with(together: Together, **changes: Any) -> Together:
    return together.model_copy(update=changes)


def _exchanged(here: Together, event: e.PostsMade | e.PostWithdrawn | e.PostsAcknowledged) -> Together:
    exchange = here.exchange
    sheets = dict(exchange.sheets)
    if isinstance(event, e.PostsAcknowledged):
        for function in (name for name in event.functions if name in sheets):
            read = dict.fromkeys((*sheets[function].acknowledged, event.by))
            sheets[function] = sheets[function].model_copy(update={"acknowledged": tuple(read)})
        return _with(here, exchange=exchange.model_copy(update={"sheets": sheets}))
    version = exchange.version + 1
    before = sheets.get(event.function, Sheet(version=version)).posts
    if isinstance(event, e.PostsMade):
        posts, made = (*before, *event.posts), len(event.posts)
    else:
        posts, made = tuple(post for post in before if post.id != event.post.id), 0
    # Whoever had acknowledged it has read something else.
    sheets[event.function] = Sheet(version=version, posts=posts)
    changes = {"version": version, "posted": exchange.posted + made, "sheets": sheets}
    return _with(here, exchange=exchange.model_copy(update=changes))


def _closed_item(here: Together, event: e.WorkItemClosed) -> Any:
    work = here.work
    changes: dict[str, Any] = {"items": tuple(item for item in work.items if item.id != event.item)}
    if event.how == "done":
        changes["done"] = work.done + 1
    else:  # what was not done says nothing about who works how
        changes["dropped"] = work.dropped + 1
        changes["traces"] = tuple(trace for trace in work.traces if trace.id != event.item)
    return work.model_copy(update=changes)


def _closed_commitment(here: Together, event: e.CommitmentClosed) -> Together:
    kept = here.commitments
    found = next((one for one in (*kept.open, *kept.closed) if one.id == event.id), None)
    if found is None:
        return here
    over = found.model_copy(update={"standing": event.how, "late": event.late, "note": event.note})
    closed = (*(one for one in kept.closed if one.id != event.id), over)[-CLOSED_KEPT:]
    still = tuple(one for one in kept.open if one.id != event.id)
    return _with(here, commitments=kept.model_copy(update={"open": still, "closed": closed}))


def _flagged(
    here: Together, event: e.DriftFlagged | e.DriftHeld | e.RetrospectiveRecorded | e.DriftResolved
) -> Together:
    drift, flags = here.drift, dict(here.drift.flags)
    flag = flags.get(event.flag)
    if isinstance(event, e.DriftFlagged):
        flags[event.flag] = Flag(kind=event.flag, why=event.why, since=event.at)
    elif isinstance(event, e.DriftResolved):
        flags.pop(event.flag, None)
        if event.by:  # judged anew, on what comes after the talk
            here = _forgotten(here, event.flag)
            drift = here.drift
    elif flag is not None:
        told = (
            {"held": True}
            if isinstance(event, e.DriftHeld)
            else {"retrospective": Retrospective(by=event.by, function=event.function, reason=event.reason)}
        )
        flags[event.flag] = flag.model_copy(update=told)
    return _with(here, drift=drift.model_copy(update={"flags": flags}))


def _forgotten(here: Together, flag: str) -> Together:
    if flag == "dictating":
        return _with(here, drift=here.drift.model_copy(update={"worded": (), "adopted": ()}))
    seen = {"taking_orders": "ordered", "single_function": "single"}[flag]
    traces = tuple(trace.model_copy(update={seen: None}) for trace in here.work.traces)
    return _with(here, work=here.work.model_copy(update={"traces": traces}))


def _took_part(state: State, here: Together, by: str) -> Together:
    """Count a contribution, where the charter wants the team to be told about itself."""
    if state.charter.drift is None:
        return here
    took_part = (*here.drift.took_part, by)[-CONTRIBUTIONS_KEPT:]
    return _with(here, drift=here.drift.model_copy(update={"took_part": took_part}))


def _writer_of(state: State, proposal: Any) -> str | None:
    """Return the member who wrote a proposal; None for what the program proposes itself."""
    by: str | None = getattr(proposal, "by", None)
    return by if by in state.charter.members else None


def _proposed(state: State, event: e.BallotOpened) -> Together:
    by, drift = _writer_of(state, event.ballot.proposal), state.together.drift
    if state.charter.drift is None or by is None or event.ballot.round != 1:
        return state.together
    worded = (*drift.worded, state.charter.members[by])[-TRACES_KEPT:]
    here = _with(state.together, drift=drift.model_copy(update={"worded": worded}))
    return _took_part(state, here, by)


def _adopted(state: State, event: e.BallotClosed) -> Together:
    ballot = next((ballot for ballot in state.ballots if ballot.id == event.ballot), None)
    by, drift = None if ballot is None else _writer_of(state, ballot.proposal), state.together.drift
    if state.charter.drift is None or by is None:
        return state.together
    adopted = (*drift.adopted, state.charter.members[by])[-TRACES_KEPT:]
    return _with(state.together, drift=drift.model_copy(update={"adopted": adopted}))


def _at_deadline(state: State, event: e.Measured) -> Together:
    """Record the result once the last period before the deadline is measured."""
    here, charter = state.together, state.charter
    at, through = event.result.as_of, state.through
    known = {result.version for result in here.results}
    if state.stage == "forming" or through is None or state.outcome_version in known:
        return here
    last = period_of_day(charter.outcome.deadline + timedelta(days=1), charter.calendar) - 1
    if through < last:
        return here
    return _with(here, results=(*here.results, _result(state, "deadline", at, last))[-RESULTS_KEPT:])


def _resulted(state: State, occasion: Occasion, at: Any) -> Together:
    result = _result(state, occasion, at, state.through)
    return _with(state.together, results=(*state.together.results, result)[-RESULTS_KEPT:])


def _result(state: State, occasion: Occasion, at: Any, last: int | None) -> Result:
    outcome, series = state.charter.outcome, state.series.get(state.charter.outcome.metric)
    seen = [] if series is None or last is None else [o for o in series.observations() if o.period <= last]
    value = seen[-1].value if seen else None
    sign = 1 if outcome.direction == "up" else -1
    return Result(
        occasion=occasion,
        at=at,
        version=state.outcome_version,
        statement=outcome.statement,
        reached=value is not None and sign * (value - outcome.target) >= 0,
        value=value,
        period=seen[-1].period if seen else None,
        target=outcome.target,
        team=dict(state.charter.members),
    )


def _with_team(state: State) -> Together:
    """Let go of what was of people and functions that are not on the team any more."""
    here, charter = state.together, state.charter
    members = charter.members
    there = {*charter.required_functions, *members.values()}
    sheets = {
        function: sheet.model_copy(
            update={"acknowledged": tuple(name for name in sheet.acknowledged if name in members)}
        )
        for function, sheet in here.exchange.sheets.items()
        if function in there
    }
    turn, promised = here.facilitation, here.commitments
    return _with(
        here,
        exchange=here.exchange.model_copy(update={"sheets": sheets}),
        drift=here.drift if charter.drift is not None else Drift(),
        commitments=promised.model_copy(
            update={"open": tuple(one for one in promised.open if one.owner in members)}
        ),
        facilitation=turn.model_copy(
            update={
                "current": turn.current if turn.current in members else None,
                "offered": tuple(name for name in turn.offered if name in members),
            }
        ),
    )
