"""All pages of a list that may change while it is read: nothing lost, nothing doubled.

Pages that are counted (`page=2`, `startAt=100`) shift when an item leaves the list or comes into it. Where an
API offers no better, each way here notices that, or cannot be hurt by it:

`by_token`      the server keeps the place (Jira Cloud)
`overlapping`   each page begins with the last item of the one before (Jira Data Center)
`moving_start`  oldest change first, each page asked for from the last change on (GitHub issues, GitLab)
`newest_first`  newest change first, and then again for what changed meanwhile (GitHub pull requests)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from activities.sources.trackers.reading import Entry
from domain.errors import SourceFailed

# How often a list is read again because it changed meanwhile; a page takes a second, and lists of closed
# items change now and then.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a list; `more` says whether there are others behind them."""

    entries: list[Entry]
    more: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """The most entries that one fetch reads, and how to call the list in a message."""

    most: int
    where: str

    def check(self, count: int) -> None:
        """Refuse more entries than that.

        Raises:
            SourceFailed: `too_many_rows`.
        """
        if count > self.most:
            raise SourceFailed(
                "too_many_rows",
                f"{self.where}: more than {self.most:,} items. Choose fewer: one "
                "project, one kind, one team.",
            )

    def unsteady(self) -> SourceFailed:
        """Return the refusal of a list that does not hold still."""
        return SourceFailed(
            "unsteady",
            f"{self.where}: the list changed each of {_TRIES} times while it was read. Ask again later.",
        )


def by_token(
    page: Callable[[str | None], tuple[list[Entry], str | None]],
    identity: Callable[[Entry], str],
    bound: Bound,
) -> list[Entry]:
    """Return all entries, following the server's tokens until there is none.

    Raises:
        SourceFailed: `page_repeats`; a token came twice, so that reading would never end.
    """
    found: dict[str, Entry] = {}
    seen: set[str] = set()
    token = None
    while True:
        entries, token = page(token)
        found |= {identity(entry): entry for entry in entries}
        bound.check(len(found))
        if token is None:
            return list(found.values())
        if token in seen:
            raise SourceFailed(
                "page_repeats", f"{bound.where}: the server leads to one page twice. Ask again later."
            )
        seen.add(token)


def overlapping(page: Callable[[int], Page], identity: Callable[[Entry], str], bound: Bound) -> list[Entry]:
    """Return all entries of a list in a fixed order, read by position: from the start again if it shifted.

    Raises:
        SourceFailed: `unsteady`; it shifted each time.
    """
    for _ in range(_TRIES):
        found = _read_through(page, identity, bound)
        if found is not None:
            return found
    raise bound.unsteady()


def _read_through(
    page: Callable[[int], Page], identity: Callable[[Entry], str], bound: Bound
) -> list[Entry] | None:
    """Return all entries, or None if a page did not begin with the end of the one before."""
    found: dict[str, Entry] = {}
    last, start = None, 0
    while True:
        there = page(start)
        if last is not None and (not there.entries or identity(there.entries[0]) != last):
            return None
        found |= {identity(entry): entry for entry in there.entries}
        bound.check(len(found))
        if not there.more:
            return list(found.values())
        if len(there.entries) < (1 if last is None else 2):
            raise SourceFailed(
                "bad_answer", f"{bound.where}: a page in the middle is empty. Ask again later."
            )
        last = identity(there.entries[-1])
        start += len(there.entries) - 1


def moving_start(
    page: Callable[[datetime | None, int], Page],
    first: datetime | None,
    identity: Callable[[Entry], str],
    bound: Bound,
) -> list[Entry]:
    """Return all entries that changed at `first` or later, each as it was read last.

    Args:
        page: asked for a moment and the number of a page from 1 on; gives what changed at that moment or
            later (`updated_at`), oldest change first.
        first: the moment to begin with, None for the beginning.
        identity: by which an entry is known again.
        bound: how many at most.
    """
    found: dict[str, Entry] = {}
    start, number = first, 1
    while True:
        there = page(start, number)
        found |= {identity(entry): entry for entry in there.entries}
        bound.check(len(found))
        if not there.more or not there.entries:
            return list(found.values())
        newest = there.entries[-1].moment("updated_at")
        # A page full of changes of one moment: only then the next page is asked for by its number.
        start, number = (newest, 1) if start is None or newest > start else (start, number + 1)


def newest_first(
    page: Callable[[int], Page], first: datetime | None, identity: Callable[[Entry], str], bound: Bound
) -> list[Entry]:
    """Return all entries that changed at `first` or later from a list with the newest change first.

    What changes while it is read moves to the front and shifts the others back: nothing of them is lost, and
    what moved is found by reading the front again until nothing new is there. Entries must not leave the
    list.

    Raises:
        SourceFailed: `unsteady`; the front changed each time.
    """
    found: dict[str, Entry] = {}
    mark, pages = _read_back(page, first, identity, bound, found)
    for _ in range(_TRIES):
        if pages == 1 or mark is None:
            return list(found.values())
        newer, pages = _read_back(page, mark, identity, bound, found)
        if newer == mark:
            return list(found.values())
        mark = newer
    raise bound.unsteady()


def _read_back(
    page: Callable[[int], Page],
    first: datetime | None,
    identity: Callable[[Entry], str],
    bound: Bound,
    found: dict[str, Entry],
) -> tuple[datetime | None, int]:
    """Add what changed at `first` or later; return the newest change and how many pages were read."""
    newest: datetime | None = None
    number = 1
    while True:
        there = page(number)
        for entry in there.entries:
            changed = entry.moment("updated_at")
            newest = changed if newest is None else max(newest, changed)
            if first is None or changed >= first:
                found[identity(entry)] = entry
        bound.check(len(found))
        oldest = there.entries[-1].moment("updated_at") if there.entries else None
        if not there.more or oldest is None or (first is not None and oldest < first):
            return newest, number
        number += 1
