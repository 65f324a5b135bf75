"""How the events of pulses change the state. Total, as all of `evolve`: what does not fit is left out."""

from collections.abc import Mapping
from typing import Final

from domain.events.pulses import PulseClosed, PulseEvent, PulseHindered, PulseOpened, PulseReadied
from domain.pulses.bands import BANDS, Band
from domain.pulses.cycles import ClosedPulse, OpenPulse, Pulses, Trend, marks_of
from domain.pulses.questions import Scale

# So few changes in a team between two pulses, and a trend could be theirs: it is not shown.
_TELLING_CHANGES: Final = (1, 2)


def evolved(pulses: Pulses | None, event: PulseEvent, members: Mapping[str, str]) -> Pulses:
    """Return a journey's pulses after the event; `members` are those of the charter."""
    known = pulses or Pulses()
    match event:
        case PulseOpened():
            return known.model_copy(
                update={"opened": event.number, "open": _opened(event, marks_of(members))}
            )
        case _ if known.open is None or known.open.number != event.number:
            return known
        case PulseReadied():
            return _with_open(known, known.open, ready=True, trouble="", retry_at=None)
        case PulseHindered():
            return _with_open(known, known.open, trouble=event.reason, retry_at=event.retry_at)
        case PulseClosed():
            last = _closed(known.open, event, known.last)
            kept = _kept(known, last) if known.open.wanted else None
            return known.model_copy(update={"open": None, "last": last, "kept": kept})


def _kept(known: Pulses, closed: ClosedPulse) -> ClosedPulse | None:
    """Return what stands on when too few answer a pulse that a member opened: no one alone shuts a gate."""
    if closed.stands:
        return None
    return known.last if known.last is not None and known.last.stands else known.kept


def _with_open(pulses: Pulses, before: OpenPulse, **changes: object) -> Pulses:
    return pulses.model_copy(update={"open": before.model_copy(update=changes)})


def _opened(event: PulseOpened, marks: tuple[str, ...]) -> OpenPulse:
    return OpenPulse(
        number=event.number,
        opened_at=event.at,
        closes_at=event.closes_at,
        k=event.k,
        response=event.response,
        invited=event.invited,
        items=event.items,
        marks=marks,
        wanted=event.by is not None,
    )


def _closed(pulse: OpenPulse, event: PulseClosed, before: ClosedPulse | None) -> ClosedPulse:
    result = event.result
    closed = ClosedPulse(
        number=pulse.number,
        opened_at=pulse.opened_at,
        closed_at=event.at,
        k=pulse.k,
        response=pulse.response,
        invited=pulse.invited,
        answered=result.answered,
        scales=result.scales,
        items=result.items,
        alike=result.alike,
        lost=event.lost,
        marks=pulse.marks,
    )
    return closed if before is None else closed.model_copy(update={"trend": _trend(before, closed)})


def _trend(before: ClosedPulse, closed: ClosedPulse) -> dict[Scale, Trend] | None:
    """Return which way each scale went, or None where the same was not asked of nearly the same people."""
    changes = len(set(before.marks) ^ set(closed.marks))
    same_items = set(before.items) == set(closed.items)
    if not (before.judged and closed.judged and same_items) or changes in _TELLING_CHANGES:
        return None
    return {scale: _way(before.scales[scale], band) for scale, band in closed.scales.items()}


def _way(before: Band, now: Band) -> Trend:
    step = BANDS.index(now) - BANDS.index(before)
    return "up" if step > 0 else "down" if step < 0 else "same"
