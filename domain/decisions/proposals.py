"""What is put to everybody: how a ballot opens, closes, and what consent brings about."""

from datetime import date, datetime
from typing import Any

from domain import events as e
from domain.ballots import (
    Advance,
    Amendment,
    Ballot,
    BallotOutcome,
    Dissolution,
    Exemption,
    Explanation,
    Proposal,
    Rebase,
)
from domain.charter import Charter
from domain.charting import ChartChoice
from domain.commands import DissolveTeam, ExplainSignal, ProposeAmendment
from domain.decisions.people import member
from domain.decisions.revising import round_of
from domain.errors import NotUnderstood, WrongStage
from domain.gates import NEXT
from domain.measurement import Baseline, FrozenLimits, Series
from domain.periods import label, noun, parse_label
from domain.rekeying import rekeyed, touches_keys
from domain.rounds import subject
from domain.state import Gauge, State, gating, gauges
from domain.verdicts import digest_of
from domain.voices import only_removed
from domain.wording import named

# Periods of a baseline that are kept: a year of weeks, unless the gate's own windows need more.
BASELINE_PERIODS = 52
# Enough for any team's week, few enough that nobody is buried (open ballots at a time).
OPEN_AT_MOST = 5


def explain(state: State, command: ExplainSignal, now: datetime) -> tuple[e.Event, ...]:
    """Ask everybody whether a signal is explained."""
    by = member(state, command.by)
    gauge = gauge_named(state, command.metric)
    period = period_named(state, command.period)
    name = label(period, state.charter.calendar)
    if period in state.explained.get(gauge.name, {}):
        raise NotUnderstood(f"{gauge.name} of {name} is explained already.")
    signals = _signals(state, gauge)
    if period not in signals:
        known = ", ".join(label(p, state.charter.calendar) for p in signals) or "none now"
        raise NotUnderstood(
            f"{gauge.name} of {name} is no signal, and only signals can be explained. Signals: {known}."
        )
    proposal = Explanation(by=by, metric=gauge.name, period=period, cause=command.cause)
    return open_by(state, proposal, by, now, revises=command.revises)


def amend(state: State, command: ProposeAmendment, now: datetime) -> tuple[e.Event, ...]:
    """Ask everybody about another charter; while the team forms, everybody confirms it anew instead."""
    by = member(state, command.by)
    if command.charter.team != state.charter.team:
        raise NotUnderstood(
            f"The charter is of team {command.charter.team!r}, this journey of {state.charter.team!r}: "
            "another team needs a journey of its own."
        )
    if command.charter == state.charter:
        raise NotUnderstood("The charter is the same as the present one: there is nothing to amend.")
    if state.stage == "forming" and not touches_keys(state.charter, command.charter):
        amended = _amended(state, command.charter, command.reason, confirmed=())
        return (*withdrawn(state.ballots, "the charter was amended", now), amended)
    if state.limits and _baseline_from(command.charter) != _baseline_from(state.charter):
        raise NotUnderstood(
            f"stages.stability.baseline_from moves the frozen points of {named(state.limits)}: that is a "
            "rebase, which asks four questions first. Leave it as it is, and propose it with: bst rebase"
        )
    proposal = Amendment(by=by, reason=command.reason, charter=command.charter)
    concerned = only_removed(state.charter, command.charter) or rekeyed(state.charter, command.charter)
    excused = tuple(name for name in concerned if name != by)
    return open_by(state, proposal, by, now, revises=command.revises, excused=excused)


def dissolve(state: State, command: DissolveTeam, now: datetime) -> tuple[e.Event, ...]:
    """Ask everybody whether to end; a team that never formed has nobody to ask."""
    by = member(state, command.by)
    if state.stage == "forming":
        ended = e.TeamDissolved(by=by, reason=command.reason, lesson=command.lesson, at=now)
        return (*withdrawn(state.ballots, "the journey ended", now), ended)
    proposal = Dissolution(by=by, reason=command.reason, lesson=command.lesson)
    return open_by(state, proposal, by, now, revises=command.revises)


def open_by(
    state: State,
    proposal: Proposal,
    by: str,
    now: datetime,
    *,
    revises: str | None = None,
    excused: tuple[str, ...] = (),
) -> tuple[e.Event, ...]:
    """Open a member's proposal; to propose is to consent."""
    twin = next((b for b in state.ballots if subject(b.proposal) == subject(proposal)), None)
    if twin is not None:
        raise WrongStage(f"Ballot {twin.id} is open on this already: answer it, or wait until it closes.")
    if len(state.ballots) >= OPEN_AT_MOST:
        raise WrongStage(f"{OPEN_AT_MOST} ballots are open already: answer one of them first.")
    said = {**round_of(state, proposal, revises), "excused": excused}
    opened = opening(state, proposal, digest_of(state.charter.team, proposal), now, said)
    return (opened, e.ConsentGiven(ballot=opened.ballot.id, by=by))


def opening(
    state: State, proposal: Proposal, digest: str, now: datetime, said: dict[str, Any]
) -> e.BallotOpened:
    """Return the event that asks everybody; `said` has the round and what else is known of the ballot."""
    ballot = Ballot(
        id=f"b{state.ballots_opened + 1}",
        proposal=proposal,
        digest=digest,
        opened_at=now,
        closes_at=now + state.charter.ballots.open_for,
        voters=tuple(state.charter.members),
        **said,
    )
    return e.BallotOpened(ballot=ballot)


def close(
    state: State, ballot: Ballot, outcome: BallotOutcome, reason: str, now: datetime
) -> tuple[e.Event, ...]:
    """Close a round, and bring about what everybody consented to."""
    failed = outcome in {"objected", "no_decision"} and ballot.proposal.kind != "advance"
    if failed and ballot.round >= state.charter.ballots.rounds:
        reason += f"; parked after {ballot.round} rounds, until a member brings it back with resume"
    closed = e.BallotClosed(ballot=ballot.id, outcome=outcome, reason=reason, at=now)
    if outcome != "consented":
        return (closed,)
    others = tuple(other for other in state.ballots if other.id != ballot.id)
    why = _overtaking(ballot.proposal)
    overtaken = () if why is None else withdrawn(others, why, now)
    return (*overtaken, closed, *_consequences(state, ballot, now))


def _overtaking(proposal: Proposal) -> str | None:
    """Return why no other proposal can stand beside this one, or None."""
    if isinstance(proposal, Amendment):
        return "the charter was amended"
    ends = isinstance(proposal, Dissolution) or (isinstance(proposal, Advance) and proposal.to == "completed")
    return "the journey ended" if ends else None


def withdrawn(ballots: tuple[Ballot, ...], reason: str, now: datetime) -> tuple[e.BallotClosed, ...]:
    """Close ballots without a result; no round is counted."""
    return tuple(
        e.BallotClosed(ballot=ballot.id, outcome="withdrawn", reason=reason, at=now) for ballot in ballots
    )


def _consequences(state: State, ballot: Ballot, now: datetime) -> tuple[e.Event, ...]:
    match ballot.proposal:
        case Advance():
            return (_next_stage(state, now),)
        case Explanation(metric=metric, period=period, cause=cause):
            return (e.SignalExplained(metric=metric, period=period, cause=cause),)
        case Rebase(by=by, metric=metric, period=period, cause=cause, answered=answered):
            return (
                e.LimitsRebased(metric=metric, first=period, by=by, cause=cause, answered=answered, at=now),
            )
        case Amendment(charter=charter, reason=reason):
            assert charter is not None  # an open ballot has it
            stay = tuple(voter for voter in ballot.voters if voter in {*charter.members} & {*ballot.answers})
            amended = _amended(state, charter, reason, confirmed=stay)
            return (amended, *_begun_again(state, amended, now))
        case Exemption(by=by, reason=reason, until=until):
            return (e.ExemptionGranted(by=by, reason=reason, until=until, at=now),)
        case Dissolution(by=by, reason=reason, lesson=lesson):
            return (e.TeamDissolved(by=by, reason=reason, lesson=lesson, at=now),)


def _begun_again(state: State, amended: e.CharterAmended, now: datetime) -> tuple[e.StageEntered, ...]:
    """Go back to stability where the amended gate asks about a number that was never shown to be stable.

    It has no frozen baseline, so the gate of optimization could never open; and in innovation a new outcome
    would take over what was proven of the old one.
    """
    known = {gauge.name for gauge in gauges(state.charter)} - set(amended.changed)
    asked = gating(amended.charter) if state.stage == "optimization" else gating(amended.charter)[:1]
    new = [gauge.name for gauge in asked if gauge.name not in known]
    if state.stage not in {"optimization", "innovation"} or not new:
        return ()
    reason = f"the amended charter measures {named(new)} anew"
    return (e.StageEntered(stage="stability", previous=state.stage, at=now, since=None, reason=reason),)


def _next_stage(state: State, now: datetime) -> e.StageEntered:
    assert state.stage in NEXT  # an advance ballot opens in these stages only
    series = (state.series.get(gauge.name, Series()).last for gauge in gating(state.charter))
    seen = [period for period in (state.through, *series) if period is not None]
    improved: dict[str, FrozenLimits] = {}
    baselines: dict[str, Baseline] = {}
    for gauge in gating(state.charter):
        evidence, limits = state.evidence.get(gauge.name), state.limits.get(gauge.name)
        if state.stage == "stability" and limits is not None:
            baselines[gauge.name] = Baseline(
                limits=limits, series=_baseline_points(state, gauge.name, limits)
            )
        if state.stage == "optimization" and evidence is not None and evidence.improvement is not None:
            improved[gauge.name] = evidence.improvement.limits
    return e.StageEntered(
        stage=NEXT[state.stage],
        previous=state.stage,
        at=now,
        since=max(seen) + 1 if seen else None,  # a point is of the baseline or of the stage, never of both
        reason="every criterion met and every member consented",
        limits=improved,
        baselines=baselines,
    )


def _baseline_points(state: State, metric: str, limits: FrozenLimits) -> Series:
    """The newest points from the frozen ones on, explained ones left out: what an improvement must beat."""
    explained, gate = state.explained.get(metric, {}), state.charter.stages.stability
    points = state.series.get(metric, Series()).observations()
    counted = [o for o in points if o.period >= limits.first and o.period not in explained]
    return Series().extended(
        tuple(counted[-max(BASELINE_PERIODS, gate.baseline_points + gate.judged_points) :])
    )


def _amended(state: State, charter: Charter, reason: str, confirmed: tuple[str, ...]) -> e.CharterAmended:
    same_outcome = charter.outcome == state.charter.outcome and state.stage != "forming"
    before = {gauge.name: gauge for gauge in gauges(state.charter)}
    loose = {
        "margin": 0.0,
        "promise": None,
        "target": None,
        "chart": ChartChoice(),
    }  # thresholds may move; the number stays the number
    changed = tuple(
        gauge.name
        for gauge in gauges(charter)
        if gauge.name in before
        and gauge.model_copy(update=loose) != before[gauge.name].model_copy(update=loose)
    )
    old, new = state.charter.stages.stability, charter.stages.stability
    moved = (old.baseline_points, old.baseline_from) != (new.baseline_points, new.baseline_from)
    redrawn = tuple(
        gauge.name
        for gauge in gauges(charter)
        if gauge.name in before and (moved or gauge.chart.drawing != before[gauge.name].chart.drawing)
    )
    return e.CharterAmended(
        charter=charter,
        version=state.outcome_version if same_outcome else state.outcome_version + 1,
        confirmed=confirmed,
        changed=changed if charter.calendar == state.charter.calendar else tuple(before),
        rebased=redrawn if charter.calendar == state.charter.calendar else (),
        reason=reason,
    )


def _baseline_from(charter: Charter) -> date | None:
    return charter.stages.stability.baseline_from


def gauge_named(state: State, metric: str | None) -> Gauge:
    """Return the metric of this name, the outcome's for None; NotUnderstood where there is none."""
    known = {gauge.name: gauge for gauge in gauges(state.charter)}
    if metric is None:
        return next(iter(known.values()))
    if metric not in known:
        raise NotUnderstood(f"There is no metric {metric!r}: the charter has {', '.join(known)}.")
    return known[metric]


def period_named(state: State, text: str) -> int:
    """Return the period that a date or a time is in; NotUnderstood where it is neither."""
    try:
        return parse_label(text, state.charter.calendar)
    except (ValueError, OverflowError):
        word = noun(state.charter.cadence)
        raise NotUnderstood(
            f"{text!r} is no date: name the {word} by a date in it, such as 2013-06-24."
        ) from None


def _signals(state: State, gauge: Gauge) -> tuple[int, ...]:
    evidence, series = state.evidence.get(gauge.name), state.series.get(gauge.name, Series())
    found = (
        set()
        if evidence is None or evidence.control is None
        else {*evidence.control.outside, *evidence.control.runs}
    )
    if gauge.promise is not None:
        sign = 1 if gauge.direction == "up" else -1
        found |= {o.period for o in series.points() if sign * (o.value - gauge.promise) < 0}
    return tuple(sorted(found - set(state.explained.get(gauge.name, {}))))
