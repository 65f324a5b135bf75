"""Which command led to each event of the team together: the reverse of deciding, for whoever checks a journal."""

from typing import assert_never

from domain import commands as c
from domain import events as e


def command_together(first: e.TogetherEvent) -> c.OfTogether | c.PassTime:  # noqa: C901, PLR0911 - a case per event
    """Return the command of which this is the first event. What nobody asked for came with time."""
    match first:
        case e.PostsMade():
            return _post(first)
        case e.PostWithdrawn():
            return c.WithdrawPost(by=first.by, post=first.post.id)
        case e.PostsAcknowledged():
            return c.AcknowledgePosts(by=first.by, functions=first.functions, exchange=first.version)
        case e.WorkItemAdded():
            return _item(first)
        case e.WorkItemClosed():
            return c.CloseWorkItem(by=first.by, item=first.item, how=first.how, note=first.note)
        case e.RetrospectiveRecorded():
            return c.RecordRetrospective(by=first.by, flag=first.flag, reason=first.reason)
        case e.CommitmentMade():
            return c.MakeCommitment(by=first.by, what=first.what, due=first.due)
        case e.CommitmentClosed(by=str(by)):
            return c.CloseCommitment(by=by, commitment=first.id, how=first.how, note=first.note)
        case e.FacilitatorNamed():
            return c.PassFacilitation(by=first.by, how=first.how, note=first.note)
        case e.CommitmentClosed() | e.DriftFlagged() | e.DriftHeld() | e.DriftResolved():
            return c.PassTime()
        case _:
            assert_never(first)


def _post(first: e.PostsMade) -> c.PostToExchange:
    said = {
        kind: tuple(post.text for post in first.posts if post.kind == kind)
        for kind in ("need", "limitation", "capability")
    }
    return c.PostToExchange(by=first.by, **said)


def _item(first: e.WorkItemAdded) -> c.AddWorkItem:
    item = first.item
    return c.AddWorkItem(
        by=item.by,
        title=item.title,
        defined_by=item.defined_by,
        executed_by=item.executed_by,
        hypothesis=item.hypothesis,
        metric=item.metric,
        reason_single=item.reason_single,
    )
