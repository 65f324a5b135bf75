"""The lint's rules: each finds what it should, and lets pass what is right."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import words
from domain.charter import Charter
from domain.draft import Draft, draft_from, draft_of
from domain.finding import dotted
from domain.lint import lint

TODAY = date(2026, 11, 23)
CLAIMS: dict[str, Any] = {
    "statement": "A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2027",
    "beneficiary": "customers who file a simple claim",
    "metric": "days from claim to payment",
    "unit": "days",
    "measure": "duration",
    "direction": "down",
    "baseline": 11,
    "target": 3,
    "deadline": "2027-06-30",
    "source": {"kind": "files", "path": "claims.csv"},
}
PARTS: dict[str, Any] = {"team": "claims", "members": {"Maria": "Claims handling", "Ben": "IT"}}


def codes(outcome: dict[str, Any] | str | None = None, *, today: date = TODAY, **parts: Any) -> list[str]:
    given_outcome = outcome if isinstance(outcome, str) else {**CLAIMS, **(outcome or {})}
    findings = lint(draft_from({**PARTS, "outcome": given_outcome, **parts}), today)
    return [finding.code for finding in findings]


def test_a_tangible_outcome_is_clean() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        pytest.param(
            "Improve business flexibility",
            ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "W1"],
            id="the sentence alone lacks everything",
        ),
        pytest.param(
            {
                "statement": "Improve business flexibility",
                "metric": "flexibility score",
                "unit": "points",
                "measure": "amount",
                "direction": "up",
                "baseline": 3,
                "target": 4,
            },
            ["E11", "W1"],
            id="the sentence with an invented score",
        ),
        pytest.param(
            {
                "statement": "Launch the claims portal",
                "metric": "portal uptime",
                "measure": "share",
                "direction": "up",
                "baseline": 0.98,
                "target": 0.999,
            },
            ["E10", "W2"],
            id="a portal and its uptime",
        ),
        pytest.param(
            {"statement": "Cut order-to-delivery", "baseline": 48, "target": 72}, ["E9"], id="48 to 72, down"
        ),
    ],
)
def test_the_sentences_that_the_lint_was_made_for(outcome: dict[str, Any] | str, found: list[str]) -> None:
    assert codes(outcome) == found


@pytest.mark.parametrize(
    ("key", "code"),
    [("metric", "E1"), ("unit", "E2"), ("baseline", "E3"), ("target", "E4"), ("deadline", "E5"),
     ("beneficiary", "E6"), ("source", "E7")],
)  # fmt: skip
def test_each_missing_part_has_its_code_and_only_that(key: str, code: str) -> None:
    assert codes({key: None}) == [code]


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        ({"baseline": None, "baseline_by": "2027-01-31"}, []),
        ({"baseline": None, "baseline_by": "2026-11-23"}, ["E3"]),
        ({"baseline": None, "baseline_by": "2027-06-30"}, ["E3"]),
        ({"deadline": "2026-11-23"}, ["E5"]),
        ({"deadline": "2026-11-24"}, ["E12"]),
        ({"deadline": "2026-12-06"}, ["E12"]),
        ({"deadline": "2026-12-07"}, []),
        ({"beneficiary": "ben"}, ["E6"]),
        ({"beneficiary": "Claims  Handling"}, ["E6"]),
        ({"beneficiary": "our team"}, ["E6"]),
        ({"beneficiary": "everyone"}, ["E6"]),
        ({"beneficiary": "the nurses of ward 4"}, []),
        ({"target": 11}, ["E8"]),
        ({"direction": "up"}, ["E9"]),
        ({"metric": "tickets"}, ["E10"]),
        ({"metric": "tickets sold"}, []),
        ({"metric": "response time"}, ["E10"]),
        ({"metric": "response time of the ambulance"}, []),
        ({"metric": "work done", "unit": "story points"}, ["E10"]),
        ({"metric": "deployments a week"}, ["E10"]),
    ],
)
def test_errors_of_an_outcome(outcome: dict[str, Any], found: list[str]) -> None:
    assert codes(outcome) == found


@pytest.mark.parametrize(
    ("statement", "metric", "unit", "refused"),
    [
        ("Be more flexible by 2 days", "flexibility", "%", True),
        ("Shops react in 2 days", "agility index", "%", True),
        ("Shops react in 2 days", "team health", "points", True),
        ("Shops react in 2 days", "our maturity", "stage", True),
        ("Shops react in 2 days", "net promoter score", "points", False),
        ("Shops react in 2 days", "days from order to shelf", "days", False),
        ("Half as many complaints on quality", "quality complaints", "letters", False),
    ],
)
def test_a_metric_must_not_refer_to_itself(statement: str, metric: str, unit: str, refused: bool) -> None:
    assert ("E11" in codes({"statement": statement, "metric": metric, "unit": unit})) is refused


def test_a_mark_from_a_self_assessment_is_found_by_its_source() -> None:
    source = {"kind": "files", "path": "team/self_assessment.csv"}
    assert codes({"metric": "cooperation", "unit": "points", "source": source}) == ["E11"]


@pytest.mark.parametrize(
    ("cadence", "days", "found"),
    [
        ("hourly", 1, []),
        ("daily", 1, ["E12"]),
        ("daily", 2, []),
        ("monthly", 59, ["E12"]),
        ("monthly", 60, []),
    ],
)
def test_a_deadline_leaves_two_periods(cadence: str, days: int, found: list[str]) -> None:
    assert codes({"deadline": (TODAY + timedelta(days=days)).isoformat()}, cadence=cadence) == found


def test_today_is_an_argument_so_that_the_past_can_be_played() -> None:
    past = {"deadline": "2013-12-31", "statement": "Flights arrive on time"}
    assert codes(past, today=date(2013, 1, 1)) == []
    assert codes(past) == ["E5"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("Payment is seamless for 9 of 10 customers", ["W1"]),
        ("Payment is faster", ["W1"]),
        ("Payment is faster by 3 days", []),
        ("Migrate all claims to one list", ["W2"]),
        ("We will deliver a list of claims", ["W2"]),
        ("Parcels are delivered within 2 days", []),
        ("Customers are paid in 3 days and call less", ["W3"]),
        ("Customers are paid between Monday and Friday", []),
        ("Half of all claims come in through the app", ["W4"]),
        ("A FNOL becomes a payment in 3 days", ["W5"]),
        ("A letter from the EU is answered in 3 days", []),
        (" ".join(["word"] * 30), []),
        (" ".join(["word"] * 31), ["W6"]),
    ],
)
def test_warnings_of_a_statement(statement: str, found: list[str]) -> None:
    assert codes({"statement": statement}) == found


def test_the_glossary_explains_an_acronym() -> None:
    statement = {"statement": "A FNOL becomes a payment in 3 days"}
    assert codes(statement, glossary={"FNOL": "first notice of loss"}) == []


@pytest.mark.parametrize(
    ("function", "it"),
    [
        ("IT", True), ("it", True), ("IT operations", True), ("IT-Security", True), ("IT: networks", True),
        ("IT/OT", True), ("Information technology", True), ("information technology, shop", True),
        ("Italy", False), ("Items", False), ("Audit", False), ("Claims IT", False),
    ],
)  # fmt: skip
def test_what_counts_as_it(function: str, it: bool) -> None:
    assert words.is_it(function) is it


@pytest.mark.parametrize(
    ("parts", "outcome", "found"),
    [
        pytest.param({"members": {"A": "Claims", "B": "Payments"}}, {}, ["C1"], id="nobody from IT"),
        pytest.param({"members": {"A": "IT", "B": "IT-Sec"}}, {}, ["C2"], id="everybody from IT"),
        pytest.param({"functions": ["IT", "Payments"]}, {}, ["C3"], id="a function without a member"),
        pytest.param(
            {"stages": {"innovation": {"milestones": ["none"]}}}, {}, ["C4"], id="an unknown milestone"
        ),
        pytest.param({"milestones": {"plan": "Mario"}}, {}, ["C5"], id="an owner who is no member"),
        pytest.param({"metrics": [{"name": "DAYS from claim to payment"}]}, {}, ["C6"], id="one name twice"),
        pytest.param(
            {"metrics": [{"name": "a"}, {"name": "A"}]}, {}, ["C6"], id="one name twice in the list"
        ),
        pytest.param({}, {"target": 0, "measure": "duration"}, ["C7"], id="no duration"),
        pytest.param(
            {},
            {"measure": "share", "direction": "up", "baseline": 0.7, "target": 85, "promise": 0.6},
            ["C7"],
            id="a percentage for a share",
        ),
        pytest.param(
            {"metrics": [{"name": "a", "measure": "share", "margin": 2}]}, {}, ["C7"], id="a share's margin"
        ),
        pytest.param({}, {"promise": 2}, ["C8"], id="a promise harder than the target"),
        pytest.param({}, {"promise": 14}, [], id="a promise that can be kept"),
        pytest.param({"members": {"Ben": "IT", "ben": "Claims"}}, {}, ["C10"], id="names alike"),
        pytest.param(
            {"members": {"Ben": "IT", "Ben ": "Claims"}}, {}, ["C10"], id="names alike but for a space"
        ),
        pytest.param({"metrics": [{"name": "a", "function": "Ops"}]}, {}, ["C11"], id="nobody's metric"),
    ],
)
def test_parts_against_one_another(parts: dict[str, Any], outcome: dict[str, Any], found: list[str]) -> None:
    assert codes(outcome, **parts) == found


@pytest.mark.parametrize(
    ("keys", "refused"),
    [
        ({"url": "https://reader:secret@desk.example.org/"}, ["url"]),
        ({"url": "https://secret@desk.example.org/"}, ["url"]),
        ({"url": "https://a/?q=1&api_key=secret"}, ["url"]),
        ({"url": "https://a/?access_token=secret&q=1"}, ["url"]),
        ({"url": "https://a/?token=${T}&q=key"}, []),
        ({"params": {"apikey": "secret", "q": "key"}}, ["params.apikey"]),
        ({"params": {"private_token": "${T}", "keyword": "secret"}}, []),
        ({"headers": {"Authorization": "Bearer secret"}}, ["headers.Authorization"]),
        ({"headers": {"X-Anything": "token secret"}}, ["headers.X-Anything"]),
        ({"headers": {"PRIVATE-TOKEN": "secret"}}, ["headers.PRIVATE-TOKEN"]),
        ({"headers": {"X-Api-Key": "secret"}}, ["headers.X-Api-Key"]),
        ({"headers": {"Cookie": "session=secret"}}, ["headers.Cookie"]),
        ({"headers": {"X-Auth-Token": "pre${T}secret"}}, ["headers.X-Auth-Token"]),
        ({"headers": {"Authorization": "Token token=${T}", "X-Api-Key": "${T}"}}, []),
        ({"headers": {"X-Scope-OrgID": "claims", "X-Author": "Ben", "Accept": "text/csv"}}, []),
        ({"auth": {"user": "reader", "password": "secret"}}, ["auth.password"]),
        ({"auth": {"bearer": "secret${T}"}}, ["auth.bearer"]),
        ({"auth": {"user": "reader", "password": "${T}"}}, []),
        ({"tls": {"ca": "/etc/secret.pem"}}, ["tls.ca"]),
        ({"tls": {"cert": "${C}", "key": "-----BEGIN PRIVATE KEY----- secret"}}, ["tls.key"]),
        ({"tls": {"ca": "${A}", "cert": "${B}", "key": "${C}"}}, []),
    ],
)
def test_no_secret_stands_in_any_field_of_a_web_source(keys: dict[str, Any], refused: list[str]) -> None:
    source = {"kind": "http", "url": "https://a/", **keys}

    findings = lint(draft_from({"outcome": {**CLAIMS, "source": source}}), TODAY)

    assert [(f.code, dotted(f.where)) for f in findings] == [
        ("C9", f"outcome.source.{key}") for key in refused
    ]
    assert "secret" not in "".join(finding.message for finding in findings)


def test_prometheus_is_held_to_the_same() -> None:
    source = {"kind": "prometheus", "url": "https://a:secret@b/", "query": "up", "auth": {"bearer": "secret"}}

    findings = lint(draft_from({"outcome": {**CLAIMS, "source": source}}), TODAY)

    assert [dotted(f.where) for f in findings] == ["outcome.source.url", "outcome.source.auth.bearer"]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("postgresql+psycopg://reader:secret@db/claims", True),
        ("postgresql+psycopg://reader:pre${PW}@db/claims", True),
        ("postgresql+psycopg://reader:with/slash@db/claims", True),
        ("postgresql+psycopg://db/claims?user=reader&password=secret", True),
        ("postgresql+psycopg://reader:${PW}@db/claims", False),
        ("postgresql+psycopg://${USER}:${PW}@db:5432/claims?application_name=bst", False),
        ("postgresql+psycopg://reader@db/claims", False),
        ("sqlite:///orders.db", False),
    ],
)
def test_no_password_stands_in_a_charter_and_none_is_repeated(url: str, refused: bool) -> None:
    draft = draft_from({"outcome": {**CLAIMS, "source": {"kind": "sql", "url": url, "query": "select 1"}}})
    findings = lint(draft, TODAY)
    assert [finding.code for finding in findings] == (["C9"] if refused else [])
    assert "secret" not in "".join(finding.message for finding in findings)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (
            {
                "kind": "event_log",
                "events": {"kind": "sql", "url": "mysql://r:secret@db/claims", "query": "select 1"},
                "starts": ["filed"],
                "ends": ["paid"],
                "gives": "cycle_time",
            },
            ("events", "url"),
        ),
        ({"kind": "plugin", "name": "feed", "options": {"url": "https://r:secret@x"}}, ("options", "url")),
    ],
)
def test_a_password_is_found_wherever_an_address_may_stand(
    source: dict[str, Any], where: tuple[str, ...]
) -> None:
    findings = lint(draft_from({"outcome": {**CLAIMS, "source": source}}), TODAY)

    assert [(finding.code, finding.where) for finding in findings] == [("C9", ("outcome", "source", *where))]
    assert "secret" not in findings[0].message


def test_nothing_is_claimed_about_parts_that_are_not_understood() -> None:
    unclear: dict[str, Any] = {"target": "three", "baseline": "eleven", "deadline": "soon", "measure": "days"}
    parts: dict[str, Any] = {
        "members": {"Maria": 1, "Tom": "Payments"},
        "functions": ["IT"],
        "milestones": {"plan": "Nobody"},
    }
    assert codes(unclear, **parts) == []


def test_the_complete_charter_is_judged_as_its_text_is() -> None:
    raw = {
        **PARTS,
        "outcome": {**CLAIMS, "promise": 2},
        "milestones": {"plan": "Nobody"},
        "metrics": [{"name": "hours", "layer": "support", "function": "Ops", "unit": "hours",
                     "direction": "down", "source": {"kind": "files", "path": "x.csv"}}],
    }  # fmt: skip
    charter = Charter.model_validate(raw)
    assert lint(charter, TODAY) == lint(draft_from(raw), TODAY)
    assert [finding.code for finding in lint(draft_of(charter), TODAY)] == ["C5", "C8", "C11"]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@given(
    outcome=st.dictionaries(st.sampled_from([*CLAIMS, "promise", "baseline_by"]), PLAIN) | PLAIN,
    parts=st.dictionaries(
        st.sampled_from(["members", "functions", "metrics", "cadence", "stages", "milestones", "glossary"]),
        PLAIN,
    ),
    today=st.dates(),
)
def test_the_lint_is_total(outcome: Any, parts: dict[str, Any], today: date) -> None:
    for finding in lint(draft_from({**PARTS, **parts, "outcome": outcome}), today):
        assert finding.message
        assert finding.code[0] in "EWC"


def test_an_empty_draft_has_nothing_to_judge() -> None:
    assert lint(Draft(), TODAY) == ()


@pytest.mark.parametrize(("second", "found"), [("calm weeks", ["C18"]), ("quiet weeks", [])])
def test_criteria_of_one_stage_have_names_of_their_own(second: str, found: list[str]) -> None:
    levels = [{"kind": "level", "at_most": 14, "of": 4, "name": name} for name in ("calm weeks", second)]
    assert codes(stages={"stability": {"criteria": levels}}) == found
