"""The `prometheus` source against a real Prometheus: values at the ends of periods, gaps, logins."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from pydantic import ValidationError

from activities.sources.allowance import Allowance
from activities.sources.hosts import Hosts
from activities.sources.prometheus_plan import batches
from activities.sources.window import Window
from domain.measurement import Observation
from domain.periods import Cadence, Calendar, end_of, parse_label
from domain.sources import PrometheusSource
from tests.measuring import failure, files, flights, pairs, read, reads_well
from tests.prometheus import prometheus, victoria_metrics
from tests.web_server import WebServer, answer, json_answer, web_server

MACHINE = Hosts.parse("127.0.0.1")
# bcrypt of `prom-secret`, as the server's configuration wants it.
HASHED = "$2b$04$0tGTdndGm6AoW6RV5Z6IXOns8dxCRlMLvzvsw5LWP4p9xRG360qly"
LATE = (
    "select date_trunc('week', time_hour) as period, count(*) as denominator, "
    "count(*) filter (try_cast(dep_delay as int) > 15) as numerator from data group by 1"
)
WEEKS = ("2013-01-07", "2013-02-18")


def ends(cadence: Cadence, first: str, last: str, zone: str = "UTC") -> list[int]:
    """Return the ends of the periods, in seconds since 1970."""
    calendar = Calendar(cadence, zone)
    span = range(parse_label(first, calendar), parse_label(last, calendar) + 1)
    return [int(end_of(period, calendar).timestamp()) for period in span]


def flight_counters(found: tuple[Observation, ...]) -> list[str]:
    """Count the flights up to the end of each week: how many were planned, and how many left late."""
    late, planned, lines = 0.0, 0.0, {"flights_late": [], "flights": []}  # type: ignore[var-annotated]
    for end, week in zip(ends("weekly", *WEEKS), found, strict=True):
        assert week.denominator is not None
        late, planned = late + round(week.value * week.denominator), planned + week.denominator
        lines["flights_late"].append(f"flights_late_total {late} {end}")
        lines["flights"].append(f"flights_total {planned} {end}")
    return [line for name, samples in lines.items() for line in (f"# TYPE {name} counter", *samples)]


def gauge(name: str, samples: list[tuple[str, float, int]]) -> list[str]:
    """Return the samples (labels, value, second) of a gauge."""
    return [f"# TYPE {name} gauge", *(f"{name}{labels} {value} {at}" for labels, value, at in samples)]


@pytest.fixture(scope="module")
def by_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Observation, ...]:
    """The real flights of some weeks, and the share of them that left late, as their file has them."""
    folder = tmp_path_factory.mktemp("flights")
    flights(folder)
    return read(files("flights.csv", LATE), folder, since=WEEKS[0], through=WEEKS[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, by_file: tuple[Observation, ...]) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("prometheus")
    week = ends("weekly", *WEEKS)
    days = ends("daily", "2013-03-29", "2013-04-02", "Europe/Berlin")
    months = ends("monthly", "2013-01", "2013-02")
    nan, infinite = float("nan"), float("inf")
    samples = [
        *flight_counters(by_file),
        *gauge("gaps", [("", 1, week[0]), ("", nan, week[1]), ("", infinite, week[3]), ("", -2.5, week[4]),
                        ("", 7, week[5] - 301), ("", 8, week[6] - 299)]),
        *gauge("two", [(f'{{pod="{pod}"}}', 1, at) for pod in "ab" for at in week[:2]]),
        *gauge("moved", [('{pod="a"}', 1, week[0]), ('{pod="b"}', 2, week[1])]),
        *gauge("berlin", [("", float(at), at) for at in days]),
        *gauge("monthly", [("", float(place), at) for place, at in enumerate(months)]),
        *gauge("hours", [("", float(at), at) for at in ends("hourly", "2013-01-07T00", "2013-01-07T05")]),
    ]  # fmt: skip
    with prometheus(folder, samples) as place:
        yield f"http://{place}"


def source(url: str, query: str | None = None, **keys: Any) -> PrometheusSource:
    return PrometheusSource.model_validate({"kind": "prometheus", "url": url, "query": query, **keys})


def values(asked: PrometheusSource, **options: Any) -> list[tuple[int, float]]:
    plain = {
        "since": WEEKS[0],
        "through": WEEKS[1],
        "allowance": Allowance(hosts=MACHINE, pause_seconds=0.001),
    }
    return pairs(read(asked, Path(), **{**plain, **options}))


def wrong(asked: PrometheusSource, **options: Any) -> tuple[str, str]:
    plain = {
        "since": WEEKS[0],
        "through": WEEKS[1],
        "allowance": Allowance(hosts=MACHINE, pause_seconds=0.001),
    }
    code, sentence = failure(asked, Path(), **{**plain, **options})
    reads_well(sentence, Path("/no/such"))
    return code, sentence


def test_real_flights_are_counted_as_their_file_counts_them(
    server: str, by_file: tuple[Observation, ...]
) -> None:
    counted = source(
        server,
        numerator="flights_late_total - flights_late_total offset 1w",
        denominator="flights_total - flights_total offset {period}",
    )
    window: dict[str, Any] = {"since": "2013-01-14", "through": WEEKS[1]}

    by_server = read(counted, Path(), allowance=Allowance(hosts=MACHINE), **window)

    assert by_server == by_file[1:]
    assert all(6000 < (week.denominator or 0) < 6400 for week in by_server)


def test_what_is_no_number_missing_or_too_old_is_a_gap(server: str) -> None:
    """One sample is 299 seconds old at its week's end and counts; one of 301 seconds is stale."""
    assert values(source(server, "gaps")) == [(0, 1.0), (4, -2.5), (6, 8.0)]


@pytest.mark.parametrize("week", range(7))
def test_week_by_week_the_answer_is_the_same(server: str, week: int) -> None:
    whole = dict(values(source(server, "gaps")))
    day = datetime.fromtimestamp(ends("weekly", *WEEKS)[week] - 1, UTC).date().isoformat()

    alone = values(source(server, "gaps"), since=day, through=day)

    assert alone == ([(week, whole[week])] if week in whole else [])


def test_what_is_there_is_found_without_knowing_since_when(server: str) -> None:
    assert values(source(server, "gaps"), since=None) == [(0, 1.0), (4, -2.5), (6, 8.0)]


def test_a_query_that_gives_nothing_is_all_gaps(server: str) -> None:
    assert values(source(server, "no_such_metric")) == []


def test_scalars_and_aggregates_are_series_too(server: str) -> None:
    assert values(source(server, "sum(two) or vector(0)"))[:3] == [(0, 2.0), (1, 2.0), (2, 0.0)]
    assert values(source(server, "42"), since=WEEKS[0], through=WEEKS[0]) == [(0, 42.0)]
    assert values(source(server, "1 / scalar(gaps)"))[0] == (0, 1.0)


def test_a_share_needs_both_of_its_parts(server: str) -> None:
    share = source(server, numerator="gaps * 0 + 1", denominator="two{pod='a'} * 4")

    assert values(share) == [(0, 0.25)]


def test_days_on_which_clocks_change_end_when_they_end(server: str) -> None:
    """In Berlin, 31 March 2013 has 23 hours: the value of `berlin` is the second that it is of."""
    window: dict[str, Any] = {"since": "2013-03-29", "through": "2013-04-02", "zone": "Europe/Berlin"}
    allowance = Allowance(hosts=MACHINE)

    found = read(source(server, "berlin"), Path(), cadence="daily", allowance=allowance, **window)
    lengths = read(
        source(server, "berlin - berlin offset {period}"), Path(), cadence="daily",
        allowance=allowance, **window | {"since": "2013-03-30"},
    )  # fmt: skip

    assert [o.value for o in found] == ends("daily", "2013-03-29", "2013-04-02", "Europe/Berlin")
    assert [o.value / 3600 for o in lengths] == [24, 23, 24, 24]


def test_months_of_any_length_and_hours(server: str) -> None:
    allowance = Allowance(hosts=MACHINE)

    months = read(source(server, "monthly"), Path(), cadence="monthly", since="2013-01", through="2013-03",
                  allowance=allowance)  # fmt: skip
    hours = read(source(server, "hours"), Path(), cadence="hourly", since="2013-01-07T00",
                 through="2013-01-07T07", allowance=allowance)  # fmt: skip

    assert [o.value for o in months] == [0, 1]
    assert [o.value for o in hours] == ends("hourly", "2013-01-07T00", "2013-01-07T05")


def test_more_hours_than_the_server_gives_at_once(server: str) -> None:
    """It refuses more than 11,000 points; this is one more than that."""
    found = read(
        source(server, "vector(time())"), Path(), cadence="hourly", since="2011-01-01T00",
        through="2012-04-07T08", allowance=Allowance(hosts=MACHINE),
    )  # fmt: skip

    assert [o.value for o in found] == ends("hourly", "2011-01-01T00", "2012-04-07T08")


def test_the_ends_of_a_query_are_those_of_each_period(server: str) -> None:
    """`@ end()` would be the end of all weeks in one range query."""
    assert values(source(server, "gaps @ end()")) == values(source(server, "gaps"))


@pytest.mark.parametrize("query", ["two", "moved"])
def test_more_than_one_series_is_refused_with_their_labels(server: str, query: str) -> None:
    code, sentence = wrong(source(server, query))

    assert code == "too_many_series"
    assert f'{{__name__="{query}", pod="a"}}; {{__name__="{query}", pod="b"}}' in sentence


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sum(", "unclosed left parenthesis"),
        ("gaps{pod=~'['}", "missing closing ]"),
        ("gaps[1w]", "must be Scalar or instant Vector"),
        ("two * on() two", "duplicate series"),
        (f"gaps + 0 * {'1 + ' * 300}sum(", "unclosed left parenthesis"),
    ],
    ids=["no promql", "no pattern", "a range", "no match", "too long for an address"],
)
def test_a_wrong_query_is_told_in_the_servers_words(server: str, query: str, said: str) -> None:
    code, sentence = wrong(source(server, query), through=WEEKS[0] if said.startswith("dup") else WEEKS[1])

    assert (code, said in sentence) == ("query_failed", True), sentence


def test_a_wrong_path_is_told(server: str) -> None:
    assert wrong(source(f"{server}/wrong", "gaps"))[0] == "not_found"


@pytest.fixture(scope="module")
def basic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks for a password."""
    config = f"basic_auth_users: {{reader: '{HASHED}'}}\n"
    with prometheus(tmp_path_factory.mktemp("basic"), web_config=config) as place:
        yield f"http://{place}"


class TestLogins:
    def test_basic(self, basic: str) -> None:
        right = Allowance(hosts=MACHINE, environment={"PW": "prom-secret"})
        other = Allowance(hosts=MACHINE, environment={"PW": "planted-secret"})
        asked = source(basic, "vector(1)", auth={"user": "reader", "password": "${PW}"})

        assert len(values(asked, allowance=right)) == 7
        code, sentence = wrong(asked, allowance=other)
        assert (code, "planted" in sentence) == ("login_refused", False)
        assert wrong(source(basic, "vector(1)"))[0] == "login_refused"

    def test_certificates(self, tmp_path: Path) -> None:
        ca = trustme.CA()
        served, own = ca.issue_cert("127.0.0.1"), ca.issue_cert("worker.example.org")
        ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        served.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
        served.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
        config = (
            "tls_server_config: {cert_file: cert.pem, key_file: key.pem, client_ca_file: ca.pem, "
            "client_auth_type: RequireAndVerifyClientCert}\n"
        )
        environment = {
            "CA": ca.cert_pem.bytes().decode(),
            "CERT": own.cert_chain_pems[0].bytes().decode(),
            "KEY": own.private_key_pem.bytes().decode(),
        }
        allowance = Allowance(hosts=MACHINE, environment=environment)
        with prometheus(tmp_path, web_config=config) as place:
            whole = {"ca": "${CA}", "cert": "${CERT}", "key": "${KEY}"}

            assert len(values(source(f"https://{place}", "vector(1)", tls=whole), allowance=allowance)) == 7
            nobody = source(f"https://{place}", "vector(1)", tls={"ca": "${CA}"})
            assert wrong(nobody, allowance=allowance)[0] == "tls_failed"
            assert wrong(source(f"https://{place}", "vector(1)"))[0] == "tls_failed"


def test_victoria_metrics_gives_what_prometheus_gives(server: str, tmp_path: Path) -> None:
    """Also for a single week, of which an instant query of it would say something else."""
    week = ends("weekly", *WEEKS)
    # Each has a sample on the day before, too: a series without one is not looked for up to midnight itself.
    older = [(99.0, at - 3600) for at in week]
    samples = [(1.0, week[0]), (-2.5, week[4]), (7.0, week[5] - 301), (8.0, week[6] - 299)]
    lines = [
        f"gaps {value} {at}000" for value, at in sorted([*older, *samples], key=lambda sample: sample[1])
    ]
    with victoria_metrics(tmp_path, lines) as place:
        for url in (f"http://{place}", f"http://{place}/prometheus"):
            assert values(source(url, "gaps")) == values(source(server, "gaps"))
        alone = [
            values(source(f"http://{place}", "gaps"), since=day, through=day)
            for day in ("2013-01-07", "2013-01-14", "2013-02-11", "2013-02-18")
        ]
        code, _ = wrong(source(f"http://{place}", "sum("))

    assert alone == [[(0, 1.0)], [], [], [(6, 8.0)]]
    assert code == "query_failed"


class TestKin:
    """What Thanos, Mimir and VictoriaMetrics may answer: their documented forms, by a server of ours."""

    @pytest.fixture
    def web(self) -> Iterator[WebServer]:
        with web_server() as running:
            yield running

    @staticmethod
    def matrix(*series: dict[str, Any], **beside: Any) -> Any:
        return json_answer(
            {"status": "success", "data": {"resultType": "matrix", "result": series}, **beside}
        )

    def asked(self, web: WebServer, reply: Any, **keys: Any) -> PrometheusSource:
        web.replies["/select/0/prometheus/api/v1/query_range"] = reply
        return source(f"http://127.0.0.1:{web.port}/select/0/prometheus/", "x", **keys)

    def test_tenant_token_and_prefix_are_sent(self, web: WebServer) -> None:
        first, second = ends("weekly", *WEEKS)[:2]
        asked = self.asked(
            web,
            self.matrix({"metric": {}, "values": [[first, "1"], [float(second), "+Inf"]]}, infos=["an info"]),
            headers={"X-Scope-OrgID": "claims"},
            auth={"bearer": "${TOKEN}"},
        )
        allowance = Allowance(hosts=MACHINE, environment={"TOKEN": "t-1"})

        assert values(asked, allowance=allowance) == [(0, 1.0)]
        [request] = web.asked
        assert (request.headers["x-scope-orgid"], request.headers["authorization"]) == (
            "claims",
            "Bearer t-1",
        )
        assert {name: request.params[name] for name in ("step", "partial_response", "nocache")} == {
            "step": "604800", "partial_response": "false", "nocache": "1"
        }  # fmt: skip

    @pytest.mark.parametrize(
        "beside",
        [{"warnings": ["store 10.0.0.7 did not answer"]}, {"isPartial": True}],
        ids=["thanos", "victoria"],
    )
    def test_an_answer_in_part_is_not_taken(self, web: WebServer, beside: dict[str, Any]) -> None:
        asked = self.asked(
            web, self.matrix({"metric": {}, "values": [[ends("weekly", *WEEKS)[0], "1"]]}, **beside)
        )

        assert wrong(asked)[0] == "partial_answer"

    @pytest.mark.parametrize(
        "data",
        [
            {"resultType": "matrix", "result": [{"metric": {}, "values": [[1357776000, "1"]]}]},
            {"resultType": "matrix", "result": [{"metric": {}, "histograms": []}]},
            {"resultType": "matrix", "result": [{"metric": {}, "values": [[1358121600.5, "1"]]}]},
            {"resultType": "matrix", "result": [{"metric": {}, "values": [[1358121600, "one"]]}]},
            {"resultType": "string", "result": [1358121600, "one"]},
            {"resultType": "matrix", "result": None},
            {},
        ],
        ids=["moved to Thursday", "histogram", "half a second", "text", "string", "nothing", "empty"],
    )
    def test_an_answer_of_another_form_or_of_other_moments_is_not_taken(
        self, web: WebServer, data: Any
    ) -> None:
        assert wrong(self.asked(web, json_answer({"status": "success", "data": data})))[0] == "bad_answer"

    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (
                json_answer({"status": "error", "errorType": "timeout", "error": "query timed out"}, 503),
                "server_failed",
            ),
            (json_answer({"status": "error", "error": "unsupported"}), "query_failed"),
            (json_answer(["not", "prometheus"]), "bad_answer"),
            (answer(b"<html>", kind="text/html"), "not_json"),
            (answer(b"no org id", 401, "text/plain"), "login_refused"),
        ],
    )
    def test_what_else_may_be_answered(self, web: WebServer, reply: Any, code: str) -> None:
        assert wrong(self.asked(web, reply))[0] == code


@pytest.mark.parametrize(
    ("cadence", "zone", "since", "through", "sizes"),
    [
        ("weekly", "UTC", "2013-01-07", "2013-12-30", [52]),
        ("hourly", "UTC", "2013-01-01T00", "2014-12-31T23", [10_000, 7_520]),
        ("monthly", "UTC", "2013-01", "2013-12", [1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]),
        ("daily", "Europe/Berlin", "2013-01-01", "2013-12-31", [89, 1, 209, 1, 65]),
        ("daily", "Pacific/Apia", "2011-12-29", "2012-01-01", [3]),
    ],
)
def test_periods_are_asked_for_in_as_few_queries_as_may_be(
    cadence: Cadence, zone: str, since: str, through: str, sizes: list[int]
) -> None:
    calendar = Calendar(cadence, zone)
    window = Window(cadence, parse_label(since, calendar), parse_label(through, calendar), zone)

    planned = batches(window, ["x"])

    assert [len(batch.periods) for batch in planned] == sizes
    moments = [batch.first + place * batch.length for batch in planned for place in range(len(batch.periods))]
    asked = [period for batch in planned for period in batch.periods]
    assert moments == [int(end_of(period, calendar).timestamp()) for period in asked]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"query": "x", "numerator": "a", "denominator": "b"},
        {"numerator": "a"},
        {"query": "x", "denominator": "b"},
    ],
)
def test_a_charter_that_cannot_be_meant_is_refused(keys: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        PrometheusSource.model_validate({"kind": "prometheus", "url": "https://a", **keys})
