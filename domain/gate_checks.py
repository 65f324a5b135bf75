"""Charts and own criteria checked against the rest of the charter (C4, C7, C12 to C16, C18)."""

from collections.abc import Iterator, Sequence

from domain.charter import GatedStage, Measure
from domain.charting import Chart, ChartChoice
from domain.criterion import All, AnyOf, Assured, Better, Capable, Criterion, Kept, KOfN, Measured, Milestone
from domain.draft import Draft
from domain.finding import Finding, Where, nearest, share_way

# What each kind of number can be charted by, the usual one first.
CHARTS: dict[Measure, tuple[Chart, ...]] = {
    "share": ("p_prime", "p", "weighted", "individuals"),
    "duration": ("log_individuals", "root_individuals", "individuals", "weighted"),
    "count": ("individuals", "c"),
    "rate": ("u_prime", "u", "weighted", "individuals"),
    "amount": ("individuals", "log_individuals", "root_individuals", "weighted"),
    "rare": ("g", "t"),
}


def gate_checks(draft: Draft) -> Iterator[Finding]:
    """Yield what does not fit together in charts and own criteria."""
    if draft.outcome is not None:
        yield from _chart(("outcome", "chart", "kind"), draft.outcome.chart, draft.outcome.measure)
    for metric in draft.metrics:
        yield from _chart(("metrics", metric.place, "chart", "kind"), metric.chart, metric.measure)
    for stage, criteria in draft.criteria.items():
        yield from _namesakes(stage, criteria)
        for place, criterion in enumerate(criteria):
            if criterion is not None:
                yield from _criterion(draft, stage, ("stages", stage, "criteria", place), criterion)


def _namesakes(stage: GatedStage, criteria: Sequence[Criterion | None]) -> Iterator[Finding]:
    """Yield the criteria that have another one's name: in the journal and the checklist they would be one."""
    names: set[str] = set()
    for place, criterion in enumerate(criteria):
        if criterion is None or criterion.name is None:
            continue
        if criterion.name in names:
            said = f"another criterion of {stage} is called {criterion.name!r}: give each a name of its own"
            yield Finding("C18", ("stages", stage, "criteria", place, "name"), said)
        names.add(criterion.name)


def _chart(where: Where, chart: ChartChoice | None, measure: Measure | None) -> Iterator[Finding]:
    if chart is None or chart.kind is None or measure is None or chart.kind in CHARTS[measure]:
        return
    fitting = ", ".join(CHARTS[measure])
    yield Finding(
        "C15",
        where,
        f"a {chart.kind} chart cannot hold what `measure: {measure}` says: take one of {fitting}",
    )


def _criterion(draft: Draft, stage: GatedStage, where: Where, criterion: Criterion) -> Iterator[Finding]:
    if isinstance(criterion, All | AnyOf | KOfN):
        for place, part in enumerate(criterion.of):
            yield from _criterion(draft, stage, (*where, "of", place), part)
        return
    if isinstance(criterion, Milestone):
        yield from _milestone(draft, (*where, "milestone"), criterion.milestone)
        return
    if not isinstance(criterion, Kept):
        yield from _metric(draft, (*where, "metric"), criterion.metric)
    if isinstance(criterion, Better) and stage != "optimization":
        yield Finding(
            "C14",
            (*where, "kind"),
            f"in {stage} nothing is compared with a frozen baseline: put it under `stages.optimization`",
        )
    yield from _stated(draft, where, criterion)
    yield from _never(draft, where, criterion)


def _milestone(draft: Draft, where: Where, name: str) -> Iterator[Finding]:
    if draft.milestones is not None and name not in draft.milestones:
        way = nearest(name, list(draft.milestones)) or ": add it there, with the member who owns it"
        yield Finding("C4", where, f"`{name}` is not under `milestones`{way}")


def _metric(draft: Draft, where: Where, name: str | None) -> Iterator[Finding]:
    own = None if draft.outcome is None else draft.outcome.metric
    if name is None or own is None or any(metric.name is None for metric in draft.metrics):
        return
    if name == own:
        return
    found = next((metric for metric in draft.metrics if metric.name == name), None)
    if found is None:
        known = [own, *(metric.name or "" for metric in draft.metrics)]
        way = nearest(name, known) or f": take one of {', '.join(_gating(draft, own))}"
        yield Finding("C12", where, f"`{name}` is no metric of this charter{way}")
    elif found.layer == "support":
        yield Finding(
            "C13",
            where,
            f"`{name}` is of the support layer, which is shown and never decides: take one of "
            f"{', '.join(_gating(draft, own))}, or make it a guardrail",
        )


def _gating(draft: Draft, own: str) -> Sequence[str]:
    return [own, *(metric.name or "" for metric in draft.metrics if metric.layer != "support")]


def _never(draft: Draft, where: Where, criterion: Measured) -> Iterator[Finding]:
    """Yield what could never be met, or says nothing."""
    measure = _measure(draft, criterion)
    limit, misses = getattr(criterion, "in_a_row", None), getattr(criterion, "misses", 0)
    if limit is not None and limit >= misses > 0:
        said = f"in_a_row is {limit}, but only {misses} may miss in all: leave it out"
        yield Finding("C18", (*where, "in_a_row"), said, "warning")
    if isinstance(criterion, Capable):
        yield from _incapable(draft, where, criterion, measure)
        return
    for key in ("at_least", "at_most", "target"):
        value = getattr(criterion, key, None)
        if value is None:
            continue
        if measure == "duration" and value <= 0:
            yield Finding("C18", (*where, key), f"a duration is more than 0, this is {value:g}")
        if measure == "share" and not 0 <= value <= 1:
            yield Finding("C7", (*where, key), share_way(value))


def _incapable(draft: Draft, where: Where, criterion: Capable, measure: Measure | None) -> Iterator[Finding]:
    own = None if draft.outcome is None else draft.outcome.metric
    if measure in {"share", "rate", "rare"}:
        said = f"no Cpk fits `measure: {measure}`: ask for `kind: assurance`, or `kind: level`"
        yield Finding("C18", (*where, "kind"), said)
    elif criterion.metric not in {None, own} and criterion.lower is None and criterion.upper is None:
        said = "no specification is stated for this metric: say `lower` or `upper`"
        yield Finding("C16", (*where, "kind"), said)


def _measure(draft: Draft, criterion: Measured) -> Measure | None:
    """Return what is measured by the metric that a criterion looks at, None where that is not understood."""
    name = getattr(criterion, "metric", None)
    if draft.outcome is not None and name in {None, draft.outcome.metric}:
        return draft.outcome.measure
    return next((metric.measure for metric in draft.metrics if metric.name == name), None)


def _stated(draft: Draft, where: Where, criterion: Measured) -> Iterator[Finding]:
    """Yield what a criterion compares with and the charter does not say."""
    outcome = draft.outcome
    if outcome is None:
        return
    if isinstance(criterion, Kept) and outcome.promise is None and "promise" not in outcome.unclear:
        yield Finding("C16", (*where, "kind"), "the outcome states no promise: say it as `outcome.promise`")
    another = getattr(criterion, "metric", None) not in {None, outcome.metric}
    if isinstance(criterion, Assured) and criterion.target is None and another:
        yield Finding(
            "C16",
            (*where, "kind"),
            "no target is stated for this metric: say it as `target` of the criterion",
        )
