"""Which command of members to one another led to an event: for whoever decides a journal again."""

from typing import assert_never

from domain import commands as c
from domain import events as e
from domain.together.records import POST_KINDS


def asked(event: e.TogetherEvent) -> c.Command | None:  # noqa: PLR0911 - one case per event
    """Return the command whose first event this is; None for what follows from other events.

    A cycle of a flag ends by itself, whatever came just then and changed nothing: time stands for it.
    """
    match event:
        case e.PostsMade() | e.PostWithdrawn() | e.PostsAcknowledged():
            return _exchange(event)
        case e.WorkItemAdded(item=item):
            said = item.model_dump(include=set(c.AddWorkItem.model_fields))
            return c.AddWorkItem(**said)
        case e.WorkItemClosed():
            return c.CloseWorkItem(by=event.by, item=event.item, how=event.how, note=event.note)
        case e.RetrospectiveRecorded():
            return c.RecordRetrospective(by=event.by, flag=event.flag, reason=event.reason)
        case e.CommitmentMade():
            return c.MakeCommitment(by=event.by, what=event.what, due=event.due)
        case e.CommitmentClosed() if event.by is not None:
            return c.CloseCommitment(by=event.by, commitment=event.id, how=event.how, note=event.note)
        case e.FacilitatorNamed():
            return c.PassFacilitation(by=event.by, how=event.how, note=event.note)
        case e.CommitmentClosed() | e.DriftHeld():
            return c.PassTime()
        case e.DriftFlagged() | e.DriftResolved():
            return None
        case _:
            assert_never(event)


def _exchange(event: e.PostsMade | e.PostWithdrawn | e.PostsAcknowledged) -> c.Command:
    match event:
        case e.PostsMade():
            posts = {
                kind: tuple(post.text for post in event.posts if post.kind == kind) for kind in POST_KINDS
            }
            return c.PostToExchange(by=event.by, **posts)
        case e.PostWithdrawn():
            return c.WithdrawPost(by=event.by, post=event.post.id)
        case e.PostsAcknowledged():
            return c.AcknowledgePosts(by=event.by, functions=event.functions, exchange=event.version)
        case _:
            assert_never(event)
