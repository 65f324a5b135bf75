"""Criteria about people and promises, the same in every stage."""

from collections.abc import Iterator

from domain.charting import BETWEEN_EVENTS
from domain.measurement import FrozenLimits, MetricEvidence
from domain.periods import Cadence, noun
from domain.state import Gauge, State
from domain.verdicts import Verdict
from domain.wording import figure, moment, named


def functions(state: State) -> Iterator[Verdict]:
    """Each required function has a member, IT among them."""
    present = set(state.charter.members.values())
    missing = [function for function in state.charter.required_functions if function not in present]
    yield Verdict(
        criterion="functions",
        status="not_met" if missing else "met",
        title="Every required function is on the team",
        actual=f"{named(missing)} missing" if missing else named(state.charter.required_functions),
        needed="a member of each function",
        number=len(missing),
    )


def confirmations(state: State) -> Iterator[Verdict]:
    """Every member stands behind the present version of the outcome."""
    members, version = state.charter.members, state.outcome_version
    missing = [member for member in members if state.confirmations.get(member) != version]
    yield Verdict(
        criterion="confirmations",
        status="not_met" if missing else "met",
        title="Every member confirmed the outcome",
        actual=f"{len(members) - len(missing)} of {len(members)}"
        + (f", waiting for {named(missing)}" if missing else ""),
        needed=f"all {len(members)} on version {version}",
        number=len(members) - len(missing),
    )


def team(state: State) -> Iterator[Verdict]:
    """The team is whole and nobody has stopped the line."""
    yield from functions(state)
    yield from confirmations(state)
    if state.hold is not None:
        yield Verdict(
            criterion="hold",
            status="not_met",
            title="Nobody holds the journey",
            actual=f"held by {state.hold.by} since {moment(state.hold.at)}: {state.hold.reason}",
            needed="a member resumes it",
        )
    if state.exempt is not None:
        yield Verdict(
            criterion="exemption",
            status="undecided",
            title="Exempt from regression, which waives no criterion",
            actual=f"until {moment(state.exempt.until)}, by {state.exempt.by}: {state.exempt.reason}",
            needed="nothing: it is shown, and ends by itself",
            counts=False,
        )


def milestones(state: State, names: tuple[str, ...]) -> Iterator[Verdict]:
    """What the team promised for this stage is done."""
    for name in names:
        reached = state.milestones.get(name)
        owner = state.charter.milestones.get(name, "nobody")
        yield Verdict(
            criterion=f"milestone:{name}",
            status="not_met" if reached is None else "met",
            title=f"Milestone: {name}",
            actual=f"not yet (owner {owner}{'' if owner in state.charter.members else ', who left'})"
            if reached is None
            else f"reached, said {reached.by}",
            needed="reached",
        )


def on_chart(value: float, gauge: Gauge, limits: FrozenLimits | None, cadence: Cadence) -> str:
    """Return a place on the metric's chart in words; where events are rare, the time between them."""
    if limits is not None and limits.chart in BETWEEN_EVENTS:
        return f"{value:.3g} {noun(cadence, 2)} between"
    return figure(value, gauge.unit, gauge.measure)


def known(state: State, gauge: Gauge, criterion: str, title: str) -> MetricEvidence | Verdict:
    """Return the metric's evidence, or the verdict that there is none: a failing source or no data."""
    trouble = state.trouble.get(gauge.name)
    if trouble is not None:
        return Verdict(
            criterion=criterion,
            status="error",
            title=title,
            actual=f"the source fails since {moment(trouble.since)} ({trouble.code})",
            needed="a source that answers",
        )
    evidence = state.evidence.get(gauge.name)
    # Where events are rare, none at all is a number too.
    if evidence is None or evidence.last_period is None or not (evidence.n or gauge.measure == "rare"):
        return Verdict(
            criterion=criterion,
            status="undecided",
            title=title,
            actual=f"no data of {gauge.name} yet",
            needed="observations",
            number=0,
        )
    return evidence
