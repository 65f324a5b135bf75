"""Nothing that stands in a file crashes the reader, and what is written reads back."""

from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bst.charter_file import check_text, print_plain, print_yaml
from bst.charter_rules import BASE
from bst.yaml_text import read_yaml
from domain import charter as c
from domain.periods import Cadence
from domain.sources import FilesSource, GithubSource, GitlabSource, SqlSource

TODAY = date(2026, 11, 23)
KEYS = st.sampled_from(
    ["team", "outcome", "members", "functions", "metrics", "cadence", "stages", "stability", "optimization",
     "innovation", "milestones", "source", "kind", "files", "sql", "path", "query", "url", "settle", "target",
     "deadline", "statement", "name", "layer", "glossary", "links", "ballots", "open_for", "<<", "", "12"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


# Other programs run at the same time: a slow example is no failure.
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@given(st.text())
@UNHURRIED
def test_no_text_crashes_the_check(text: str) -> None:
    report = check_text(text, "charter.yaml", TODAY)
    assert report.charter is None
    assert report.printed


@given(st.text(alphabet="ab:-?[]{},#&*!|>'\"%@`\t\n \r\x00\x85\ufeff~<=.0e\\", max_size=60))
@UNHURRIED
def test_no_yaml_punctuation_crashes_the_check(text: str) -> None:
    assert check_text(BASE + text, "charter.yaml", TODAY).problems is not None


@given(st.dictionaries(KEYS, VALUES))
@UNHURRIED
def test_no_structure_crashes_the_check_and_every_problem_is_placed(data: dict[str, Any]) -> None:
    text = print_plain(data)
    last = text.count("\n") + 1
    for problem in check_text(text, "charter.yaml", TODAY).problems:
        assert 1 <= problem.line <= last
        assert problem.column >= 1
        assert problem.message


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
# What YAML could take for something else.
TRAPS = st.sampled_from(
    ["no", "true", "3:30", "12", "1e3", "null", "~", "2027-06-30", "a: b", "- a", "*a", "#a", "%"]
)
TEXTS = NAMES | TRAPS
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
SPANS = st.timedeltas(timedelta(0), timedelta(days=3000))
TRACKERS = st.sampled_from(
    [
        GithubSource(kind="github", repository="a/b", of="issues", measure="cycle_time", labels=("x",)),
        GitlabSource(kind="gitlab", project="a/b/c", of="deployments", measure="lead_time", unit="hours"),
    ]
)
SOURCES = (
    TRACKERS
    | st.builds(FilesSource, kind=st.just("files"), path=TEXTS, query=TEXTS, settle=SPANS)
    | st.builds(
        SqlSource, kind=st.just("sql"), url=TEXTS, query=st.text(min_size=1, max_size=50), settle=SPANS
    )
)
OUTCOMES = st.builds(
    c.Outcome,
    statement=TEXTS,
    beneficiary=TEXTS,
    metric=TEXTS,
    unit=TEXTS,
    direction=st.sampled_from(get_args(c.Direction)),
    measure=st.sampled_from(get_args(c.Measure)),
    baseline=st.none() | NUMBERS,
    baseline_by=st.none() | st.dates(),
    target=NUMBERS,
    deadline=st.dates(),
    promise=st.none() | NUMBERS,
    source=SOURCES,
)
CHARTERS = st.builds(
    c.Charter,
    team=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
    outcome=OUTCOMES,
    members=st.dictionaries(TEXTS, TEXTS, min_size=2, max_size=4),
    functions=st.lists(TEXTS, max_size=3).map(tuple),
    cadence=st.sampled_from(get_args(Cadence)),
    milestones=st.dictionaries(TEXTS, TEXTS, max_size=3),
    glossary=st.dictionaries(TEXTS, TEXTS, max_size=3),
    regression=st.builds(c.Regression, grace=st.none() | SPANS),
    ballots=st.builds(c.BallotRules, open_for=SPANS),
)


@given(CHARTERS)
@UNHURRIED
def test_a_charter_survives_being_written_and_read(charter: c.Charter) -> None:
    assert c.Charter.model_validate(read_yaml(print_yaml(charter)).data) == charter


@given(CHARTERS)
@UNHURRIED
def test_a_charter_survives_the_journey_s_json(charter: c.Charter) -> None:
    assert c.Charter.model_validate_json(charter.model_dump_json()) == charter
