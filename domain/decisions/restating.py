"""What restated numbers say about gates that were passed. Nothing moves back by it: the team is told."""

from collections.abc import Iterator

from domain import events as e
from domain.gates import evaluate
from domain.measurement import MeasureResult, PassedGate, Rejudged
from domain.restatement import Doubt
from domain.state import State, gating
from domain.verdicts import Verdict

# What people did or promised is not restated by a source.
_OF_PEOPLE = frozenset({"functions", "confirmations", "hold", "milestone"})
# Characters of a reason that a state carries.
_REASON = 500


def doubts(state: State, result: MeasureResult) -> Iterator[e.Event]:
    """Yield which passed gates would not have opened on the numbers as they are now, or would after all."""
    for again in result.rejudged:
        passed = state.passed.get(again.stage)
        if passed is None:
            continue
        shut = _shut(state, passed, again)
        if shut:
            doubt = Doubt(reason=shut[:_REASON], restated=_periods(state, passed, result))
            if state.doubts.get(again.stage) != doubt:
                yield e.GateDoubted(stage=again.stage, doubt=doubt)
        elif again.stage in state.doubts:
            yield e.GateAffirmed(stage=again.stage)


def _shut(state: State, passed: PassedGate, again: Rejudged) -> str:
    """Return what keeps the gate shut on the present numbers; nothing where it opens."""
    if not again.evidence:
        return "it cannot be judged again, because some of its points are not carried any more"
    outcome = state.charter.outcome.model_copy(update={"promise": passed.promise})
    then = state.model_copy(
        update={
            "stage": passed.stage,
            "since": passed.since,
            "charter": state.charter.model_copy(update={"stages": passed.stages, "outcome": outcome}),
            "evidence": again.evidence,
            "limits": passed.limits,
            "baselines": passed.baselines,
            "trouble": {},
            "grace": None,
        }
    )
    return "; ".join(f"{v.title}: {v.actual}" for v in evaluate(then).held_by if not _of_people(v))


def _of_people(verdict: Verdict) -> bool:
    return verdict.criterion.partition(":")[0] in _OF_PEOPLE


def _periods(state: State, passed: PassedGate, result: MeasureResult) -> dict[str, tuple[int, ...]]:
    names = {gauge.name for gauge in gating(state.charter)}
    found = {
        metric.name: tuple(r.period for r in metric.restated if passed.oldest <= r.period <= passed.through)
        for metric in result.results
        if metric.name in names
    }
    return {name: periods for name, periods in found.items() if periods}
