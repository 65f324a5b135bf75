"""The criterion of innovation: the target is kept, not touched once."""

from collections.abc import Iterator

from domain.criteria.common import known
from domain.state import State, gating
from domain.verdicts import Verdict
from domain.wording import figure


def kept(state: State) -> Iterator[Verdict]:
    """The outcome is at or past its target in k of the newest n periods of the stage."""
    gauge, gate = gating(state.charter)[0], state.charter.stages.innovation
    words = "at least" if gauge.direction == "up" else "at most"
    target = figure(state.charter.outcome.target, gauge.unit, gauge.measure)
    title = f"The target is kept: {words} {target}"
    evidence = known(state, gauge, "target", title)
    if isinstance(evidence, Verdict):
        yield evidence
        return
    reached, seen = evidence.at_target or 0, evidence.at_target_of or 0
    possible = reached + gate.of - seen
    met = reached >= gate.at_target and seen >= gate.of
    yield Verdict(
        criterion="target",
        status="met" if met else "undecided" if seen < gate.of and possible >= gate.at_target else "not_met",
        title=title,
        actual=f"in {reached} of {seen}",
        needed=f"in {gate.at_target} of {gate.of}",
        number=reached,
    )
