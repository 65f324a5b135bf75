"""The criterion of a charter that asks for pulses: members believe that they are viewed as equals."""

from collections.abc import Iterator

from domain.pulses.bands import BANDS
from domain.pulses.cycles import ClosedPulse
from domain.pulses.rules import PulseRules
from domain.state import State
from domain.verdicts import Verdict
from domain.wording import share

_TITLE = "The team believes that its members are equals"


def believed(state: State) -> Iterator[Verdict]:
    """The newest closed pulse: enough answers, and the items on equality in the band that was set.

    One that a member opened and too few answered does not take the place of one that stands: no one alone
    shuts a gate. One that the rhythm opened does: then the team is silent when it is asked.
    """
    rules = state.charter.pulse
    if rules is None or not rules.gates:
        return
    needed = (
        f"items on equality {'' if rules.at_least == 'high' else 'at least '}{rules.at_least}, "
        f"{rules.k} answers or more, {share(rules.response)} of the team"
    )
    pulses = state.pulses
    last = None if pulses is None else pulses.kept or pulses.last
    if last is None:
        yield _verdict("undecided", "no pulse has closed yet", needed)
        return
    why = _unjudged(last, rules)
    if why:
        yield _verdict("undecided", f"pulse p{last.number} cannot be judged: {why}", needed)
        return
    band = last.scales["equality"]
    met = BANDS.index(band) >= BANDS.index(rules.at_least)
    actual = f"{band} in pulse p{last.number}, {last.answered} of {last.invited} answered"
    yield _verdict("met" if met else "not_met", actual, needed)


def _unjudged(pulse: ClosedPulse, rules: PulseRules) -> str:
    """Return why a closed pulse says nothing, or nothing when it says something."""
    if pulse.lost:
        return pulse.lost
    if not pulse.judged:
        return f"not enough answers ({pulse.answered}, {pulse.k} needed)"
    if pulse.answered < max(pulse.response, rules.response) * pulse.invited:
        return f"{pulse.answered} of {pulse.invited} answered"
    if pulse.answered < rules.k:  # the team asks for more since
        return f"{pulse.answered} answers, {rules.k} needed now"
    return "" if "equality" in pulse.scales else "it did not ask about equality"


def _verdict(status: str, actual: str, needed: str) -> Verdict:
    return Verdict.model_validate(
        {"criterion": "pulse", "status": status, "title": _TITLE, "actual": actual, "needed": needed}
    )
