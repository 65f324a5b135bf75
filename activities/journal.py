"""The activity that records a journey's events outside Temporal's retention."""

from dataclasses import dataclass

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.journal_errors import JournalRefused
from activities.journal_store import JournalStore
from domain.envelope import AppendEvents
from domain.errors import BstError

APPEND_EVENTS = "append_events"


@dataclass(frozen=True, slots=True)
class JournalActivities:
    """The journal's activity over the store that the composition root opened."""

    store: JournalStore

    # A cancel throws nothing into the thread: it could hit while a lock is held, and a transaction is short.
    @activity.defn(name=APPEND_EVENTS, no_thread_cancel_exception=True)
    def append_events(self, request: AppendEvents) -> int:
        """Store the events and return the last seq stored; run it in a thread pool, for it blocks.

        Made for being tried again: what is stored already is left as it is. A
        database that does not answer is a failure to retry (`JournalUnavailable`,
        `JournalTooNew`); `JournalConflict`, `JournalGap` (its details hold the last
        seq stored) and `JournalRefused` are final.
        """
        try:
            return self._append(request)
        except BstError as error:
            raise ApplicationError(
                str(error),
                *getattr(error, "details", ()),
                type=type(error).__name__,
                non_retryable=isinstance(error, JournalRefused),
            ) from None

    def _append(self, request: AppendEvents) -> int:
        strangers = sorted({e.team for e in request.envelopes if e.team != request.team})
        if strangers:
            raise JournalRefused(
                f"Events of {', '.join(strangers)} were handed over as those of {request.team}. "
                "Hand over one team's events at a time."
            )
        return self.store.append(request.envelopes)
