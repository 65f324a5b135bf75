"""How the pages of an `http` source are asked for, one after another."""

from collections.abc import Callable, Mapping
from typing import Any, assert_never
from urllib.parse import urljoin

from activities.sources.http_rows import searching
from activities.sources.web import Page, Session, Step, next_link
from domain.sources.http import Pages

Following = Callable[[Page], Step | None]


def steps(session: Session, how: Pages | None, params: Mapping[str, str]) -> tuple[Step, Following]:
    """Return the first page to ask for, and what tells the page after a given one.

    An address that the server names is taken as it is, without the charter's parameters: it has its own.

    Raises:
        SourceFailed: `bad_path`, for a JMESPath that cannot be read; later, for one that leads elsewhere.
    """
    first = Step(params=params)
    if how is None:
        return first, lambda _: None
    match how.by:
        case "link":
            return first, lambda page: _at(page, next_link(page.answer))
        case "next" | "cursor":
            return first, _named(session, how, params)
        case "page" | "offset":
            return _counted(how, params)
        case _:
            assert_never(how.by)


def _at(page: Page, url: str | None) -> Step | None:
    return None if url is None else Step(urljoin(page.answer.url, url))


def _named(session: Session, how: Pages, params: Mapping[str, str]) -> Following:
    search = searching(how.next or "", "pages.next", session.place.shown)

    def following(page: Page) -> Step | None:
        mark: Any = search(page.answer.json())
        if mark is None or mark is False or mark == "":
            return None
        if how.by == "next" and isinstance(mark, str):
            return _at(page, mark)
        if how.by == "cursor" and isinstance(mark, str | int) and how.param is not None:
            return Step(params={**params, how.param: str(mark)})
        wanted = "an address" if how.by == "next" else "a text or a whole number"
        raise session.fail(
            "bad_path",
            f"on page {page.number}, `pages.next` leads to {type(mark).__name__}; {wanted} or null is right.",
        )

    return following


def _counted(how: Pages, params: Mapping[str, str]) -> tuple[Step, Following]:
    """Count pages or rows, up to an empty page: a short one may only be what the server allows at once."""
    counted = {"at": how.first if how.first is not None else (1 if how.by == "page" else 0)}

    def step() -> Step:
        return Step(params={**params, how.param or "": str(counted["at"])})

    def following(page: Page) -> Step | None:
        if not page.rows:
            return None
        counted["at"] += 1 if how.by == "page" else len(page.rows)
        return step()

    return step(), following
