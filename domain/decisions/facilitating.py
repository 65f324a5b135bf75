"""Whose turn it is to facilitate: by rule, so that nobody has it twice before all were offered a turn."""

from domain import events as e
from domain.commands import PassFacilitation
from domain.decisions.people import member
from domain.errors import WrongStage
from domain.state import State
from domain.wording import named


def hand_on(state: State, command: PassFacilitation) -> tuple[e.Event, ...]:
    """Name the next facilitator.

    `next` is said by anybody when a meeting is over. `skip` passes over whoever has the turn, who was offered
    it all the same. `swap` takes the turn of whoever has it, who gets one later in the round.
    """
    by, turn = member(state, command.by), state.together.facilitation
    members = tuple(state.charter.members)
    if command.how != "next" and turn.current is None:
        raise WrongStage(f"Nobody facilitates yet: begin with: bst facilitate next {state.charter.team}")
    if command.how == "swap":
        if by == turn.current:
            raise WrongStage(f"It is the turn of {by} already: who wants it instead swaps.")
        if by in turn.offered:
            raise WrongStage(
                f"{by} was offered a turn in this round: left are "
                f"{named(name for name in members if name not in turn.offered)}."
            )
        chosen, offered = by, (*(name for name in turn.offered if name != turn.current), by)
    else:
        chosen, offered = _following(members, turn.current, turn.offered)
    named_ = e.FacilitatorNamed(
        by=by, how=command.how, member=chosen, previous=turn.current, offered=offered, note=command.note
    )
    return (named_,)


def _following(
    members: tuple[str, ...], current: str | None, offered: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return who is next in the charter's order, and who was offered a turn by then."""
    start = members.index(current) + 1 if current in members else 0
    order = (*members[start:], *members[:start])
    left = [name for name in order if name not in offered]
    if left:
        return left[0], (*offered, left[0])
    return order[0], (order[0],)
