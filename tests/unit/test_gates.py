"""Each criterion of each stage: given this evidence, when the gate is judged, then this verdict.

Every row that is not met also has to shut the gate by itself: nothing makes up for it.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.charter import Stage
from domain.commands import ReachMilestone
from domain.gates import evaluate
from domain.measurement import MetricEvidence
from domain.state import Grace, Hold, State, Trouble
from domain.verdicts import GateEvaluation, Status, Verdict
from tests.unit.journeys import Play, begun, control, evidence, improvement

NOW = datetime(2026, 3, 2, tzinfo=UTC)
OUTCOME, EFFICIENCY, GUARDRAIL, SUPPORT = "days to payment", "cost per claim", "complaints", "portal latency"
EVERYWHERE = {"functions", "confirmations"}
CRITERIA: dict[Stage, set[str]] = {
    "forming": EVERYWHERE,
    "stability": EVERYWHERE
    | {"limits", f"limits:{EFFICIENCY}", f"limits:{GUARDRAIL}", "control", "promise", "gaps"}
    | {"milestone:runbook"},
    "optimization": EVERYWHERE
    | {"test", "margin", "good_signal", "in_control", "no_wider", "stability", "gaps"}
    | {f"test:{EFFICIENCY}", f"margin:{EFFICIENCY}", f"guardrail:{GUARDRAIL}", "milestone:pilot"},
    "innovation": EVERYWHERE | {"target", "stability", "gaps", "milestone:runbook"},
}
BROKEN = "the outcome is not measured"  # how a row says that the source fails
NOTHING = "no evidence"
NO_SHIFT = improvement(shift_low=0)

Row = tuple[Stage, str, Any, str, Status]
LATER: tuple[Stage, ...] = ("stability", "optimization", "innovation")
ABSENT: tuple[tuple[Any, Status], ...] = ((BROKEN, "error"), (NOTHING, "undecided"), ({"n": 0}, "undecided"))


def crossed(
    stages: tuple[Stage, ...], metrics: tuple[str, ...], criterion: str, cases: tuple[tuple[Any, Status], ...]
) -> list[Row]:
    """Return a row for each stage, metric and case."""
    return [
        (stage, metric, change, criterion.format(metric), status)
        for stage in stages
        for metric in metrics
        for change, status in cases
    ]


# stage, metric, its evidence, criterion, verdict
ROWS: list[Row] = [
    # Limits: on every gating metric.
    *crossed(("stability",), (OUTCOME,), "limits", ABSENT),
    *crossed(("stability",), (EFFICIENCY, GUARDRAIL), "limits:{}", ABSENT),
    # Control: a fixed window without a signal, in either direction.
    ("stability", OUTCOME, {"control": control()}, "control", "met"),
    ("stability", OUTCOME, {"control": control(outside=(2925,), bad=(2925,))}, "control", "not_met"),
    ("stability", OUTCOME, {"control": control(outside=(2925,))}, "control", "not_met"),
    ("stability", OUTCOME, {"control": control(runs=(2925,))}, "control", "not_met"),
    ("stability", OUTCOME, {"control": control(judged=9)}, "control", "undecided"),
    ("stability", OUTCOME, {"control": control(judged=9, outside=(2925,))}, "control", "not_met"),
    ("stability", OUTCOME, {"control": None}, "control", "undecided"),
    ("stability", OUTCOME, NOTHING, "control", "undecided"),
    ("stability", OUTCOME, BROKEN, "control", "error"),
    # The promise: 9 of 10.
    ("stability", OUTCOME, {"promise_kept": 9}, "promise", "met"),
    ("stability", OUTCOME, {"promise_kept": 8}, "promise", "not_met"),
    ("stability", OUTCOME, {"promise_kept": None}, "promise", "not_met"),
    ("stability", OUTCOME, {"promise_kept": 9, "control": control(judged=9)}, "promise", "undecided"),
    ("stability", OUTCOME, {"promise_kept": 9, "control": None}, "promise", "undecided"),
    ("stability", OUTCOME, NOTHING, "promise", "undecided"),
    ("stability", OUTCOME, BROKEN, "promise", "error"),
    # Gaps: at most two periods, in every stage after forming.
    *crossed(LATER, (OUTCOME,), "gaps", (({"longest_gap": 2}, "met"), ({"longest_gap": 3}, "not_met"))),
    ("stability", OUTCOME, NOTHING, "gaps", "undecided"),
    ("stability", OUTCOME, BROKEN, "gaps", "error"),
    # Better than the baseline: with a test, by a margin, with a signal, in a calm new level.
    ("optimization", OUTCOME, {"improvement": improvement(p_value=0.024)}, "test", "met"),
    ("optimization", OUTCOME, {"improvement": improvement(p_value=0.025)}, "test", "not_met"),
    ("optimization", OUTCOME, {"improvement": improvement(p_guard=0.05)}, "test", "not_met"),
    ("optimization", OUTCOME, {"improvement": improvement(shift_low=0.51)}, "margin", "met"),
    ("optimization", OUTCOME, {"improvement": improvement(shift_low=0.5)}, "margin", "not_met"),
    ("optimization", OUTCOME, {"improvement": improvement(good_signal=False)}, "good_signal", "not_met"),
    ("optimization", OUTCOME, {"improvement": improvement(in_control=False)}, "in_control", "not_met"),
    ("optimization", OUTCOME, {"improvement": improvement(no_wider=False)}, "no_wider", "not_met"),
    ("optimization", OUTCOME, {"improvement": None, "stage_points": 11}, "improvement", "undecided"),
    ("optimization", OUTCOME, {"improvement": None, "obstacle": "why"}, "improvement", "undecided"),
    ("optimization", OUTCOME, NOTHING, "improvement", "undecided"),
    ("optimization", OUTCOME, BROKEN, "improvement", "error"),
    ("optimization", EFFICIENCY, {"improvement": improvement(p_value=0.03)}, f"test:{EFFICIENCY}", "not_met"),
    ("optimization", EFFICIENCY, {"improvement": NO_SHIFT}, "margin:cost per claim", "not_met"),
    ("optimization", EFFICIENCY, {"improvement": None}, f"efficiency:{EFFICIENCY}", "undecided"),
    ("optimization", EFFICIENCY, BROKEN, f"efficiency:{EFFICIENCY}", "error"),
    *crossed(("optimization",), (GUARDRAIL,), "guardrail:{}", (
        *ABSENT,
        ({"improvement": improvement(shift_low=-0.5)}, "met"),
        ({"improvement": improvement(shift_low=-0.51)}, "not_met"),
        ({"improvement": None}, "undecided"),
    )),
    # Stability still holds, in every later stage.
    *crossed(LATER[1:], (OUTCOME,), "stability", (
        ({"control": control(outside=(2925,))}, "met"),  # a signal, but for the better
        ({"control": control(outside=(2925,), bad=(2925,))}, "not_met"),
        ({"control": control(runs=(2925,), bad=(2925,))}, "not_met"),
        ({"bad_streak": 1}, "not_met"), ({"control": None}, "undecided"),
        ({"control": control(judged=0)}, "undecided"), (NOTHING, "undecided"), (BROKEN, "error"),
    )),
    # The target is kept: 9 of the newest 12.
    ("innovation", OUTCOME, {"at_target": 9, "at_target_of": 12}, "target", "met"),
    ("innovation", OUTCOME, {"at_target": 8, "at_target_of": 12}, "target", "not_met"),
    ("innovation", OUTCOME, {"at_target": 9, "at_target_of": 11}, "target", "undecided"),
    ("innovation", OUTCOME, {"at_target": 0, "at_target_of": 4}, "target", "not_met"),  # out of reach
    ("innovation", OUTCOME, {"at_target": None, "at_target_of": None}, "target", "undecided"),
    ("innovation", OUTCOME, NOTHING, "target", "undecided"),
    ("innovation", OUTCOME, BROKEN, "target", "error"),
]  # fmt: skip


@cache
def open_in(stage: Stage) -> State:
    """Return a state whose gate of this stage is open, with everything met."""
    outcome = begun().state.charter.outcome.model_copy(update={"promise": 12.0})
    stages = {
        "stability": {"milestones": ["runbook"]},
        "optimization": {"milestones": ["pilot"], "margin": 0.5},
        "innovation": {"milestones": ["runbook"]},
    }
    play = begun(outcome=outcome, stages=stages)
    metrics = tuple(
        metric.model_copy(update={"margin": 0.5}) if metric.layer != "support" else metric
        for metric in play.state.charter.metrics
    )
    play = Play(
        state=play.state.model_copy(
            update={"charter": play.state.charter.model_copy(update={"metrics": metrics})}
        )
    )
    if stage == "forming":
        play.confirm_all()
        return play.state.model_copy(update={"stage": "forming"})
    play.to(stage)
    for milestone in play.state.charter.milestones:
        play.do(ReachMilestone(name=milestone))
    play.measure()
    return play.state


def with_evidence(state: State, metric: str, change: Any) -> State:
    """Return the state with other evidence of one metric."""
    known, trouble = dict(state.evidence), dict(state.trouble)
    if change == BROKEN:
        trouble[metric] = Trouble(code="unreachable", message="it does not answer", since=NOW, count=1)
    elif change == NOTHING:
        del known[metric]
    else:
        known[metric] = MetricEvidence.model_validate(evidence().model_dump() | change)
    return state.model_copy(update={"evidence": known, "trouble": trouble})


def found(state: State) -> dict[str, Status]:
    return {verdict.criterion: verdict.status for verdict in evaluate(state).verdicts}


@pytest.mark.parametrize("stage", CRITERIA)
def test_a_gate_has_these_criteria_and_opens_when_all_are_met(stage: Stage) -> None:
    gate = evaluate(open_in(stage))
    assert {verdict.criterion for verdict in gate.verdicts} == CRITERIA[stage]
    assert gate.open


@pytest.mark.parametrize(("stage", "metric", "change", "criterion", "status"), ROWS)
def test_a_criterion_is_judged_and_shuts_the_gate_unless_it_is_met(
    stage: Stage, metric: str, change: Any, criterion: str, status: Status
) -> None:
    state = with_evidence(open_in(stage), metric, change)
    assert found(state)[criterion] == status
    assert evaluate(state).open == all(verdict == "met" for verdict in found(state).values())
    assert status == "met" or not evaluate(state).open


def test_the_table_has_a_failing_row_for_every_criterion_of_numbers() -> None:
    people = {"functions", "confirmations"}
    for stage, criteria in CRITERIA.items():
        numbers = {name for name in criteria - people if not name.startswith("milestone:")}
        tested = {row[3] for row in ROWS if row[0] == stage and row[4] != "met"}
        assert numbers <= tested, stage


@pytest.mark.parametrize("stage", [stage for stage in CRITERIA if stage != "forming"])
def test_a_trouble_beside_sound_evidence_never_passes(stage: Stage) -> None:
    state = with_evidence(open_in(stage), OUTCOME, BROKEN)
    assert state.evidence[OUTCOME].n > 0
    assert "error" in found(state).values()


@pytest.mark.parametrize("stage", CRITERIA)
def test_people_shut_every_gate(stage: Stage) -> None:
    state = open_in(stage)
    missing = state.charter.model_copy(update={"functions": ("IT", "legal")})
    cases: dict[str, dict[str, Any]] = {
        "functions": {"charter": missing},
        "confirmations": {"confirmations": {"Ana": 1, "Ben": 1}},
        "hold": {"hold": Hold(by="Ana", reason="an audit", at=NOW)},
    }
    for criterion, change in cases.items():
        changed = state.model_copy(update=change)
        assert found(changed)[criterion] == "not_met"
        assert not evaluate(changed).open


@pytest.mark.parametrize("stage", CRITERIA)
def test_a_confirmation_of_an_older_outcome_does_not_count(stage: Stage) -> None:
    state = open_in(stage).model_copy(update={"outcome_version": 2})
    assert found(state)["confirmations"] == "not_met"


@pytest.mark.parametrize("stage", ["stability", "optimization", "innovation"])
def test_a_milestone_that_is_not_reached_shuts_the_gate(stage: Stage) -> None:
    state = open_in(stage).model_copy(update={"milestones": {}})
    assert {s for c, s in found(state).items() if c.startswith("milestone:")} == {"not_met"}
    assert not evaluate(state).open


@pytest.mark.parametrize("stage", ["optimization", "innovation"])
def test_a_grace_period_shuts_the_gate(stage: Stage) -> None:
    state = open_in(stage).model_copy(update={"grace": Grace(streak=2, until=NOW)})
    assert found(state)["stability"] == "not_met"


@pytest.mark.parametrize("stage", ["completed", "dissolved"])
def test_a_stage_without_criteria_has_no_gate_that_opens(stage: Stage) -> None:
    state = open_in("innovation").model_copy(update={"stage": stage})
    assert evaluate(state).verdicts == ()
    assert not evaluate(state).open


@given(st.lists(st.sampled_from(["met", "not_met", "undecided", "error"]), max_size=5))
def test_a_gate_is_open_only_when_it_has_criteria_and_all_are_met(statuses: list[Status]) -> None:
    verdicts = tuple(
        Verdict(criterion=str(i), status=status, title="t", actual="a", needed="n")
        for i, status in enumerate(statuses)
    )
    gate = GateEvaluation(stage="stability", verdicts=verdicts, digest="")
    assert gate.open == (len(statuses) > 0 and set(statuses) == {"met"})


@pytest.mark.parametrize("stage", CRITERIA)
@pytest.mark.parametrize("change", [BROKEN, NOTHING, {"bad_streak": 9}, {"improvement": None}])
def test_the_support_layer_has_no_part_in_a_gate(stage: Stage, change: Any) -> None:
    state = open_in(stage)
    if stage == "forming" and change == NOTHING:
        state = with_evidence(state, SUPPORT, {})
    other = with_evidence(state, SUPPORT, change)
    assert evaluate(other) == evaluate(state)  # its digest too


def test_the_digest_follows_the_facts() -> None:
    state = open_in("stability")
    other = with_evidence(state, GUARDRAIL, {"last_value": 12.0})
    assert evaluate(state).open
    assert evaluate(other).open
    assert evaluate(other).digest != evaluate(state).digest
