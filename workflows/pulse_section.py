"""Pulses on the page of a journey: how one answers, and what was released."""

from domain import views
from domain.pulses.views import ClosedPulseView
from domain.wording import moment
from workflows.how_to import bst
from workflows.sections import Section

# Bytes: two paragraphs and a command to copy.
_ROOM = 900


def pulse(status: views.Status) -> Section:
    """The open pulse, which says nothing of who has answered, and the newest released bands."""
    found = status.pulse
    if found is None or (found.open is None and found.closed is None):
        return Section("pulse", (), (), 0)
    rows: list[str] = []
    if found.open is not None:
        rows.append(
            f"Pulse p{found.open.number} is open until {moment(found.open.closes_at)} and asks all "
            f"{found.open.invited} members. Nothing is shown before it closes, and nothing below "
            f"{found.open.k} answers."
        )
        rows.append(f"`{_line('draw', status.team)}`, then `{_line('answer', status.team)}`")
    if found.closed is not None:
        rows.append(_released(found.closed))
    return Section("pulse", ("## Trust and equality", ""), tuple(f"{row}\n" for row in rows), _ROOM)


def _line(action: str, team: str) -> str:
    return bst("pulse", action, team)


def _released(closed: ClosedPulseView) -> str:
    head = f"Pulse p{closed.number}, closed {moment(closed.closed_at)}"
    if closed.lost:
        return f"{head}: no result, {closed.lost}."
    if not closed.scales:
        return f"{head}: not enough answers ({closed.answered}, {closed.k} needed); they were destroyed."
    bands = ", ".join(
        f"{scale} **{band}**{f' ({closed.trend[scale]})' if closed.trend else ''}"
        for scale, band in closed.scales.items()
    )
    return f"{head}, {closed.answered} of {closed.invited} answered: {bands}."
