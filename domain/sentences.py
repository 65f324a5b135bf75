"""Each event as one sentence, for journals, receipts and people who watch."""

from typing import assert_never

from domain import events as e
from domain.ballots import Advance, Amendment, Dissolution, Exemption, Explanation, Proposal, Rebase
from domain.charter import Charter
from domain.measurement import MeasureResult
from domain.periods import Calendar, label
from domain.pulses.telling import told as pulse_told
from domain.readback.telling import told as read_back_told
from domain.restatement import Doubt, Restatement
from domain.saying import said
from domain.state import Gauge, gauges
from domain.together import sentences as together
from domain.wording import LISTED, counted, figure, listed, moment, named

_OBJECTIONS = {
    "harms_outcome": "it harms the outcome",
    "stops_my_work": "it stops my work",
    "irreversible": "it cannot be undone",
}


def describe(event: e.Event, charter: Charter) -> str:  # noqa: C901, PLR0911, PLR0912 - one case per event
    """Return one sentence about the event, read with the charter of its time."""
    if isinstance(event, e.AskingEvent | e.MembershipEvent | e.ExemptingEvent):
        return said(event)
    if isinstance(event, e.TogetherEvent):
        return together.told(event)
    if isinstance(event, e.PulseEvent):
        return pulse_told(event)
    if isinstance(event, e.ReadBackEvent):
        return read_back_told(event)
    match event:
        case e.JourneyStarted():
            return f"{charter.team} began to form: {charter.outcome.statement}"
        case e.OutcomeConfirmed():
            return f"{event.by} confirmed version {event.version} of the outcome"
        case e.Measured():
            return _measured(event.result, charter)
        case e.MeasurementWanted():
            return f"{event.by} wants the sources read now"
        case e.LimitsFrozen():
            frozen = event.limits
            span = f"{label(frozen.first, charter.calendar)} to {label(frozen.last, charter.calendar)}"
            return f"limits of {event.metric} frozen on {frozen.n} points, {span}"
        case e.GateEvaluated():
            return _gate(event)
        case e.GateDoubted(doubt=doubt):
            return (
                f"the gate of {event.stage}, passed before, is in doubt: {doubtful(doubt, charter.calendar)}"
            )
        case e.GateAffirmed():
            return f"the gate of {event.stage} is in doubt no longer: it would open on the numbers of now"
        case e.ValueRecorded():
            return _recorded(event, charter)
        case e.StageEntered():
            word = "went back to" if event.stage == "stability" and event.previous != "forming" else "entered"
            return f"{charter.team} {word} {event.stage}: {event.reason}"
        case e.BallotOpened(ballot=ballot):
            proposal = proposed(ballot.proposal, charter.calendar)
            closes = moment(ballot.closes_at)
            mends = f", mends {ballot.revises}" if ballot.revises else ""
            return f"ballot {ballot.id} opened, round {ballot.round}{mends}: {proposal}; it closes {closes}"
        case e.ConsentGiven():
            who = f"{event.by}{_for(event)} consented on {event.ballot}"
            return f"{who}: {event.note}" if event.note else who
        case e.ObjectionRaised():
            kind = _OBJECTIONS[event.objection]
            mended = f"; it would be mended by: {event.fix}" if event.fix else ""
            return f"{event.by}{_for(event)} objected on {event.ballot} ({kind}): {event.reason}{mended}"
        case e.MembersReminded():
            return (
                f"reminded {named(event.waiting_for)}: ballot {event.ballot} closes {moment(event.closes_at)}"
            )
        case e.BallotClosed():
            return f"ballot {event.ballot} closed, {event.outcome.replace('_', ' ')}: {event.reason}"
        case e.ProposalParked():
            return (
                f"the proposal is parked after {event.rounds} rounds: a member may bring it back with resume"
            )
        case e.ProposalBroughtBack():
            again = f" of {event.ballot} back: it may be proposed again" if event.ballot else " back"
            return f"{event.by} brought the parked proposal{again}"
        case e.SignalExplained():
            return f"{event.metric} of {label(event.period, charter.calendar)} is explained: {event.cause}"
        case e.LimitsRebased():
            first = label(event.first, charter.calendar)
            need = charter.stages.stability.baseline_points
            return (
                f"limits of {event.metric} are frozen anew from {first} ({event.by}): {event.cause}; "
                f"the gate waits until there are {need} points from there on"
            )
        case e.CharterAmended():
            return f"the charter was amended, outcome version {event.version}: {event.reason}"
        case e.MilestoneReached():
            return f"milestone {event.name} reached, said {event.by}" + (
                f": {event.note}" if event.note else ""
            )
        case e.MessageRefused():
            return f"a {event.message} signal was refused: {event.reason}"
        case e.RegressionFeared():
            return (
                f"stability is in doubt, {counted(event.streak, charter.cadence)} in a row for the worse: "
                f"grace until {moment(event.until)}"
            )
        case e.RegressionAverted():
            return "stability is back within the grace period"
        case e.JourneyHeld():
            return f"{event.by} holds the journey: {event.reason}"
        case e.JourneyResumed():
            return f"{event.by} resumed the journey"
        case e.JournalFailed():
            return f"the journal cannot be written: {event.reason}"
        case e.JournalRecovered():
            return "the journal can be written again"
        case e.TeamDissolved():
            return f"the team was dissolved: {event.reason}; learned: {event.lesson}"
        case _:
            assert_never(event)


def _for(event: e.ConsentGiven | e.ObjectionRaised) -> str:
    return f", for {event.on_behalf_of}," if event.on_behalf_of else ""


def doubtful(doubt: Doubt, calendar: Calendar) -> str:
    """Return why a passed gate is in doubt: what was restated, and what does not hold on it."""
    restated = "; ".join(
        f"{name} was restated for the {listed(periods, calendar)}" for name, periods in doubt.restated.items()
    )
    return f"{restated}, and on these numbers it would not have opened ({doubt.reason})"


def proposed(proposal: Proposal, calendar: Calendar) -> str:
    """Return what a ballot asks."""
    match proposal:
        case Advance():
            return f"go on from {proposal.stage} to {proposal.to}"
        case Explanation():
            period = label(proposal.period, calendar)
            return f"take {proposal.metric} of {period} as explained: {proposal.cause}"
        case Rebase():
            return (
                f"freeze limits of {proposal.metric} anew from {label(proposal.period, calendar)}, proposed "
                f"by {proposal.by} (all four questions answered with yes): {proposal.cause}"
            )
        case Amendment():
            return f"amend the charter, proposed by {proposal.by}: {proposal.reason}"
        case Dissolution():
            return f"dissolve the team, proposed by {proposal.by}: {proposal.reason}"
        case Exemption():
            until = moment(proposal.until)
            return (
                f"exempt the team from regression until {until}, proposed by {proposal.by}: {proposal.reason}"
            )
        case _:
            assert_never(proposal)


def _gate(event: e.GateEvaluated) -> str:
    gate = event.gate
    if gate.open:
        return f"the gate of {gate.stage} is open: all {len(gate.counting)} criteria met"
    held = [f"{v.title.lower()}: {v.actual}" for v in gate.held_by]
    met = len(gate.counting) - len(held)
    return f"the gate of {gate.stage} is shut, {met} of {len(gate.counting)} met; {'; '.join(held)}"


def _recorded(event: e.ValueRecorded, charter: Charter) -> str:
    gauge = next((gauge for gauge in gauges(charter) if gauge.name == event.metric), None)
    period = label(event.observation.period, charter.calendar)

    def shown(value: float) -> str:
        return f"{value:g}" if gauge is None else figure(value, gauge.unit, gauge.measure)

    before = "" if event.before is None else f" instead of {shown(event.before.value)}"
    note = f": {event.note}" if event.note else ""
    return f"{event.by} recorded {event.metric} of {period}, {shown(event.observation.value)}{before}{note}"


def _measured(result: MeasureResult, charter: Charter) -> str:
    known = {gauge.name: gauge for gauge in gauges(charter)}
    words = []
    for metric in result.results:
        gauge = known.get(metric.name)
        if metric.trouble is not None:
            words.append(f"{metric.name} failed ({metric.trouble.message})")
        elif gauge is None or not metric.observations:
            words.append(f"{metric.name} has nothing new")
        else:
            newest = metric.observations[-1]
            value = figure(newest.value, gauge.unit, gauge.measure)
            more = f", {len(metric.observations)} new" if len(metric.observations) > 1 else ""
            words.append(f"{metric.name} {value} ({label(newest.period, charter.calendar)}{more})")
        if metric.restated and gauge is not None:
            words.append(f"{metric.name} was restated: {_restated(metric.restated, gauge, charter)}")
    return f"measured: {'; '.join(words)}{'; there is more to catch up with' if result.more else ''}"


def _restated(restated: tuple[Restatement, ...], gauge: Gauge, charter: Charter) -> str:
    def shown(value: float | None) -> str:
        return "no value" if value is None else figure(value, gauge.unit, gauge.measure)

    words = [
        f"{label(r.period, charter.calendar)} {shown(r.before)} -> {shown(r.after)}"
        for r in restated[-LISTED:]
    ]
    more = len(restated) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")
