"""What members may do: all of them the same, with one voice each."""

from datetime import datetime, timedelta
from typing import Final

from domain import events as e
from domain.ballots import Ballot
from domain.commands import (
    ConfirmOutcome,
    GiveConsent,
    HoldJourney,
    MeasureNow,
    RaiseObjection,
    ReachMilestone,
    ResumeJourney,
)
from domain.errors import (
    NoSuchBallot,
    NotAMember,
    NotDelegated,
    NotUnderstood,
    StaleEvidence,
    WrongStage,
)
from domain.state import State
from domain.wording import moment, named

# Long enough that nobody can keep a source, or a journey's history, busy with it; short enough to mend a file
# and look again.
MEASURED_AT_MOST_EVERY: Final = timedelta(minutes=1)


def member(state: State, name: str) -> str:
    """Return the name as the charter has it.

    Raises:
        NotAMember: nobody of this name is on the team.
    """
    if name in state.charter.members:
        return name
    folded = {known.casefold(): known for known in state.charter.members}
    if name.casefold() in folded:
        return folded[name.casefold()]
    raise NotAMember(
        f"{name!r} is not a member of {state.charter.team}: the members are {named(folded.values())}."
    )


def confirm(state: State, command: ConfirmOutcome) -> tuple[e.Event, ...]:
    """Stand behind the present version of the outcome; an older version does not count."""
    by, version = member(state, command.by), state.outcome_version
    if command.version is not None and command.version != version:
        raise StaleEvidence(
            f"Version {command.version} of the outcome was read, but version {version} is the present one: "
            "read it, then confirm again."
        )
    if state.confirmations.get(by) == version:
        return ()
    return (e.OutcomeConfirmed(by=by, version=version),)


def consent(state: State, command: GiveConsent, now: datetime) -> tuple[e.Event, ...]:
    """Answer yes. The same answer twice is one answer."""
    ballot, by, voice = _ballot_of(state, command, now)
    absent, before = "" if voice == by else voice, ballot.answers.get(voice)
    given_by = by if absent else ""
    if before is not None and (before.choice, before.words, before.given_by) == (
        "consent",
        command.note,
        given_by,
    ):
        return ()
    return (e.ConsentGiven(ballot=ballot.id, by=by, note=command.note, on_behalf_of=absent),)


def object_(state: State, command: RaiseObjection, now: datetime) -> tuple[e.Event, ...]:
    """Answer no, with a reason of a kind."""
    ballot, by, voice = _ballot_of(state, command, now)
    absent, before = "" if voice == by else voice, ballot.answers.get(voice)
    said = (command.objection, command.reason, command.fix, by if absent else "")
    if before is not None and (before.objection, before.words, before.fix, before.given_by) == said:
        return ()
    return (
        e.ObjectionRaised(
            ballot=ballot.id,
            by=by,
            objection=command.objection,
            reason=command.reason,
            fix=command.fix,
            on_behalf_of=absent,
        ),
    )


def hold(state: State, command: HoldJourney, now: datetime) -> tuple[e.Event, ...]:
    """Stop the line. Any member may, at once."""
    by = member(state, command.by)
    if state.hold is not None:
        raise WrongStage(f"{state.hold.by} holds the journey already: {state.hold.reason}")
    return (e.JourneyHeld(by=by, reason=command.reason, at=now),)


def resume(state: State, command: ResumeJourney) -> tuple[e.Event, ...]:
    """Lift the hold, or bring a parked proposal back."""
    by = member(state, command.by)
    parked = [one.ballot for one in state.attempts.values() if one.parked(state.charter)]
    if command.parked is not None and command.parked not in parked:
        there = named(parked) if parked else "none"
        raise NoSuchBallot(f"No parked proposal was last asked in {command.parked!r}: parked is {there}.")
    if command.parked is not None:
        return (e.ProposalBroughtBack(by=by, ballot=command.parked),)
    if state.hold is not None:
        return (e.JourneyResumed(by=by),)
    if state.parked:
        return (e.ProposalBroughtBack(by=by),)
    if len(parked) > 1:
        raise NoSuchBallot(f"Several proposals are parked: say which one, {named(parked)}.")
    if parked:
        return (e.ProposalBroughtBack(by=by, ballot=parked[0]),)
    raise WrongStage("Nothing is held and nothing is parked: there is nothing to resume.")


def measure(state: State, command: MeasureNow, now: datetime) -> tuple[e.Event, ...]:
    """Want the sources read at once, and not sooner than a little after the last time.

    A second wish before the first is served is the same wish.
    """
    by = member(state, command.by)
    if state.measured_at is None or state.measures_served < state.measures_wanted:
        return ()
    if now < state.measured_at + MEASURED_AT_MOST_EVERY:
        raise WrongStage(
            f"The sources were read on {moment(state.measured_at)}, less than "
            f"{MEASURED_AT_MOST_EVERY.total_seconds():.0f} s ago: ask again in a minute. "
            "To try a source out, use `bst source try`, as often as you like."
        )
    return (e.MeasurementWanted(by=by, at=now),)


def milestone(state: State, command: ReachMilestone, now: datetime) -> tuple[e.Event, ...]:
    """Record what the team promised and has done. The first word counts."""
    owner = state.charter.milestones.get(command.name)
    if owner is None:
        known = named(state.charter.milestones) if state.charter.milestones else "none"
        raise NotUnderstood(f"There is no milestone {command.name!r}: the charter has {known}.")
    if command.by is None and owner not in state.charter.members:
        raise NotUnderstood(
            f"{owner}, who answers for the milestone {command.name}, has left: say who says so with `by`."
        )
    by = member(state, command.by or owner)
    if command.name in state.milestones:
        return ()
    return (e.MilestoneReached(name=command.name, by=by, note=command.note, at=now),)


def open_ballot(state: State, ballot_id: str | None, now: datetime) -> Ballot:
    """Return the open ballot that is meant.

    Raises:
        NoSuchBallot: none of this name is open, or its time is up.
    """
    ballot = _find(state, ballot_id)
    if now >= ballot.closes_at:  # a worker that was down may come to close it later than it was due
        raise NoSuchBallot(
            f"Ballot {ballot.id} closed on {moment(ballot.closes_at)}, before this came: "
            "what is still wanted is asked again."
        )
    return ballot


def _ballot_of(state: State, command: GiveConsent | RaiseObjection, now: datetime) -> tuple[Ballot, str, str]:
    """Return the ballot that is meant, who answers, and whose answer it is."""
    by = member(state, command.by)
    ballot = open_ballot(state, command.ballot, now)
    voice = voice_of(state, ballot, by, command.on_behalf_of, now)
    if voice not in ballot.voters:
        raise NotAMember(f"{voice} joined after ballot {ballot.id} had opened, and does not vote on it.")
    if command.digest is not None and command.digest != ballot.digest:
        raise StaleEvidence(
            f"The answer is about evidence {command.digest[:12]}, ballot {ballot.id} about "
            f"{ballot.digest[:12]}: look at it again, then answer."
        )
    return ballot, by, voice


def voice_of(state: State, ballot: Ballot, by: str, absent: str | None, now: datetime) -> str:
    """Return whose answer it is: one's own, or that of an absent member who asked for it.

    Raises:
        NotDelegated: the member did not ask for it, or has answered in person, which prevails.
    """
    if absent is None or member(state, absent) == by:
        return by
    absent = member(state, absent)
    given = state.delegations.get(absent)
    if given is None or given.to != by or now >= given.until:
        whom = "nobody" if given is None or now >= given.until else given.to
        raise NotDelegated(
            f"{absent} has asked {whom} to answer for them, and not {by}. Only {absent} can change that: "
            f"bst delegate {state.charter.team} --by {absent} --to {by} --until DATE"
        )
    before = ballot.answers.get(absent)
    if before is not None and not before.given_by:
        raise NotDelegated(f"{absent} has answered ballot {ballot.id} in person, and that prevails.")
    return absent


def _find(state: State, ballot_id: str | None) -> Ballot:
    if not state.ballots:
        closed = state.last_closed
        told = f" The last one, {closed.ballot.id}, closed: {closed.reason}." if closed else ""
        raise NoSuchBallot(f"No ballot is open.{told}")
    open_ids = named(ballot.id for ballot in state.ballots)
    if ballot_id is None:
        if len(state.ballots) > 1:
            raise NoSuchBallot(f"Several ballots are open: say which one, {open_ids}.")
        return state.ballots[0]
    found = next((ballot for ballot in state.ballots if ballot.id == ballot_id), None)
    if found is None:
        raise NoSuchBallot(f"No open ballot is called {ballot_id!r}: open is {open_ids}.")
    return found
