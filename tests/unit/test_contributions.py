"""What a support metric has to do with the outcome is shown and never decides."""

import numpy as np
import pytest

from activities.contribution import with_contributions
from domain.gates import evaluate
from domain.measurement import MetricEvidence, MetricResult, Observation
from domain.readings import Association
from tests.measuring import metric, request
from tests.unit.journeys import begun

RANDOM = np.random.default_rng(2026)
OUTCOME = RANDOM.standard_normal(60).tolist()
BLANK = MetricEvidence(n=1, last_period=None, last_value=None)


def result(name: str, values: list[float], first: int = 0) -> MetricResult:
    observed = tuple(Observation(period=first + i, value=value) for i, value in enumerate(values))
    return MetricResult(name=name, observations=observed, evidence=BLANK)


def found(support: list[float], *, first: int = 0, layer: str = "support") -> Association | None:
    asked = request(metric(), metric(name="hours", layer=layer))
    results = with_contributions((result("late days", OUTCOME), result("hours", support, first)), asked)
    assert results[0].evidence == BLANK
    evidence = results[1].evidence
    assert evidence is not None
    return evidence.contribution


def test_a_metric_that_leads_the_outcome_is_found_with_its_lag() -> None:
    leads = [*OUTCOME[2:], 0.0, 0.0]
    association = found(leads)
    assert association is not None
    assert (association.lag, association.found) == (2, True)
    assert association.low is not None
    assert association.low > 0.5


def test_unrelated_numbers_are_no_evidence() -> None:
    association = found(np.random.default_rng(7).standard_normal(60).tolist())
    assert association is not None
    assert not association.found
    assert association.correlation is not None


def test_a_gap_ends_the_stretch_that_is_looked_at() -> None:
    association = found(OUTCOME[50:], first=50)
    assert association is not None
    assert (association.pairs, association.found) == (10, False)
    assert association.refusal == "10 of 24 periods in a row with both numbers"


def test_a_number_that_never_moves_moves_with_nothing() -> None:
    association = found([4.0] * 60)
    assert association is not None
    assert "never varies" in association.refusal


@pytest.mark.parametrize("layer", ["efficiency", "guardrail"])
def test_only_the_support_layer_is_looked_at(layer: str) -> None:
    assert found(OUTCOME, layer=layer) is None


def test_no_contribution_changes_a_gate() -> None:
    play = begun().to("stability")
    play.measure()
    before = evaluate(play.state)
    told = play.state.evidence["portal latency"].model_copy(
        update={"contribution": Association(lag=1, correlation=0.9, low=0.8, high=0.95, pairs=50, found=True)}
    )
    after = evaluate(
        play.state.model_copy(update={"evidence": play.state.evidence | {"portal latency": told}})
    )
    assert after == before
