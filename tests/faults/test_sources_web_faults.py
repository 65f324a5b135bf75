"""The web client against a real server that breaks: what is tried again, refused, and bounded."""

import gzip
import json
import logging
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from activities.sources.allowance import Allowance
from activities.sources.hosts import Hosts
from activities.sources.web import Answer, Step, next_link, opened, pages
from domain.errors import SourceFailed
from domain.sources.web import Auth
from tests.web_server import (
    WebServer,
    answer,
    dropped,
    endless,
    in_turn,
    json_answer,
    redirect,
    slow,
    web_server,
)

GOOD = json_answer({"rows": [1]})


@pytest.fixture(scope="module")
def running() -> Iterator[WebServer]:
    with web_server() as web:
        yield web


@pytest.fixture
def web(running: WebServer) -> WebServer:
    running.replies.clear()
    running.asked.clear()
    return running


def allowed(**changes: Any) -> Allowance:
    """Return an allowance that may ask this machine, and loses no time between tries."""
    return Allowance(**{"hosts": Hosts.parse("localhost, 127.0.0.1"), "pause_seconds": 0.001, **changes})


def got(url: str, allowance: Allowance | None = None, **options: Any) -> Answer:
    with opened(url, allowance or allowed(), **options) as session:
        return session.get()


def refused(url: str, allowance: Allowance | None = None, **options: Any) -> tuple[str, str]:
    """Return the code and the sentence of the failure that must come."""
    with pytest.raises(SourceFailed) as caught:
        got(url, allowance, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 700
    return caught.value.source_code, sentence


class TestTriedAgain:
    @pytest.mark.parametrize(
        "fault",
        [
            dropped(),
            json_answer({}, 429, retry_after="0"),
            json_answer({}, 429),
            json_answer({}, 502),
            json_answer({}, 503, retry_after=format_datetime(datetime.now(UTC) - timedelta(hours=1))),
            json_answer({}, 504),
            json_answer(
                {"message": "API rate limit exceeded"}, 403, x_ratelimit_remaining="0", x_ratelimit_reset="1"
            ),
        ],
        ids=["dropped", "429-zero", "429", "502", "503-date", "504", "403-of-github"],
    )
    def test_what_passes_by_itself(self, web: WebServer, fault: Any) -> None:
        web.replies["/"] = in_turn(fault, fault, GOOD)

        assert got(f"{web.url}/").json() == {"rows": [1]}
        assert len(web.asked) == 3

    def test_a_pause_that_the_server_asks_for_is_kept(self, web: WebServer) -> None:
        web.replies["/"] = in_turn(json_answer({}, 429, retry_after="1"), GOOD)

        began = time.monotonic()
        got(f"{web.url}/")

        assert time.monotonic() - began >= 1

    @pytest.mark.parametrize("form", ["seconds", "date"])
    @pytest.mark.parametrize("after", [61, 86_400])
    def test_a_pause_that_is_too_long_is_said_and_not_waited_for(
        self, web: WebServer, after: int, form: str
    ) -> None:
        # A date is told in whole seconds and read a moment later: a minute more keeps it too long.
        until = datetime.now(UTC) + timedelta(seconds=after + 60)
        told = str(after) if form == "seconds" else format_datetime(until, usegmt=True)
        web.replies["/"] = json_answer({}, 429, retry_after=told)

        code, sentence = refused(f"{web.url}/")

        assert (code, len(web.asked)) == ("rate_limited", 1)
        assert "It asks for a pause of" in sentence

    def test_a_pause_beyond_the_time_that_is_left_is_not_waited_for(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({}, 503, retry_after="30")

        assert refused(f"{web.url}/", allowed(total_seconds=5.0))[0] == "server_failed"
        assert len(web.asked) == 1

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            (dropped(), "unreachable"),
            (json_answer({}, 429), "rate_limited"),
            (json_answer({}, 503), "server_failed"),
        ],
    )
    def test_what_does_not_pass_is_given_up(self, web: WebServer, fault: Any, code: str) -> None:
        web.replies["/"] = fault

        found, sentence = refused(f"{web.url}/")

        assert (found, len(web.asked)) == (code, 4)
        assert sentence.endswith("Tried 4 times.")

    @pytest.mark.parametrize(
        ("status", "code"),
        [(400, "request_refused"), (401, "login_refused"), (403, "login_refused"), (404, "not_found"),
         (410, "not_found"), (422, "request_refused"), (500, "server_failed"), (304, "request_refused")],
    )  # fmt: skip
    def test_what_only_people_can_mend_is_not(self, web: WebServer, status: int, code: str) -> None:
        web.replies["/"] = json_answer({"error": "no such team"} if status != 304 else None, status)

        found, sentence = refused(f"{web.url}/")

        assert (found, len(web.asked)) == (code, 1)
        assert f"answered {status}" in sentence
        assert "no such team" in sentence or status == 304

    def test_a_page_for_people_is_not_repeated(self, web: WebServer) -> None:
        web.replies["/"] = answer(b"<html>Maria's private page</html>", 403, "text/html")

        assert "Maria" not in refused(f"{web.url}/")[1]

    def test_where_nothing_listens(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            code, sentence = refused(f"http://localhost:{taken.getsockname()[1]}/")

        assert (code, "nothing answers there" in sentence) == ("unreachable", True)


class TestBounds:
    def test_a_body_that_does_not_end_in_time(self, web: WebServer) -> None:
        web.replies["/"] = slow

        code, sentence = refused(f"{web.url}/", allowed(seconds=0.2))

        assert (code, len(web.asked)) == ("timed_out", 1)
        assert "within 0.2 s" in sentence

    def test_all_requests_together(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({}, 503)

        code, sentence = refused(f"{web.url}/", allowed(total_seconds=0.3, pause_seconds=0.25))

        assert code in ("server_failed", "timed_out")  # given up before a pause, or in it
        assert len(web.asked) < 4
        assert sentence

    def test_cancelling_ends_a_request_at_once(self, web: WebServer) -> None:
        web.replies["/"] = slow
        stopping = allowed()
        threading.Timer(0.2, stopping.stop.set).start()

        began = time.monotonic()
        code, sentence = refused(f"{web.url}/", stopping)

        assert time.monotonic() - began < 5
        assert (code, "cancelled" in sentence) == ("timed_out", True)

    def test_cancelling_ends_a_pause_at_once(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({}, 429, retry_after="50")
        stopping = allowed()
        threading.Timer(0.2, stopping.stop.set).start()

        began = time.monotonic()
        refused(f"{web.url}/", stopping)

        assert time.monotonic() - began < 5

    def test_a_body_that_is_too_large_is_not_read_to_its_end(self, web: WebServer) -> None:
        web.replies["/"] = endless(b"x" * 65_536)

        code, sentence = refused(f"{web.url}/", allowed(body_bytes=1024 * 1024))

        assert (code, len(web.asked)) == ("too_large", 1)
        assert "larger than 1 MiB" in sentence

    def test_a_small_body_that_unpacks_to_a_huge_one(self, web: WebServer) -> None:
        packed = zlib.compressobj(wbits=31)
        bomb = packed.compress(b"0" * 20_000_000) + packed.flush()
        assert len(bomb) < 30_000
        web.replies["/"] = answer(bomb, content_encoding="gzip")

        assert refused(f"{web.url}/", allowed(body_bytes=1024 * 1024))[0] == "too_large"

    def test_a_body_of_just_the_size_is_taken(self, web: WebServer) -> None:
        web.replies["/"] = answer(gzip.compress(b"7" * 1000), content_encoding="gzip")

        assert got(f"{web.url}/", allowed(body_bytes=1000)).body == b"7" * 1000
        assert refused(f"{web.url}/", allowed(body_bytes=999))[0] == "too_large"

    @pytest.mark.parametrize(
        ("body", "coding"),
        [(gzip.compress(b"{}"), "gzip, gzip"), (b"{}", "br"), (b"{}", "gzip"),
         (gzip.compress(b"{}")[:-4], "gzip"),
         (gzip.compress(b"{}") + b"more", "gzip")],
        ids=["packed twice", "another packing", "not packed", "cut off", "more behind"],
    )  # fmt: skip
    def test_packing_that_was_not_asked_for_or_is_broken(
        self, web: WebServer, body: bytes, coding: str
    ) -> None:
        web.replies["/"] = answer(body, content_encoding=coding)

        assert refused(f"{web.url}/")[0] == "bad_answer"

    def test_packed_json_is_read(self, web: WebServer) -> None:
        web.replies["/"] = answer(gzip.compress(b'{"n": 1}'), content_encoding="gzip")

        assert got(f"{web.url}/").json() == {"n": 1}


class TestJson:
    @pytest.mark.parametrize(
        "body", [b"<html>log in</html>", b"", b'{"half": ', b'{"n": NaN}', b"\xff\xfe", b"[" * 100_000]
    )
    def test_what_is_no_json_is_said_and_not_asked_for_again(self, web: WebServer, body: bytes) -> None:
        web.replies["/"] = answer(body, kind="text/html; charset=utf-8")
        found = got(f"{web.url}/")

        with pytest.raises(SourceFailed, match="no JSON") as caught:
            found.json()

        assert (caught.value.source_code, len(web.asked)) == ("not_json", 1)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400


class TestRedirects:
    def test_on_the_same_host_they_are_followed_with_the_login(self, web: WebServer) -> None:
        web.replies |= {"/": redirect("/a?x=1"), "/a": redirect("b", 307), "/b": GOOD}

        assert got(f"{web.url}/", headers={"X-Team": "claims"}).url == f"{web.url}/b"
        assert [asked.headers["x-team"] for asked in web.asked] == ["claims"] * 3

    @pytest.mark.parametrize(
        "location",
        ["http://example.org/", "//example.org/", "http://127.0.0.1:{port}/", "http://localhost:1/",
         "http://user@localhost:{port}/", "ftp://localhost/", "http://[bad/"],
    )  # fmt: skip
    def test_to_anywhere_else_they_are_not(self, web: WebServer, location: str) -> None:
        web.replies["/"] = redirect(location.format(port=web.port))

        assert refused(f"{web.url}/")[0] == "redirect_refused"
        assert len(web.asked) == 1

    def test_round_in_circles_they_end(self, web: WebServer) -> None:
        web.replies |= {"/": redirect("/a"), "/a": redirect("/")}

        code, sentence = refused(f"{web.url}/")

        assert (code, len(web.asked)) == ("redirect_refused", 6)
        assert "more than 5 redirects" in sentence

    def test_a_question_that_is_posted_does_not_become_another(self, web: WebServer) -> None:
        web.replies |= {"/": redirect("/a", 302), "/kept": redirect("/b", 308), "/b": GOOD}

        with opened(f"{web.url}/", allowed()) as session:
            with pytest.raises(SourceFailed, match="turn a POST into a GET"):
                session.post(json={"q": 1})
            session.post("/kept", json={"q": 2})

        assert [(asked.method, json.loads(asked.body)) for asked in web.asked[1:]] == [("POST", {"q": 2})] * 2


class TestHosts:
    def test_this_machine_is_not_asked_unless_it_is_listed(self, web: WebServer) -> None:
        code, sentence = refused(f"{web.url}/", Allowance())

        assert (code, web.asked) == ("host_not_allowed", [])
        assert "BST_SOURCE_HOSTS" in sentence

    @pytest.mark.parametrize(
        "url",
        ["http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
         "http://[::ffff:a9fe:a9fe]/latest/meta-data", "http://169.254.169.254/latest/meta-data", "http://0/"],
    )  # fmt: skip
    def test_however_it_is_written(self, url: str) -> None:
        assert refused(url, Allowance())[0] == "host_not_allowed"

    def test_a_name_that_nobody_knows(self) -> None:
        assert refused("https://no-such-host.invalid/")[0] == "host_not_found"

    def test_a_name_that_leads_elsewhere_the_second_time_is_caught(
        self, web: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The name server is the attacker's: first it names what may be asked, then what may not."""
        answers = iter(["127.0.0.1", "169.254.169.254", "127.0.0.1"])
        named: list[str] = []

        def name_server(host: str, port: int, **_: Any) -> list[Any]:
            named.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(socket, "getaddrinfo", name_server)
        web.replies |= {"/": redirect("/next"), "/next": GOOD}

        code, _ = refused(
            f"http://rebound.test:{web.port}/", allowed(hosts=Hosts.parse("rebound.test, 127.0.0.1"))
        )

        assert code == "host_not_allowed"
        # Each request asks once, and connects to what was answered: no second answer can come between.
        assert named == ["rebound.test"] * 2
        assert [asked.headers["host"] for asked in web.asked] == [f"rebound.test:{web.port}"]

    def test_an_address_that_does_not_answer_leads_to_the_next(
        self, web: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def name_server(host: str, port: int, **_: Any) -> list[Any]:
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in ("127.0.0.2", "127.0.0.1")
            ]

        monkeypatch.setattr(socket, "getaddrinfo", name_server)
        web.replies["/"] = GOOD

        assert got(f"http://two.test:{web.port}/", allowed(hosts=Hosts.parse("127.0.0.0/8"))).status == 200
        assert len(web.asked) == 1

    def test_no_proxy_connects_in_our_place(self, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        web.replies["/"] = GOOD
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")

        assert got(f"{web.url}/").status == 200


class TestPages:
    def walked(self, web: WebServer, following: Any, **options: Any) -> list[Any]:
        with opened(f"{web.url}/", allowed()) as session:
            walk = pages(session, Step(), lambda a: a.json()["rows"], following, **options)
            return [row for page in walk for row in page.rows]

    @staticmethod
    def by_link(page: Any) -> Step | None:
        link = next_link(page.answer)
        return None if link is None else Step(link)

    def test_a_next_page_on_another_host_is_refused(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({"rows": [1]}, link='<http://example.org/2>; rel="next"')

        with pytest.raises(SourceFailed, match="next page on another host") as caught:
            self.walked(web, self.by_link)

        assert caught.value.source_code == "host_not_allowed"

    def test_a_connection_that_breaks_amid_a_page_loses_and_doubles_nothing(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({"rows": [1, 2]}, link='</2>; rel="next"')
        web.replies["/2"] = in_turn(dropped(b'{"rows": [3, 4]'), json_answer({"rows": [3, 4, 5]}))

        assert self.walked(web, self.by_link) == [1, 2, 3, 4, 5]

    def test_a_page_that_is_asked_for_twice_is_noticed(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({"rows": [1]}, link='</2>; rel="next"')
        web.replies["/2"] = json_answer({"rows": [2]}, link='</3>; rel="next"')
        web.replies["/3"] = json_answer({"rows": [3]}, link='</2>; rel="next"')

        with pytest.raises(SourceFailed, match="page 2 is asked for a second time as page 4") as caught:
            self.walked(web, self.by_link)

        assert caught.value.source_code == "page_repeats"

    def test_a_server_that_gives_the_same_page_for_ever_is_noticed(self, web: WebServer) -> None:
        web.replies["/"] = json_answer({"rows": [1, 2]})

        with pytest.raises(SourceFailed, match="page 1 has the same rows again as page 2"):
            self.walked(web, lambda page: Step(params={"page": str(page.number + 1)}))

    def test_there_are_no_more_than_the_bound(self, web: WebServer) -> None:
        web.replies["/"] = in_turn(*[json_answer({"rows": [n]}) for n in range(9)])

        def on(page: Any) -> Step:
            return Step(params={"page": str(page.number + 1)})

        with pytest.raises(SourceFailed, match="more than 5 pages") as caught:
            self.walked(web, on, most=5)

        assert (caught.value.source_code, len(web.asked)) == ("too_many_pages", 5)

    @pytest.mark.parametrize(
        ("header", "target"),
        [
            ('<https://a/?page=2>; rel="next", <https://a/?page=9>; rel="last"', "https://a/?page=2"),
            ('<https://a/?page=1>; rel="prev", </?q=a,b;c>; title="x, y; rel=z"; rel=next', "/?q=a,b;c"),
            ('</2>;rel="last next"', "/2"),
            ("</2>; REL=NEXT", "/2"),
            ('</2>; rel="nextpage"', None),
            ("", None),
            ("</2>", None),
        ],
    )
    def test_the_link_to_the_next_one(self, header: str, target: str | None) -> None:
        assert next_link(Answer("", 200, {"link": header}, b"", "", str)) == target


class TestSecrets:
    def test_none_comes_back_in_words_whatever_the_server_repeats(
        self, web: WebServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        secret = "Pläntéd/se+cret 7"
        environment = {"PW": secret, "HEAD": "planted-head", "PATH_PART": secret}

        def echoing(to: Any) -> None:
            said = {"saw": [to.path, dict(to.headers.items())]}
            json_answer(said, 400)(to)

        web.replies["/api/Pl%C3%A4nt%C3%A9d%2Fse%2Bcret%207"] = echoing
        _, sentence = refused(
            f"{web.url}/api/${{PATH_PART}}?t=${{PW}}",
            allowed(environment=environment),
            auth=Auth(user="reader", password="${PW}"),
            headers={"X-Key": "${HEAD}"},
        )

        assert web.asked[0].headers["x-key"] == "planted-head"
        everything = sentence + caplog.text
        for form in (
            secret,
            "Pl%C3%A4nt",
            "se%2Bcret",
            "planted-head",
            web.asked[0].headers["authorization"][6:],
        ):
            assert form not in everything
        assert "${PATH_PART}" in sentence

    @pytest.mark.parametrize("value", ["two\nlines", "Authorization: x\r\nEvil: y", "accént"])
    def test_a_value_that_no_header_may_have_is_refused_and_not_repeated(
        self, web: WebServer, value: str
    ) -> None:
        code, sentence = refused(
            f"{web.url}/", allowed(environment={"HEAD": value}), headers={"X-Key": "${HEAD}"}
        )

        assert (code, web.asked) == ("bad_header", [])
        assert value not in sentence
        assert "x-key" in sentence

    @pytest.mark.parametrize("name", ["Host", "Content-Length", "Transfer-Encoding", "Accept-Encoding"])
    def test_headers_that_the_program_lives_by_are_its_own(self, web: WebServer, name: str) -> None:
        assert refused(f"{web.url}/", headers={name: "x"})[0] == "bad_header"

    def test_the_server_is_told_who_asks(self, web: WebServer) -> None:
        web.replies["/"] = GOOD
        got(f"{web.url}/")

        assert web.asked[0].headers["user-agent"].startswith("business-service-teams/")
