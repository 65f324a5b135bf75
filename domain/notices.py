"""What a journey asks of people: what waits for them, what somebody has to look at, what is in doubt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from domain.criteria.exchange import unposted, unread
from domain.periods import label
from domain.readback.standing import current
from domain.sentences import doubtful
from domain.state import Exempt, State, gauges
from domain.together.drift import CYCLES_UNTIL_HELD
from domain.together.sentences import flagged
from domain.wording import listed, moment, named

# Once can be a hiccup; from the second failure in a row somebody has to look.
TROUBLE_RAISES_ATTENTION = 2
# Long enough to find a successor or to ask for one, short enough that a quarter is not lost.
ESCALATED_AFTER: Final = timedelta(days=14)
# How a sentence on what nobody has counted begins; its metric and period follow.
TO_RECORD: Final = "somebody to record "
# The same for a pulse; its number follows.
TO_ANSWER: Final = "all members to answer pulse "
# The same for a read-back.
TO_READ: Final = "people outside the team to answer read-back "
# What is parked where it is the next stage, named first.
TO_GO_ON: Final = "the proposal to go on"


def waiting(state: State) -> tuple[str, ...]:
    """Return what people have to do now."""
    unconfirmed = [m for m in state.charter.members if state.confirmations.get(m) != state.outcome_version]
    said = [f"{named(unconfirmed)} to confirm the outcome"] if unconfirmed and not state.over else []
    if state.charter.forming.exchange and not state.over:
        said += [f"{function} to post a {named(kinds)}" for function, kinds in unposted(state).items()]
        said += [f"{who} to acknowledge what {named(fs)} posted" for who, fs in unread(state).items()]
    said += [
        f"{named(ballot.waiting_for)} to answer {ballot.id} by {moment(ballot.closes_at)}"
        for ballot in state.ballots
        if ballot.waiting_for
    ]
    said += [
        f"somebody to answer {question.by}'s question {question.id} on {ballot.id}: {question.text}"
        for ballot in state.ballots
        for question in ballot.unanswered
    ]
    return (*said, *uncounted(state), *_asked(state))


def attention(state: State) -> dict[str, str]:
    """Return what somebody has to look at: code and sentence."""
    found: dict[str, str] = {}
    failing = _failing(state, TROUBLE_RAISES_ATTENTION)
    if failing:
        found["source"] = "; ".join(failing)
    if state.grace:
        found["grace"] = (
            f"stability is in doubt: back to stability on {moment(state.grace.until)} unless recovered"
        )
    if state.doubts:
        found["doubt"] = "; ".join(doubted(state))
    if state.hold:
        found["hold"] = f"held by {state.hold.by}: {state.hold.reason}"
    if parked := _parked(state):
        are = "is" if len(parked) == 1 else "are"
        found["parked"] = f"{named(parked)} {are} parked: a member may bring it back with resume"
    if state.exempt:
        found["exempt"] = exempt_words(state.exempt)
    if state.unwritten:
        found["journal"] = f"not written since {moment(state.unwritten.at)}: {state.unwritten.reason}"
    found |= _unasked(state)
    found |= _gone(state)
    if state.together.drift.flags:
        found["drift"] = "; ".join(drifting(state))
    last = state.refusals[-1] if state.refusals else None
    if last is not None and (state.measured_at is None or last.at >= state.measured_at):
        found["refused"] = f"a {last.message} signal could not be used: {last.reason}"
    return found


def exempt_words(exempt: Exempt) -> str:
    """Return until when the team is exempt from regression, and why."""
    return f"exempt from regression until {moment(exempt.until)}, proposed by {exempt.by}: {exempt.reason}"


def _parked(state: State) -> list[str]:
    parked = [one for one in state.attempts.values() if one.parked(state.charter)]
    of_members = [f"the proposal of {one.ballot} ({one.kind})" for one in parked]
    return [TO_GO_ON, *of_members] if state.parked else of_members


def _gone(state: State) -> dict[str, str]:
    """Return what is missing because nobody is there for it: functions, and owners of milestones."""
    found, present = {}, set(state.charter.members.values())
    missing = [function for function in state.charter.required_functions if function not in present]
    if missing:
        since = {f: f" (since {moment(at)})" for f, at in state.missing_since.items()}
        found["incomplete"] = f"{named(f + since.get(f, '') for f in missing)} missing: gates stay shut"
        first, now = min(state.missing_since.values(), default=None), state.measured_at
        if first is not None and now is not None and now - first >= ESCALATED_AFTER:
            days = f"{ESCALATED_AFTER.days} days or more"
            found["escalated"] = f"{named(missing)} missing for {days}: find somebody, or amend the charter"
    if unowned := _unowned(state):
        found["unowned"] = f"{named(unowned)}: name another owner with `bst amend`"
    return found


def _unowned(state: State) -> list[str]:
    return [
        f"the milestone {name} of {owner}, who left"
        for name, owner in state.charter.milestones.items()
        if owner not in state.charter.members and name not in state.milestones
    ]


def notes(state: State) -> tuple[str, ...]:
    """Return a sentence for everything that is not as it should be, a source's first failure included."""
    found = attention(state)
    first = {} if "source" in found else dict.fromkeys(_failing(state, 1))
    return (*found.values(), *first, *_cooling(state), *restated(state))


def _cooling(state: State) -> Iterator[str]:
    """Yield why an open gate has no ballot: its last round failed, and nothing is new since."""
    closed = state.last_closed
    if not state.cooling or state.parked or state.over or state.gate is None or not state.gate.open:
        return
    failed = closed is not None and closed.ballot.proposal.kind == "advance"
    what = f"the last round ({closed.ballot.id})" if closed is not None and failed else "the last round"
    at = f", next on {moment(state.closes[0])}" if state.closes else ""
    yield f"{what} failed: to go on is asked again when there is new data{at}"


def drifting(state: State) -> Iterator[str]:
    """Yield each flag of drift: what it says, since when, and what becomes of it."""
    rules = state.charter.drift
    for flag in state.together.drift.flags.values():
        then = "the next gate stays shut until it is talked over"
        if not flag.held and rules is not None:
            at = moment(flag.since + CYCLES_UNTIL_HELD * rules.cycle)
            then = f"unresolved on {at}, it will hold the next gate"
        heard = flag.retrospective
        said = "" if heard is None else f" ({heard.by} of {heard.function} said: {heard.reason})"
        yield f"{flagged(flag.kind)} since {moment(flag.since)}, {flag.why}{said}: {then}"


def _failing(state: State, times: int) -> list[str]:
    return [
        # The way out comes first, because what a source says may be long.
        f"{name} fails since {moment(trouble.since)} (once mended, `bst measure {state.charter.team} "
        f"--by NAME` reads it at once): {trouble.message}"
        for name, trouble in state.trouble.items()
        if trouble.count >= times
    ]


def restated(state: State) -> Iterator[str]:
    """Yield what sources said differently lately; limits that were frozen on other numbers are named."""
    for name, lately in state.restated.items():
        words = f"{name} was restated for the {listed(lately.periods, state.charter.calendar)}"
        earlier = lately.count - len(lately.periods)
        if earlier:
            words += f" and {earlier} earlier"
        if lately.frozen:
            words += (
                f"; {lately.frozen} of them are points its limits are frozen on: the limits stay, and "
                "`bst rebase` freezes them anew"
            )
        yield words


def doubted(state: State) -> Iterator[str]:
    """Yield each passed gate that would not have opened on the numbers as they are now."""
    for stage, doubt in state.doubts.items():
        yield (
            f"the gate of {stage} was passed on other numbers: {doubtful(doubt, state.charter.calendar)}. "
            "Nothing moves back by itself: look at it together"
        )


def _unasked(state: State) -> dict[str, str]:
    """Return that the answers database cannot be asked, if so."""
    pulse = None if state.pulses is None else state.pulses.open
    read = current(state)
    if pulse is not None and pulse.trouble:
        return {"answers": f"pulse p{pulse.number}: {pulse.trouble}"}
    return {"answers": f"read-back r{read.number}: {read.trouble}"} if read and read.trouble else {}


def _asked(state: State) -> Iterator[str]:
    """Yield what all are asked alike, whoever has answered: nothing may tell who has."""
    pulse = None if state.pulses is None or state.over else state.pulses.open
    if pulse is not None and pulse.ready:
        yield f"{TO_ANSWER}p{pulse.number} by {moment(pulse.closes_at)}, unless they have"
    read = current(state)
    if read is not None and read.ready and state.stage == "forming":
        yield f"{TO_READ}r{read.number}, and a member to have it counted"


def uncounted(state: State) -> Iterator[str]:
    """Yield what only people can count and nobody has, of the newest period that was measured."""
    if state.over or state.through is None:
        return
    for gauge in gauges(state.charter):
        if gauge.source.kind == "manual" and state.through not in state.recorded.get(gauge.name, {}):
            yield f"{TO_RECORD}{gauge.name} of {label(state.through, state.charter.calendar)}"
