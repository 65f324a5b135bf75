"""The criteria of each stage's gate. Everything fails closed.

Only the outcome, efficiency metrics and guardrails are looked at here. A
metric of the support layer is never even asked for, so nothing that IT or
any other function measures of itself can open or hold a gate.
"""

from collections.abc import Iterator
from typing import assert_never

from domain.charter import GatedStage, Stage
from domain.criteria import common, drift, exchange, improvement, pulse, readback, stability, target
from domain.criteria.own import own
from domain.state import State, gating
from domain.verdicts import GateEvaluation, Verdict, digest_of

NEXT: dict[GatedStage, Stage] = {
    "stability": "optimization",
    "optimization": "innovation",
    "innovation": "completed",
}


def evaluate(state: State) -> GateEvaluation:
    """Return the verdict on every criterion of the present stage's gate, and a digest of its facts."""
    verdicts = tuple(_verdicts(state))
    facts = [state.evidence[g.name] for g in gating(state.charter) if g.name in state.evidence]
    return GateEvaluation(
        stage=state.stage,
        verdicts=verdicts,
        digest=digest_of(state.charter.team, state.stage, verdicts, facts=facts),
    )


def _verdicts(state: State) -> Iterator[Verdict]:
    match state.stage:
        case "forming":
            yield from _people(state)
            yield from readback.recognised(state)
        case "stability":
            yield from _people(state)
            yield from stability.limits(state)
            yield from stability.control(state)
            yield from stability.promise(state)
            yield from stability.gaps(state)
            yield from common.milestones(state, state.charter.stages.stability.milestones)
            yield from pulse.believed(state)
            yield from own(state)
        case "optimization":
            yield from _people(state)
            yield from improvement.outcome(state)
            yield from improvement.efficiency(state)
            yield from improvement.guardrails(state)
            yield from stability.still_true(state)
            yield from common.milestones(state, state.charter.stages.optimization.milestones)
            yield from pulse.believed(state)
            yield from own(state)
        case "innovation":
            yield from _people(state)
            yield from target.kept(state)
            yield from stability.still_true(state)
            yield from common.milestones(state, state.charter.stages.innovation.milestones)
            yield from pulse.believed(state)
            yield from own(state)
        case "completed" | "dissolved":
            return
        case _:
            assert_never(state.stage)


def _people(state: State) -> Iterator[Verdict]:
    """The team is whole, and what its charter asks of it as a team is done: the same in every stage."""
    yield from common.team(state)
    yield from exchange.complete(state)
    yield from drift.talked_over(state)
