"""The page for answering: real requests against the real application over a real answers database."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from html import unescape
from pathlib import Path

import httpx
import pytest

from activities.answers.store import AnswerStore
from bst.ask_page.app import HEADERS, MOST_BYTES, app
from domain.pulses.telling import limits
from tests.unit.pulses import FIVE, ITEMS, TEAM, answers, task
from tests.unit.pulses import closing as closing_task


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnswerStore]:
    with closing(AnswerStore(f"sqlite:///{tmp_path}/answers.db")) as opened:
        yield opened


@asynccontextmanager
async def visiting(store: AnswerStore) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(store))
    async with httpx.AsyncClient(transport=transport, base_url="http://page") as browser:
        yield browser


def filled_in(code: str, person: int = 0) -> dict[str, str]:
    return {"code": code} | {item: str(answer) for item, answer in answers(person).items()}


async def test_a_member_draws_a_code_and_answers_with_it_once(store: AnswerStore) -> None:
    store.open_pulse(task())
    async with visiting(store) as browser:
        drawn = await browser.post(f"/{TEAM}/code", data={"name": "Ana"})
        code = re.search(r'class="code">([^<]+)', drawn.text)
        assert code
        again = await browser.post(f"/{TEAM}/code", data={"name": "Ana"})
        first = await browser.post(f"/{TEAM}", data=filled_in(code[1]))
        second = await browser.post(f"/{TEAM}", data=filled_in(code[1], 1))
    assert [answer.status_code for answer in (drawn, again, first, second)] == [200, 409, 200, 409]
    assert "Your answers are counted" in first.text
    assert store.asked(TEAM).answered == 1


async def test_what_is_kept_is_said_before_the_first_statement(store: AnswerStore) -> None:
    store.open_pulse(task())
    async with visiting(store) as browser:
        shown = unescape((await browser.get(f"/{TEAM}")).text)
    places = [shown.index(sentence) for sentence in limits(5, 5)]
    assert places == sorted(places)
    assert places[-1] < shown.index("<fieldset>")
    assert shown.count("<fieldset>") == shown.count("<legend>") == len(ITEMS)
    assert len(re.findall(r'<label><input type="radio"', shown)) == 5 * len(ITEMS)


async def test_a_form_that_is_not_complete_is_shown_again_as_it_was(store: AnswerStore) -> None:
    store.open_pulse(task())
    code = store.draw(TEAM, "Ana")
    missing = {key: value for key, value in filled_in(code).items() if key != ITEMS[-1]}
    async with visiting(store) as browser:
        shown = await browser.post(f"/{TEAM}", data=missing)
        wrong = await browser.post(f"/{TEAM}", data=filled_in("ABCDE"))
    assert (shown.status_code, wrong.status_code) == (422, 403)
    assert 'role="alert">1 of 8 statements' in shown.text
    assert shown.text.count(" checked") == len(ITEMS) - 1
    assert f'value="{code}"' in shown.text
    store.check(TEAM, code)


async def test_before_a_pulse_and_after_its_close_there_is_nothing(store: AnswerStore) -> None:
    open_paths = (f"/{TEAM}", f"/{TEAM}/code")
    paths = (*open_paths, f"/{TEAM}/results", "/", "/x/y/z", "/docs")
    async with visiting(store) as browser:
        before = {path: (await browser.get(path)).status_code for path in paths}
        store.open_pulse(task())
        for person, member in enumerate(FIVE):
            store.answer(TEAM, store.draw(TEAM, member), answers(person))
        during = {path: await browser.get(path) for path in paths}
        store.close_pulse(closing_task())
        after = {path: (await browser.get(path)).status_code for path in paths}
    assert before == after == dict.fromkeys(paths, 404)
    assert tuple(path for path, shown in during.items() if shown.status_code == 200) == open_paths
    told = re.compile(r"\b(mixed|high) in\b|\b5 of 5\b|answered")
    assert [path for path, shown in during.items() if told.search(shown.text)] == []


async def test_nothing_is_kept_of_a_visit_and_nothing_else_is_loaded(store: AnswerStore) -> None:
    store.open_pulse(task())
    async with visiting(store) as browser:
        pages = [await browser.get(path) for path in (f"/{TEAM}", f"/{TEAM}/code", "/nothing")]
    for page in pages:
        assert {key: page.headers.get(key) for key in HEADERS} == HEADERS
        assert "set-cookie" not in page.headers
        assert not re.findall(r"(?:src|href)=\"(?!/)", page.text)
    assert "default-src 'none'" in HEADERS["Content-Security-Policy"]


async def test_another_site_cannot_draw_and_a_flood_is_no_form(store: AnswerStore) -> None:
    store.open_pulse(task())
    async with visiting(store) as browser:
        foreign = await browser.post(
            f"/{TEAM}/code", data={"name": "Ana"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        flood = await browser.post(f"/{TEAM}", content=b"x" * (MOST_BYTES + 1))
        odd = await browser.post(f"/{TEAM}", content=b"\xff\x00=;&&&%zz")
    assert (foreign.status_code, flood.status_code, odd.status_code) == (403, 413, 403)
    assert store.draw(TEAM, "Ana")


async def test_names_and_codes_are_shown_as_text(store: AnswerStore) -> None:
    store.open_pulse(task(members=("<b>Ana</b>", *FIVE)))
    async with visiting(store) as browser:
        names = await browser.get(f"/{TEAM}/code")
        wrong = await browser.post(f"/{TEAM}", data=filled_in('"><script>alert(1)</script>'))
    assert "<b>Ana" not in names.text
    assert "<script>alert" not in wrong.text


async def test_a_database_that_is_down_is_said_in_a_sentence() -> None:
    async with visiting(AnswerStore("postgresql+psycopg://bst:s3cret@127.0.0.1:1/answers")) as browser:
        shown = await browser.get(f"/{TEAM}")
    assert shown.status_code == 503
    assert "cannot be used now" in shown.text
    assert "s3cret" not in shown.text
