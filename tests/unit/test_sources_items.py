"""What the charter of a tracker's source must say, and what makes no sense in it."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from bst.charter_file import check_text
from bst.charter_rules import BASE, TODAY
from domain.sources import Source

SOURCE: TypeAdapter[Any] = TypeAdapter(Source)
AUTH = {"user": "${A}", "password": "${B}"}
JIRA = {"kind": "jira", "url": "https://jira.example.com", "auth": AUTH, "jql": "project = A"}
NOW = {"kind": "servicenow", "url": "https://now.example.com", "auth": AUTH, "table": "incident"}
GITHUB = {"kind": "github", "repository": "example/claims"}
GITLAB = {"kind": "gitlab", "project": "example/claims"}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (JIRA | {"measure": "share_within"}, "needs `within`"),
        (JIRA | {"measure": "change_failure_share"}, "needs `failed`"),
        (
            JIRA | {"measure": "throughput", "within": "2 days"},
            "`within` does nothing for `measure: throughput`",
        ),
        (JIRA | {"measure": "throughput", "unit": "hours"}, "it is for `measure: cycle_time`"),
        (JIRA | {"measure": "throughput", "jql": "project = A order  by key"}, "ORDER BY does nothing"),
        (
            JIRA | {"measure": "cycle_time", "clock": "created", "started": ["Doing"]},
            "`started` does nothing for `clock: created`",
        ),
        (NOW | {"measure": "cycle_time", "query": "a=1^NQb=2"}, "`^NQ` cannot stand in this query"),
        (NOW | {"measure": "throughput", "query": "a=1^ORDERBYb"}, "cannot stand in this query"),
        (GITHUB | {"of": "issues", "measure": "lead_time"}, "it is for `of: deployments`"),
        (GITHUB | {"of": "issues", "measure": "throughput", "base": "main"}, "it is for `of: pull_requests`"),
        (
            GITHUB | {"of": "deployments", "measure": "change_failure_share", "within": "1 day"},
            "needs `incidents`",
        ),
        (
            GITLAB | {"of": "deployments", "measure": "change_failure_share", "within": "36 hours"},
            "write `settle: 36 hours`, or more",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_way_out(keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SOURCE.validate_python(keys)

    assert says in str(refused.value)


@pytest.mark.parametrize(
    "keys",
    [
        JIRA | {"measure": "cycle_time", "started": ["Doing"], "jql": "summary ~ 'order by phone'"},
        JIRA | {"measure": "share_within", "within": "5 days", "clock": "created"},
        NOW | {"measure": "throughput", "query": "a=1^ORb=2"},
        GITHUB | {"of": "pull_requests", "measure": "cycle_time", "statistic": "p85", "labels": ["bug"]},
        GITHUB
        | {
            "of": "deployments",
            "measure": "change_failure_share",
            "within": "1 day",
            "settle": "2 days",
            "incidents": "incident",
        },
        GITLAB | {"of": "deployments", "measure": "lead_time", "project": "12345"},
    ],
)
def test_what_goes_together_survives_the_journeys_json(keys: dict[str, Any]) -> None:
    source = SOURCE.validate_python(keys)

    assert SOURCE.validate_json(SOURCE.dump_json(source)) == source


def test_the_check_says_where_it_is_wrong() -> None:
    source = "{kind: github, repository: example/claims, of: issues, measure: lead_time}"
    text = BASE.replace("{kind: files, path: claims.csv}", source)
    assert source in text

    problems = [p for p in check_text(text, "charter.yaml", TODAY).problems if p.severity == "error"]

    assert [(p.where, "`of: deployments`" in p.message) for p in problems] == [("outcome.source", True)]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{kind: github, repository: claims, of: issues, measure: throughput}", "write owner and name"),
        (
            "{kind: github, repository: a/b, of: issues, measure: throughput, labels: ['a, b']}",
            "take it for two labels",
        ),
        (
            "{kind: gitlab, project: claims, of: issues, measure: throughput}",
            "write its path with its groups",
        ),
        (
            "{kind: servicenow, url: 'https://x', auth: {bearer: '${T}'}, table: A, measure: throughput}",
            "is no table",
        ),
    ],
)
def test_a_name_of_the_wrong_form_is_said(source: str, says: str) -> None:
    text = BASE.replace("{kind: files, path: claims.csv}", source)

    problems = [p for p in check_text(text, "charter.yaml", TODAY).problems if p.severity == "error"]

    assert [says in problem.message for problem in problems] == [True], problems


def test_a_name_of_a_repository_cannot_leave_its_place() -> None:
    for name in ("claims", "example/claims/..", "example/claims?x", "a/b/c"):
        with pytest.raises(ValidationError):
            SOURCE.validate_python(GITHUB | {"of": "issues", "measure": "throughput", "repository": name})
    for table in ("incident/../x", "Incident", "incident?x"):
        with pytest.raises(ValidationError):
            SOURCE.validate_python(NOW | {"measure": "throughput", "table": table})
