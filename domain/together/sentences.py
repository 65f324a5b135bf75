"""What members told one another, each as one sentence."""

from typing import assert_never

from domain import events as e
from domain.wording import named

_FLAGS = {
    "dictating": "one function may be dictating",
    "taking_orders": "IT may be taking orders",
    "single_function": "work may be staying within single functions",
}


def told(event: e.TogetherEvent) -> str:  # noqa: PLR0911 - one case per event
    """Return one sentence about the event."""
    match event:
        case e.PostsMade():
            posts = "; ".join(f"{post.kind}: {post.text}" for post in event.posts)
            return f"{event.by} posted for {event.function}: {posts}"
        case e.PostWithdrawn():
            return f"{event.by} took back for {event.function}, {event.post.kind}: {event.post.text}"
        case e.PostsAcknowledged():
            return f"{event.by} acknowledged what {named(event.functions)} posted"
        case e.WorkItemAdded(item=item):
            who = f"defined by {named(item.defined_by)}, done by {named(item.executed_by)}"
            alone = f"; one function defines it: {item.reason_single}" if item.reason_single else ""
            return f"{item.by} added work item {item.id}, {item.title} ({who}): {item.hypothesis}{alone}"
        case e.CommitmentMade():
            return f"{event.by} committed to {event.what} by {event.due.isoformat()} ({event.id})"
        case e.CommitmentClosed():
            return _commitment(event)
        case e.WorkItemClosed():
            return f"{event.by} closed work item {event.item}, {event.title}: {event.how}{_noted(event.note)}"
        case e.FacilitatorNamed():
            return _facilitator(event)
        case _:
            return _drift(event)


def flagged(flag: str) -> str:
    """Return what a flag says, for people who do not know its name."""
    return _FLAGS.get(flag, flag)


def _drift(
    event: e.DriftFlagged | e.DriftHeld | e.RetrospectiveRecorded | e.DriftResolved,
) -> str:
    what = f"{event.flag.replace('_', ' ')}"
    match event:
        case e.DriftFlagged():
            return f"flag {what}, {flagged(event.flag)}: {event.why}"
        case e.DriftHeld():
            return f"flag {what} is unresolved for two cycles: the next gate stays shut until it is"
        case e.RetrospectiveRecorded():
            return f"{event.by} ({event.function}) on flag {what}: {event.reason}"
        case e.DriftResolved():
            who = f" by {named(event.by)}" if event.by else ""
            return f"flag {what} is lifted{who}: {event.reason}"
        case _:
            assert_never(event)


def _commitment(event: e.CommitmentClosed) -> str:
    what = f"commitment {event.id} of {event.owner}, {event.what}"
    if event.by is None:
        return f"{what}: missed, its day is over"
    return f"{what}: {event.how}{', late' if event.late else ''}{_noted(event.note)}"


def _facilitator(event: e.FacilitatorNamed) -> str:
    how = ""
    if event.how == "skip":
        how = (
            f" ({event.by} passed)"
            if event.by == event.previous
            else f" ({event.by} passed over {event.previous})"
        )
    elif event.how == "swap":
        how = f" (in place of {event.previous}, who gets a turn later)"
    return f"{event.member} facilitates now{how}{_noted(event.note)}"


def _noted(note: str) -> str:
    return f", {note}" if note else ""
