"""An answer that comes in pages: followed to its end, bounded, and never round in circles."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from activities.sources.web.answer import Answer
from activities.sources.web.session import NOTHING, Session

# One link of a Link header (RFC 8288, section 3): its target, and its parameters up to the next link.
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]+))?)*)')
_PARAMETER = re.compile(r';\s*([^\s=;,]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";,]+)))?')


@dataclass(frozen=True, slots=True)
class Step:
    """What to ask for to get one page: the session's address or another one, with further parameters."""

    url: str | None = None
    params: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number from 1 on, the answer, and the rows that it holds."""

    number: int
    answer: Answer
    rows: Sequence[Any]


def pages(
    session: Session,
    first: Step,
    rows_of: Callable[[Answer], Sequence[Any]],
    following: Callable[[Page], Step | None],
    *,
    most: int | None = None,
    ask: Callable[[Session, Step], Answer] = lambda session, step: session.get(step.url, params=step.params),
) -> Iterator[Page]:
    """Yield each page, until `following` knows no further one.

    Args:
        session: where to ask.
        first: the first page.
        rows_of: the rows of a page, plain JSON values.
        following: how to get the page after the given one; None at the end.
        most: how many pages there may be; the allowance's number if not given.
        ask: how a page is asked for, where it is no GET.

    Raises:
        SourceFailed: `page_repeats`, when a page is asked for, or has the rows of one, that was there before;
            `too_many_pages`; and whatever the session refuses.
    """
    bound = min(most or session.allowance.pages, session.allowance.pages)
    asked: dict[str, int] = {}
    held: dict[str, int] = {}
    step: Step | None = first
    number = 0
    while step is not None:
        number += 1
        if number > bound:
            raise session.fail(
                "too_many_pages",
                f"there are more than {bound:,} pages. Ask for less: larger pages, or only what is new.",
            )
        _new(session, asked, _mark([step.url, dict(step.params)]), number, "is asked for a second time")
        answer = ask(session, step)
        page = Page(number, answer, rows_of(answer))
        if page.rows:
            _new(session, held, _mark(list(page.rows)), number, "has the same rows again")
        yield page
        step = following(page)


def _mark(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _new(session: Session, known: dict[str, int], mark: str, number: int, what: str) -> None:
    earlier = known.setdefault(mark, number)
    if earlier != number:
        raise session.fail(
            "page_repeats",
            f"page {earlier} {what} as page {number}: following pages would never end. Check how the pages "
            "are named (a parameter that the server ignores gives the same page for ever).",
        )


def next_link(answer: Answer) -> str | None:
    """Return the target of the Link header's `rel="next"`, absolute or not (RFC 8288); None without one."""
    for target, parameters in _LINK.findall(answer.headers.get("link", "")):
        rels = [
            quoted or bare
            for name, quoted, bare in _PARAMETER.findall(parameters)
            if name.casefold() == "rel"
        ]
        if rels and "next" in rels[0].casefold().split():  # further ones are ignored (section 3.3)
            return str(target)
    return None
