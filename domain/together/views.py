"""What may be read of what a team has of itself. Of people there are names and words here, and no number."""

from datetime import date, datetime

from pydantic import Field

from domain.criteria.exchange import unposted, unread
from domain.model import Carried, Finite
from domain.periods import label
from domain.state import State
from domain.together import drift
from domain.together.records import Flag, FlagKind, Occasion, Post, Standing
from domain.together.sentences import flagged


class SheetView(Carried):
    """What one function has posted, what it has not, and who has yet to read it."""

    function: str
    posts: tuple[Post, ...]
    missing: tuple[str, ...] = Field(description="Kinds of which it has posted none.")
    unread_by: tuple[str, ...] = Field(description="Members who have not acknowledged it as it is now.")


class ItemView(Carried):
    """An open work item."""

    id: str
    title: str
    hypothesis: str
    metric: str
    defined_by: tuple[str, ...]
    executed_by: tuple[str, ...]
    reason_single: str = ""


class FlagView(Carried):
    """A flag of drift, and what has been said to it."""

    flag: FlagKind
    meaning: str
    why: str
    since: datetime
    holds_at: datetime | None = Field(description="When it holds the next gate, if nobody resolves it.")
    held: bool
    said: str = Field(description="What one function recorded; the word of another lifts the flag.")


class ShareView(Carried):
    """What a detector counts now."""

    flag: FlagKind
    count: int
    of: int
    limit: Finite


class CommitmentView(Carried):
    """What a member promised by a day."""

    id: str
    owner: str
    what: str
    due: date
    standing: Standing
    late: bool
    note: str


class ResultView(Carried):
    """Whether the outcome was reached, and who the team was that reached it or did not."""

    occasion: Occasion
    at: datetime
    statement: str
    reached: bool
    value: Finite | None
    period: str | None
    target: Finite
    team: dict[str, str]


class TogetherView(Carried):
    """All that a team has of itself besides its outcome."""

    team: str
    exchange_asked: bool = Field(description="Whether the charter asks for the exchange.")
    exchange_version: int
    exchange: tuple[SheetView, ...]
    work: tuple[ItemView, ...]
    work_done: int
    work_dropped: int
    shares: tuple[ShareView, ...]
    drift_asked: bool = Field(description="Whether the charter asks for the detectors of drift.")
    too_little: tuple[str, ...] = Field(description="What there is too little of yet to be counted.")
    flags: tuple[FlagView, ...]
    evenness: Finite | None = Field(
        description="Corrected Gini coefficient of the newest contributions: 0 even, 1 one person alone."
    )
    contributions: int = Field(description="How many contributions that is of.")
    facilitator: str | None
    offered: tuple[str, ...] = Field(description="Who has been offered a turn in this round.")
    commitments: tuple[CommitmentView, ...] = Field(description="Open ones, then the newest closed ones.")
    results: tuple[ResultView, ...]


def together(state: State) -> TogetherView:
    """Return all of it."""
    here, charter = state.together, state.charter
    turn = here.facilitation
    return TogetherView(
        team=charter.team,
        exchange_asked=charter.forming.exchange,
        exchange_version=here.exchange.version,
        exchange=_sheets(state),
        work=tuple(ItemView.model_validate(item.model_dump()) for item in here.work.items),
        work_done=here.work.done,
        work_dropped=here.work.dropped,
        shares=tuple(
            ShareView(flag=seen.kind, count=seen.found, of=seen.of, limit=seen.limit)
            for seen in drift.seen(charter, here)
        ),
        drift_asked=charter.drift is not None,
        too_little=tuple(drift.short(charter, here)),
        flags=flags(state),
        evenness=drift.evenness(charter, here),
        contributions=sum(name in charter.members for name in here.drift.took_part),
        facilitator=turn.current,
        offered=turn.offered,
        commitments=tuple(
            CommitmentView.model_validate(one.model_dump())
            for one in (*here.commitments.open, *reversed(here.commitments.closed))
        ),
        results=results(state),
    )


def flags(state: State) -> tuple[FlagView, ...]:
    """Return the flags that are up."""
    rules = state.charter.drift
    return tuple(
        FlagView(
            flag=flag.kind,
            meaning=flagged(flag.kind),
            why=flag.why,
            since=flag.since,
            holds_at=None if rules is None else flag.since + drift.CYCLES_UNTIL_HELD * rules.cycle,
            held=flag.held,
            said=_said(flag),
        )
        for flag in state.together.drift.flags.values()
    )


def _said(flag: Flag) -> str:
    return "" if flag.retrospective is None else f"{flag.retrospective.by}: {flag.retrospective.reason}"


def results(state: State) -> tuple[ResultView, ...]:
    """Return whether the outcome was reached, each time that there was an answer."""
    return tuple(
        ResultView(
            **result.model_dump(exclude={"version", "period"}),
            period=None if result.period is None else label(result.period, state.charter.calendar),
        )
        for result in state.together.results
    )


def _sheets(state: State) -> tuple[SheetView, ...]:
    known, missing, behind = state.together.exchange.sheets, unposted(state), unread(state)
    if not known and not state.charter.forming.exchange:
        return ()
    there = dict.fromkeys([*state.charter.required_functions, *state.charter.members.values()])
    return tuple(
        SheetView(
            function=function,
            posts=known[function].posts if function in known else (),
            missing=missing.get(function, ()),
            unread_by=tuple(who for who, whose in behind.items() if function in whose),
        )
        for function in there
    )
