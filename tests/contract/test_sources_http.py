"""The `http` source against a real web server: JSON, CSV, pages, shares, and what is wrong with an answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import ValidationError

from activities.sources.allowance import Allowance
from activities.sources.hosts import Hosts
from domain.sources import HttpSource
from tests.measuring import failure, pairs, read, reads_well
from tests.web_server import WebServer, answer, in_turn, json_answer, web_server

WEEKS: list[dict[str, Any]] = [
    {"period": "2013-01-07", "value": 3, "late": 1, "sent": 4, "at": 1357516800},
    {"period": "2013-01-14T08:00:00Z", "value": None, "late": 0, "sent": 0, "at": 1358121600},
    {"period": "2013-01-21", "value": 4.5, "late": 5, "sent": 8, "at": 1358726400},
]
ALL = [(0, 3.0), (2, 4.5)]
MACHINE = Hosts.parse("localhost")


@pytest.fixture(scope="module")
def running() -> Iterator[WebServer]:
    with web_server() as web:
        yield web


@pytest.fixture
def web(running: WebServer) -> WebServer:
    running.replies.clear()
    running.asked.clear()
    return running


def http(web: WebServer, path: str = "/", **keys: Any) -> HttpSource:
    return HttpSource.model_validate({"kind": "http", "url": f"{web.url}{path}", **keys})


def values(source: HttpSource, root: Path, **options: Any) -> list[tuple[int, float]]:
    return pairs(
        read(source, root, **{"allowance": Allowance(hosts=MACHINE, pause_seconds=0.001), **options})
    )


def wrong(source: HttpSource, root: Path, **options: Any) -> tuple[str, str]:
    code, sentence = failure(source, root, **{"allowance": Allowance(hosts=MACHINE), **options})
    reads_well(sentence, root)
    return code, sentence


@pytest.mark.parametrize(
    ("body", "keys", "expected"),
    [
        (WEEKS, {}, ALL),
        ({"data": {"weeks": WEEKS}}, {"rows": "data.weeks"}, ALL),
        ({"data": {"weeks": WEEKS}}, {"rows": "data.weeks[?value]", "value": "value"}, ALL),
        (WEEKS, {"numerator": "late", "denominator": "sent"}, [(0, 0.25), (2, 0.625)]),
        (WEEKS, {"period": "at", "time": "unix"}, ALL),
        ([{"t": 1357516800000, "v": "7.5"}], {"period": "t", "time": "unix_ms", "value": "to_number(v)"},
         [(0, 7.5)]),
        ([["2013-01-07", 3]], {"period": "[0]", "value": "[1]"}, [(0, 3.0)]),
        ([{"period": "2013-01-07", "stats": None}], {"value": "stats.mean"}, []),
    ],
)  # fmt: skip
def test_json_becomes_observations(
    web: WebServer, tmp_path: Path, body: Any, keys: dict[str, Any], expected: list[tuple[int, float]]
) -> None:
    web.replies["/"] = json_answer(body)

    assert values(http(web, **keys), tmp_path) == expected


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("period,value\n2013-01-07,3\n2013-01-14,\n2013-01-21,4.5\n", {}, ALL),
        (
            "\ufeffWeek;Days\r\n2013-01-07; 3 \r\n\r\n2013-01-21;4.5\r\n",
            {"period": "Week", "value": "Days"},
            ALL,
        ),
        ('period\tvalue\n2013-01-07\t"3"\n', {}, [(0, 3.0)]),
        ("period,late,sent\n2013-01-07,1,4\n", {"numerator": "late", "denominator": "sent"}, [(0, 0.25)]),
        ("at,value\n1357516800,3\n", {"period": "at", "time": "unix"}, [(0, 3.0)]),
    ],
)
def test_csv_becomes_observations(
    web: WebServer, tmp_path: Path, text: str, keys: dict[str, Any], expected: list[tuple[int, float]]
) -> None:
    web.replies["/"] = answer(text.encode(), kind="text/csv")

    assert values(http(web, format="csv", **keys), tmp_path) == expected


@pytest.mark.parametrize(
    ("cadence", "zone", "since", "through", "asked"),
    [
        ("weekly", "UTC", "2013-01-07", "2013-01-14", "2013-01-07 2013-01-21 2013-01-20 1357516800"),
        ("monthly", "UTC", "2013-01", "2013-02", "2013-01-01 2013-03-01 2013-02-28 1356998400"),
        ("daily", "Europe/Berlin", "2013-03-31", "2013-03-31", "2013-03-31 2013-04-01 2013-03-31 1364684400"),
        ("hourly", "UTC", "2013-01-07T05", "2013-01-07T06",
         "2013-01-07T05:00:00Z 2013-01-07T07:00:00Z 2013-01-07T06:00:00Z 1357534800"),
    ],
)  # fmt: skip
def test_the_server_is_asked_for_what_is_new(
    web: WebServer, tmp_path: Path, cadence: str, zone: str, since: str, through: str, asked: str
) -> None:
    web.replies["/x"] = json_answer([])
    source = http(web, "/x?a={since}", params={"b": "{until}", "c": "{last}", "d": "{since_unix}"})

    assert values(source, tmp_path, cadence=cadence, zone=zone, since=since, through=through) == []
    assert list(web.asked[0].params.values()) == asked.split()


def test_secrets_in_parameters_are_filled_in_as_they_are(web: WebServer, tmp_path: Path) -> None:
    web.replies["/"] = json_answer(WEEKS)
    allowance = Allowance(hosts=MACHINE, environment={"TOKEN": "a&b={since} c"})

    values(http(web, params={"token": "${TOKEN}", "note": "{since}"}), tmp_path, allowance=allowance)

    assert web.asked[0].params == {"token": "a&b={since} c", "note": "2013-01-07"}


class TestPages:
    first, second, third = WEEKS

    def test_by_the_link_header(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/api/weeks"] = json_answer([self.first], link='<weeks2?p=2>; rel="next"')
        web.replies["/api/weeks2"] = json_answer([self.second, self.third])

        assert values(http(web, "/api/weeks", pages={"by": "link"}), tmp_path) == ALL
        assert [asked.target for asked in web.asked] == ["/api/weeks", "/api/weeks2?p=2"]

    @pytest.mark.parametrize("end", [{}, {"meta": {"next": None}}, {"meta": {"next": ""}}])
    def test_by_an_address_in_the_answer(self, web: WebServer, tmp_path: Path, end: Any) -> None:
        web.replies["/"] = json_answer({"rows": [self.first], "meta": {"next": f"{web.url}/2?x=1"}})
        web.replies["/2"] = json_answer({"rows": [self.third], **end})
        pages = {"by": "next", "next": "meta.next"}

        assert values(http(web, rows="rows", pages=pages, params={"size": "1"}), tmp_path) == ALL
        assert [asked.params for asked in web.asked] == [{"size": "1"}, {"x": "1"}]

    def test_by_a_cursor(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/"] = in_turn(
            json_answer({"rows": [self.first], "after": "c/1"}),
            json_answer({"rows": [], "after": 7}),
            json_answer({"rows": [self.third], "after": None}),
        )
        pages = {"by": "cursor", "next": "after", "param": "cursor"}

        assert values(http(web, rows="rows", pages=pages, params={"size": "1"}), tmp_path) == ALL
        assert [asked.params for asked in web.asked] == [
            {"size": "1"}, {"size": "1", "cursor": "c/1"}, {"size": "1", "cursor": "7"}
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("pages", "asked"),
        [
            ({"by": "page", "param": "p"}, ["1", "2", "3"]),
            ({"by": "page", "param": "p", "first": 0}, ["0", "1", "2"]),
            ({"by": "offset", "param": "p"}, ["0", "2", "3"]),
        ],
    )
    def test_by_counting_up_to_an_empty_one(
        self, web: WebServer, tmp_path: Path, pages: Any, asked: list[str]
    ) -> None:
        web.replies["/"] = in_turn(
            json_answer([self.first, self.second]), json_answer([self.third]), json_answer([])
        )

        assert values(http(web, pages=pages), tmp_path) == ALL
        assert [request.params["p"] for request in web.asked] == asked

    def test_csv_is_counted_too(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/"] = in_turn(
            answer(b"period,value\n2013-01-07,3\n"), answer(b"period,value\n2013-01-21,4.5\n"), answer(b"")
        )

        source = http(web, format="csv", pages={"by": "page", "param": "p"})

        assert values(source, tmp_path) == ALL

    def test_a_parameter_that_the_server_ignores_is_noticed(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/"] = json_answer(WEEKS)

        assert wrong(http(web, pages={"by": "page", "param": "p"}), tmp_path)[0] == "page_repeats"

    def test_a_period_on_two_pages_is_refused(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/"] = in_turn(json_answer(WEEKS[:2]), json_answer(WEEKS[1:]), json_answer([]))

        assert wrong(http(web, pages={"by": "page", "param": "p"}), tmp_path)[0] == "duplicate_period"

    def test_more_than_the_charter_allows(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/"] = in_turn(*[json_answer([row]) for row in WEEKS])

        assert (
            wrong(http(web, pages={"by": "page", "param": "p", "most": 2}), tmp_path)[0] == "too_many_pages"
        )

    def test_a_next_mark_of_another_kind(self, web: WebServer, tmp_path: Path) -> None:
        web.replies["/"] = json_answer({"rows": WEEKS, "next": ["x"]})
        pages = {"by": "next", "next": "next"}

        code, sentence = wrong(http(web, rows="rows", pages=pages), tmp_path)

        assert (code, "leads to list" in sentence) == ("bad_path", True)


@pytest.mark.parametrize(
    ("body", "keys", "code", "said"),
    [
        ([], {}, "empty", "no row"),
        ({"weeks": WEEKS}, {}, "bad_path", "leads to dict, not to a list; there are weeks."),
        ({"weeks": WEEKS}, {"rows": "week"}, "bad_path", "leads to null"),
        (
            [{"period": "2013-01-07", "days": 3}],
            {},
            "no_such_column",
            "no row has `value` (value); there are",
        ),
        ([{"period": "2013-01-07", "valeu": 3}], {}, "no_such_column", "Did you mean valeu?"),
        ([{"week": "2013-01-07", "value": 3}], {}, "no_such_column", "no row has `period`"),
        ([{"period": "2013-01-07", "value": "3"}], {}, "not_a_number", "to_number(value)"),
        ([{"period": "2013-01-07", "value": True}], {}, "not_a_number", "row 1"),
        ([{"period": "2013-01-07", "value": [1]}], {}, "not_a_number", "row 1"),
        ([{"period": 1357516800, "value": 1}], {}, "bad_period", "time: unix"),
        ([{"period": "x", "value": 1}], {"time": "unix"}, "bad_period", "is no number"),
        ([{"period": 1e30, "value": 1}], {"time": "unix"}, "bad_period", "no moment"),
        ([{"period": "07.01.2013", "value": 1}], {}, "bad_period", "row 1"),
        ([{"period": None, "value": 1}], {}, "bad_period", "row 1"),
        ([*WEEKS, WEEKS[0]], {}, "duplicate_period", "row 4"),
        (
            [{**WEEKS[0], "late": 9}],
            {"numerator": "late", "denominator": "sent"},
            "bad_share",
            "more than all",
        ),
        (WEEKS, {"rows": "[?"}, "bad_path", "`rows` is no JMESPath"),
        (WEEKS, {"value": "no_such(value)"}, "bad_path", "cannot be followed"),
        (WEEKS, {"value": "length(value)"}, "bad_path", "cannot be followed"),
    ],
)
def test_what_is_wrong_with_json_is_said(
    web: WebServer, tmp_path: Path, body: Any, keys: dict[str, Any], code: str, said: str
) -> None:
    web.replies["/"] = json_answer(body)

    found, sentence = wrong(http(web, **keys), tmp_path)

    assert (found, said in sentence) == (code, True), sentence


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (b"", "empty", "no row"),
        (b"period,value\n", "empty", "no row"),
        (
            b"week,value\n2013-01-07,3\n",
            "no_such_column",
            "no column is named period; there are week, value.",
        ),
        (b"period,value,value\n2013-01-07,3,4\n", "no_such_column", "2 columns are named value"),
        (b"period,value\n2013-01-07,3,4\n", "bad_answer", "line 2 is no CSV: 3 cells under 2 names"),
        (b'period,value\n2013-01-07,"3\n', "bad_answer", "no CSV"),
        (b"period,value\n2013-01-07,n/a\n", "not_a_number", "row 1"),
        (b"period;value\n2013-01-07;1,5\n", "not_a_number", "decimal point"),
        (b"period,value\n2013-01-07,NaN\n", "not_a_number", "row 1"),
        (b"period,value\n2013-01-07,\xff\n", "not_text", "no UTF-8"),
    ],
)
def test_what_is_wrong_with_csv_is_said(
    web: WebServer, tmp_path: Path, text: bytes, code: str, said: str
) -> None:
    web.replies["/"] = answer(text, kind="text/csv")

    found, sentence = wrong(http(web, format="csv"), tmp_path)

    assert (found, said in sentence) == (code, True), sentence


def test_rows_are_bounded(web: WebServer, tmp_path: Path) -> None:
    web.replies["/"] = json_answer(WEEKS)

    assert wrong(http(web), tmp_path, allowance=Allowance(hosts=MACHINE, rows=2))[0] == "too_many_rows"


def test_a_year_of_hours_is_read(web: WebServer, tmp_path: Path) -> None:
    rows = [{"period": 1356998400 + 3600 * n, "value": n} for n in range(8760)]
    web.replies["/"] = json_answer(rows)
    allowance = Allowance(hosts=MACHINE)
    year = {"cadence": "hourly", "since": "2013-01-01T00", "through": "2013-12-31T23"}

    found = read(http(web, time="unix"), tmp_path, allowance=allowance, **cast("Any", year))

    assert [o.value for o in found] == list(range(8760))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"url": "https://a/{sinse}"}, "{sinse} stands for nothing"),
        ({"params": {"a": "{from}"}}, "{from} stands for nothing"),
        ({"value": "v", "numerator": "n", "denominator": "d"}, "write one of the two"),
        ({"numerator": "n"}, "go together"),
        ({"format": "csv", "rows": "x"}, "no use for `rows`"),
        ({"format": "csv", "pages": {"by": "next", "next": "x"}}, "needs `format: json`"),
        ({"pages": {"by": "cursor", "next": "x"}}, "needs `param`"),
        ({"pages": {"by": "link", "param": "x"}}, "has no use for `param`"),
        ({"pages": {"by": "next", "next": "x", "first": 1}}, "has no use for `first`"),
        ({"auth": {"user": "a"}}, "`user` and `password`, or `bearer`"),
        ({"auth": {"user": "a", "password": "${B}", "bearer": "${C}"}}, "`bearer` alone"),
        ({"tls": {"cert": "${A}"}}, "go together"),
        ({"headers": {"a b": "x"}}, "headers"),
    ],
)
def test_a_charter_that_cannot_be_meant_is_refused(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HttpSource.model_validate({"kind": "http", "url": "https://a/", **keys})

    assert said in str(caught.value)
