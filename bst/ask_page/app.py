"""What is answered to which request. Nothing about a request is kept: no cookie, no log, no address.

Only what is asked now can be seen: before a pulse opens and after it has closed, every path is a 404.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from activities.answers import errors
from activities.answers.read_backs import Read
from activities.answers.store import AnswerStore, Asked
from bst.ask_page import pages
from domain.errors import BstError, NotAMember

# The answers to eight statements and a code are a tenth of that; more is no form of ours (bytes).
MOST_BYTES: Final = 10_000
HEADERS: Final = {
    "Content-Security-Policy": pages.POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STATUS: Final[dict[type[BstError], int]] = {
    errors.NothingAsked: 404,
    errors.CodeRefused: 403,
    NotAMember: 403,
    errors.CodeUsed: 409,
    errors.CodeHandedOut: 409,
    errors.AnswersRefused: 422,
    errors.AnswersUnavailable: 503,
    errors.AnswersTooNew: 503,
}
_Endpoint = Callable[[Request], Awaitable[Response]]


class _Refused(Exception):
    """A request that is no form of this page: its status, and why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def app(store: AnswerStore) -> Starlette:
    """Return the page over an answers database."""

    async def show(request: Request) -> Response:
        return _html(pages.questions(await _asked(store, request)))

    async def answer(request: Request) -> Response:
        asked, form = await _asked(store, request), await _form(request)
        answers = {item: int(form[item]) for item in asked.items if form.get(item, "").isdecimal()}
        try:
            await asyncio.to_thread(store.answer, asked.team, form.get("code", ""), answers)
        except (errors.CodeRefused, errors.AnswersRefused) as error:
            return _html(pages.questions(asked, str(error), form), STATUS[type(error)])
        return _html(pages.message("Thank you", "Your answers are counted, and your code is used up."))

    async def names(request: Request) -> Response:
        return _html(pages.names(await _asked(store, request)))

    async def draw(request: Request) -> Response:
        asked, form = await _asked(store, request), await _form(request)
        try:
            code = await asyncio.to_thread(store.draw, asked.team, form.get("name", ""))
        except (errors.CodeHandedOut, NotAMember) as error:
            return _html(pages.names(asked, str(error)), STATUS[type(error)])
        return _html(pages.code(asked, code))

    async def read(request: Request) -> Response:
        return _html(pages.read_back(await _read(store, request)))

    async def pick(request: Request) -> Response:
        shown, form = await _read(store, request), await _form(request)
        choice = int(form["choice"]) if form.get("choice", "").isdecimal() else 0
        try:
            await asyncio.to_thread(store.read_backs.answer, shown.team, form.get("code", ""), choice)
        except (errors.CodeRefused, errors.AnswersRefused) as error:
            return _html(pages.read_back(shown, str(error), form), STATUS[type(error)])
        return _html(pages.message("Thank you", "Your answer is counted, and your code is used up."))

    return Starlette(
        routes=[
            Route("/{team}/read-back", _told(read), methods=["GET"]),
            Route("/{team}/read-back", _told(pick), methods=["POST"]),
            Route("/{team}", _told(show), methods=["GET"]),
            Route("/{team}", _told(answer), methods=["POST"]),
            Route("/{team}/code", _told(names), methods=["GET"]),
            Route("/{team}/code", _told(draw), methods=["POST"]),
            Route("/{path:path}", _told(_nothing), methods=["GET"]),
        ],
    )


async def _asked(store: AnswerStore, request: Request) -> Asked:
    return await asyncio.to_thread(store.asked, request.path_params["team"])


async def _read(store: AnswerStore, request: Request) -> Read:
    return await asyncio.to_thread(store.read_backs.asked, request.path_params["team"])


async def _nothing(_: Request) -> Response:
    raise errors.NothingAsked("Nothing is asked at this address. Take the one that your team gave you.")


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form of this very page; another site must not fill one in for a member."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise _Refused(403, "This form was sent by another site. Fill it in here.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _Refused(413, "That is more than this form can hold.")
    return dict(parse_qsl(body.decode(errors="replace"), max_num_fields=100))


def _told(endpoint: _Endpoint) -> _Endpoint:
    """Answer a refusal with its sentence and its status."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except _Refused as error:
            return _html(pages.message("That was not understood", str(error)), error.status)
        except BstError as error:
            status = STATUS.get(type(error), 500)
            title = {404: "Nothing is asked here now", 409: "This code was used"}.get(status, "Not now")
            return _html(pages.message(title, str(error)), status)

    return answered


def _html(content: str, status: int = 200) -> Response:
    return HTMLResponse(content, status, headers=HEADERS)
