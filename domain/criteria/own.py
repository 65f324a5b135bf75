"""The criteria of a team's own: what the readings say, and what combinations make of it.

Three-valued with an error, and failing closed. A combination is met only by parts that are met: `all` by all
of them, `any` by one, `k_of_n` by k. It is `not_met` once it cannot be met whatever is still unknown, else
`error` where a part's source fails, else `undecided`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from domain.charter import GATED_STAGES, Charter, Stage
from domain.criteria.common import known
from domain.criteria.own_leaves import Said, leaf_said
from domain.criterion import (
    All,
    AnyOf,
    Assured,
    Better,
    Capable,
    Combination,
    Control,
    Criterion,
    Data,
    Kept,
    KOfN,
    Level,
    Measured,
    Milestone,
    Runs,
    key_of,
    leaves,
)
from domain.state import Gauge, State, gating
from domain.verdicts import Status, Verdict

# What a combination's parts are told apart by in one sentence.
_MARKS: dict[Status, str] = {"met": "✓", "not_met": "✗", "undecided": "…", "error": "!"}


class _Judged(NamedTuple):
    """What one criterion says; `lacking` when data is missing that must be there."""

    status: Status
    said: Said
    lacking: bool = False


def asked_of(charter: Charter, stage: Stage, metric: str) -> tuple[Measured, ...]:
    """Return what the stage's own criteria ask of a metric's numbers, each question once."""
    found = {
        key_of(leaf): leaf
        for leaf in own_leaves(charter, stage)
        if not isinstance(leaf, Milestone) and metric_of(leaf, charter) == metric
    }
    return tuple(found.values())


def own_leaves(charter: Charter, stage: Stage) -> tuple[Measured | Milestone, ...]:
    """Return the criteria that a stage's own ones are made of."""
    return tuple(leaf for criterion in _own(charter, stage) for leaf in leaves(criterion))


def metric_of(leaf: Measured, charter: Charter) -> str:
    """Return the metric that a criterion looks at: the outcome's unless it names another."""
    return (None if isinstance(leaf, Kept) else leaf.metric) or charter.outcome.metric


def own(state: State) -> Iterator[Verdict]:
    """Each criterion of the charter's own for the present stage, in its order."""
    for place, criterion in enumerate(_own(state.charter, state.stage), start=1):
        judged = _judge(state, criterion)
        yield Verdict(
            criterion=f"own:{criterion.name or place}",
            status=judged.status,
            title=(criterion.name or judged.said.title) + (" (dry run)" if criterion.dry_run else ""),
            actual=judged.said.actual,
            needed=judged.said.needed,
            number=judged.said.number,
            counts=not criterion.dry_run,
        )


def _own(charter: Charter, stage: Stage) -> tuple[Criterion, ...]:
    for gated in GATED_STAGES:
        if gated == stage:
            return charter.gate_of(gated).criteria
    return ()


def _judge(state: State, criterion: Criterion) -> _Judged:
    match criterion:
        case All() | AnyOf() | KOfN():
            return _combined(criterion, [_judge(state, part) for part in criterion.of])
        case Milestone():
            reached = criterion.milestone in state.milestones
            title = f"Milestone: {criterion.milestone}"
            said = Said(title, "reached" if reached else "not yet", "reached")
            return _Judged("met" if reached else "not_met", said)
        case Level() | Control() | Runs() | Kept() | Capable() | Assured() | Better() | Data():
            return _measured(state, criterion)
        case _:
            assert_never(criterion)


def _measured(state: State, criterion: Measured) -> _Judged:
    status, said = _read(state, criterion)
    lacking = criterion.must_have_data and status in {"undecided", "error"}
    return _Judged("not_met" if lacking and status == "undecided" else status, said, lacking)


def _read(state: State, criterion: Measured) -> tuple[Status, Said]:
    gauge = _gauge(state, criterion)
    if gauge is None:  # the lint refuses it; a support metric must never be asked for
        said = Said(
            f"{criterion.kind} of {metric_of(criterion, state.charter)}", "no such metric in the gate", ""
        )
        return "error", said
    evidence = known(state, gauge, "own", "")
    if isinstance(evidence, Verdict):
        asked = leaf_said(criterion, gauge, state, None)[1]
        return evidence.status, asked._replace(actual=evidence.actual, number=None)
    reading = next((found for found in evidence.readings if found.key == key_of(criterion)), None)
    return leaf_said(criterion, gauge, state, reading)


def _gauge(state: State, criterion: Measured) -> Gauge | None:
    wanted = metric_of(criterion, state.charter)
    return next((gauge for gauge in gating(state.charter) if gauge.name == wanted), None)


def _combined(criterion: Combination, parts: Sequence[_Judged]) -> _Judged:
    need = len(parts) if isinstance(criterion, All) else criterion.k if isinstance(criterion, KOfN) else 1
    met = sum(part.status == "met" for part in parts)
    open_ = [part.status for part in parts if part.status in {"undecided", "error"}]
    lacking = any(part.lacking for part in parts)
    if lacking:
        status: Status = (
            "error" if any(part.lacking and part.status == "error" for part in parts) else "not_met"
        )
    elif met >= need:
        status = "met"
    elif met + len(open_) < need:
        status = "not_met"
    else:
        status = "error" if "error" in open_ else "undecided"
    words = "; ".join(f"{_MARKS[part.status]} {part.said.title}: {part.said.actual}" for part in parts)
    title = {"all": "All of", "any": "One of", "k_of_n": f"{need} of"}[criterion.kind]
    named = ", ".join(part.said.title for part in parts)
    needed = f"{need} of {len(parts)} met" + (", and data for each part that must have it" if lacking else "")
    return _Judged(
        status, Said(f"{title}: {named}", f"{met} of {len(parts)} ({words})", needed, met), lacking
    )
