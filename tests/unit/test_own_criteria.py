"""Criteria of a team's own add and never replace, fail closed, and combine in three values and an error."""

from itertools import product
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.criteria.own import asked_of, own
from domain.criterion import Criterion, key_of
from domain.gates import evaluate
from domain.readings import Reading
from domain.state import State, Trouble
from domain.verdicts import Status, Verdict
from tests.unit.journeys import START, begun, evidence

PARSE: TypeAdapter[Any] = TypeAdapter(Criterion)
OUTCOME = "days to payment"
LEVEL = {"kind": "level", "at_most": 12, "of": 4, "misses": 1}


def state(*criteria: dict[str, Any], **changes: Any) -> State:
    """Return a team in stability with these criteria, and readings of its outcome by their keys."""
    stages = {"stability": {"criteria": list(criteria)}}
    play = begun(stages=stages, milestones={"pilot": "Ana"}).to("stability")
    play.measure()
    return play.state.model_copy(update=changes)


def read(at: State, *readings: Reading, metric: str = OUTCOME) -> State:
    found = evidence(readings=readings)
    return at.model_copy(update={"evidence": {**at.evidence, metric: found}})


def reading(criterion: dict[str, Any], **changes: Any) -> Reading:
    return Reading.model_validate({"key": key_of(PARSE.validate_python(criterion)), "seen": 4} | changes)


def only(at: State) -> Verdict:
    (verdict,) = own(at)
    return verdict


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ({}, "met"),
        ({"misses": (1,)}, "met"),
        ({"misses": (1, 2)}, "not_met"),  # too many, in all
        ({"seen": 3}, "undecided"),  # good so far, and too few points
        ({"seen": 3, "misses": (1, 2)}, "not_met"),  # however few there are
        ({"seen": 0}, "undecided"),
        ({"obstacle": "no limits"}, "undecided"),
    ],
)
def test_counts_are_compared_with_what_may_miss(found: dict[str, Any], status: Status) -> None:
    assert only(read(state(LEVEL), reading(LEVEL, **found))).status == status


@pytest.mark.parametrize(("row", "status"), [(1, "met"), (2, "not_met")])
def test_in_a_row_is_a_limit_of_its_own(row: int, status: Status) -> None:
    criterion = LEVEL | {"misses": 3, "in_a_row": 1}
    found = reading(criterion, misses=(1, 2), in_a_row=row)
    assert only(read(state(criterion), found)).status == status


@pytest.mark.parametrize(("good", "status"), [(2, "met"), (1, "not_met")])
def test_the_newest_have_to_be_good(good: int, status: Status) -> None:
    criterion = LEVEL | {"newest": 2}
    assert only(read(state(criterion), reading(criterion, newest=good))).status == status


def test_no_data_is_undecided_and_a_failing_source_an_error() -> None:
    at = state(LEVEL)
    assert only(at.model_copy(update={"evidence": {}})).status == "undecided"
    failing = {OUTCOME: Trouble(code="unreachable", message="gone", since=START, count=3)}
    assert only(read(at, reading(LEVEL)).model_copy(update={"trouble": failing})).status == "error"


def test_a_reading_of_another_criterion_says_nothing() -> None:
    other = LEVEL | {"at_most": 13}
    assert only(read(state(LEVEL), reading(other))).status == "undecided"


def test_a_name_changes_no_question() -> None:
    assert only(read(state(LEVEL | {"name": "calls"}), reading(LEVEL))).status == "met"


GOOD: dict[Status, dict[str, Any]] = {
    "met": {"seen": 4}, "not_met": {"misses": (1, 2)}, "undecided": {"seen": 2}, "error": {},
}  # fmt: skip
METRICS = (OUTCOME, "cost per claim", "complaints")


def combined(
    kind: str, statuses: tuple[Status, ...], must: tuple[bool, ...] = (False,) * 3, **more: Any
) -> Status:
    """Return what a combination of three parts says, one a metric, each with a status."""
    parts = [LEVEL | {"metric": name, "must_have_data": has} for name, has in zip(METRICS, must, strict=True)]
    at = state({"kind": kind, "of": parts, **more})
    trouble = {}
    for name, part, status in zip(METRICS, parts, statuses, strict=True):
        at = read(at, reading(part, **GOOD[status]), metric=name)
        if status == "error":
            trouble[name] = Trouble(code="unreachable", message="gone", since=START, count=1)
    return only(at.model_copy(update={"trouble": trouble})).status


def kleene(need: int, statuses: tuple[Status, ...]) -> Status:
    """Return the answer by its definition: what holds however the unknown parts turn out."""
    open_ = [status for status in statuses if status in {"undecided", "error"}]
    ways = {
        sum(status == "met" for status in statuses) + sum(extra) >= need
        for extra in product((0, 1), repeat=len(open_))
    }
    if len(ways) == 1:
        return "met" if ways.pop() else "not_met"
    return "error" if "error" in open_ else "undecided"


@pytest.mark.parametrize("statuses", list(product(get_args(Status), repeat=3)), ids="-".join)
def test_combinations_say_what_holds_however_the_unknown_turns_out(statuses: tuple[Status, ...]) -> None:
    assert combined("all", statuses) == kleene(3, statuses)
    assert combined("any", statuses) == kleene(1, statuses)
    assert combined("k_of_n", statuses, k=2) == kleene(2, statuses)


@pytest.mark.parametrize("missing", ["undecided", "error"])
def test_data_that_must_be_there_is_missed_by_every_combination(missing: Status) -> None:
    for kind, more in (("all", {}), ("any", {}), ("k_of_n", {"k": 1})):
        found = combined(kind, ("met", "met", missing), must=(False, False, True), **more)
        assert found == ("not_met" if missing == "undecided" else "error")
        assert combined(kind, ("met", "met", "met"), must=(True, True, True), **more) == "met"


def test_criteria_add_to_the_standard_ones_and_never_replace_them() -> None:
    before, after = evaluate(state()), evaluate(state(LEVEL))
    codes = [verdict.criterion for verdict in after.verdicts]
    assert codes == [*(verdict.criterion for verdict in before.verdicts), "own:1"]


@pytest.mark.parametrize("dry", [True, False])
def test_a_dry_run_is_shown_and_holds_nothing(dry: bool) -> None:
    criterion = LEVEL | {"dry_run": dry}
    gate = evaluate(read(state(criterion), reading(criterion, misses=(1, 2))))
    assert [v.status for v in gate.verdicts if v.criterion == "own:1"] == ["not_met"]
    assert gate.open is dry
    assert ("own:1" in [v.criterion for v in gate.held_by]) is not dry


def test_dry_runs_alone_open_nothing() -> None:
    gate = evaluate(read(state(LEVEL | {"dry_run": True}), reading(LEVEL)))
    alone = gate.model_copy(update={"verdicts": tuple(v for v in gate.verdicts if not v.counts)})
    assert alone.verdicts
    assert not alone.open


def test_a_support_metric_is_never_asked_for() -> None:
    criterion = LEVEL | {"metric": "complaints"}
    at = read(state(criterion), reading(criterion), metric="complaints")
    assert only(at).status == "met"
    metrics = tuple(metric.model_copy(update={"layer": "support"}) for metric in at.charter.metrics)
    moved = at.charter.model_copy(update={"metrics": metrics})  # no check lets such a charter in
    assert only(at.model_copy(update={"charter": moved})).status == "error"


def test_each_metric_is_asked_its_own_questions_once() -> None:
    twice = {
        "kind": "all",
        "of": [LEVEL, LEVEL | {"metric": "complaints"}, {"kind": "milestone", "milestone": "pilot"}],
    }
    charter = state(LEVEL, twice).charter
    assert [asked.kind for asked in asked_of(charter, "stability", OUTCOME)] == ["level"]
    assert [asked.kind for asked in asked_of(charter, "stability", "complaints")] == ["level"]
    assert asked_of(charter, "stability", "cost per claim") == ()
    assert asked_of(charter, "optimization", OUTCOME) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "level"}, "say one of them"),
        ({"kind": "level", "at_least": 1, "at_most": 2}, "say one of them"),
        ({"kind": "level", "at_least": 1, "of": 4, "misses": 4}, "take at most 3"),
        ({"kind": "level", "at_least": 1, "newest": 2}, "take at most 1"),
        ({"kind": "k_of_n", "k": 3, "of": [LEVEL]}, "take at most 1"),
        ({"kind": "any", "of": [LEVEL | {"dry_run": True}]}, "within a combination"),
        ({"kind": "any", "of": []}, "at least 1 item"),
        ({"kind": "capability", "lower": 3, "upper": 2}, "turn them round"),
        ({"kind": "level", "at_least": float("nan")}, "finite number"),
        ({"kind": "score", "weight": 2}, "does not match any of the expected tags"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_way_out(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PARSE.validate_python(wrong)


def test_no_gate_is_overgrown() -> None:
    with pytest.raises(ValidationError, match="21 criteria in one stage"):
        state(*[LEVEL] * 21)
    deep: dict[str, Any] = LEVEL
    for _ in range(4):
        deep = {"kind": "all", "of": [deep]}
    with pytest.raises(ValidationError, match="more than 3 deep"):
        state(deep)
