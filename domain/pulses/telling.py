"""Pulses in words: their events as sentences, what is released, and what a member should know beforehand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, assert_never

from domain.events.pulses import PulseClosed, PulseEvent, PulseHindered, PulseOpened, PulseReadied
from domain.pulses.bands import PulseResult

# Shown before the first statement, wherever it is answered. Plain, because they are a promise and its end.
LIMITS: Final = """\
Your answers are stored apart from your name and from your code: one more mark in a count per statement.
Nothing is shown before the pulse closes. Then each statement is shown as low, mixed or high, for the whole \
team, and everything else is destroyed.
With fewer than {k} answers nothing is shown, and everything is destroyed.
What cannot be hidden: an administrator who watches the database, the memory or the network while you answer \
can see what you answer. In a team of {invited}, {k} answers do not hide an opinion that all share, and all \
others together may guess yours from the bands.
Consent and objections are named; only pulses are anonymous."""


def limits(k: int, invited: int) -> Iterator[str]:
    """Yield what a member should know before the first statement."""
    yield from LIMITS.format(k=k, invited=invited).splitlines()


def told(event: PulseEvent) -> str:
    """Return one sentence about the event."""
    name = f"pulse p{event.number}"
    match event:
        case PulseOpened():
            who = "it was due" if event.by is None else f"{event.by} wanted it"
            return (
                f"{name} opened ({who}): {event.invited} members are asked until {_moment(event.closes_at)}, "
                f"nothing is shown below {event.k} answers"
            )
        case PulseReadied():
            return f"{name} takes answers"
        case PulseHindered():
            return f"{name}: the answers database could not be asked: {event.reason}"
        case PulseClosed():
            if event.lost:
                return f"{name} closed without a result: {event.lost}"
            return f"{name} closed: {result_words(event.result)}"
        case _:
            assert_never(event)


def result_words(result: PulseResult) -> str:
    """Return a result in words: how many answered, and the bands or why there are none."""
    if not result.scales:
        return f"{result.answered} answered, not enough to show anything; the answers were destroyed"
    bands = ", ".join(f"{scale} {band}" for scale, band in result.scales.items())
    alike = "; many gave the same number to every statement" if result.alike else ""
    return f"{result.answered} answered; {bands}{alike}"


def _moment(at: datetime) -> str:
    # Not `domain.wording.moment`: wording knows charters, and charters know what they say of pulses.
    return at.strftime("%Y-%m-%d %H:%M UTC")
