"""What a journey says of itself in its search attributes, and what of it has changed."""

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate, TypedSearchAttributes

from domain import notices, views
from domain.schedule import next_measure_at
from domain.state import State
from workflows import search_attributes as keys


def attributes_of(state: State, known: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    """Return the updates that make `known` say how the journey stands: only what has changed."""
    outcome = views.newest_value(state, state.charter.outcome.metric)
    wanted: dict[SearchAttributeKey[Any], Any] = {
        keys.STAGE: state.stage,
        keys.GATE: gate_word(state),
        keys.OUTCOME: None if outcome is None else outcome[1],
        keys.GAP: views.gap(state),
        keys.FUNCTIONS: sorted(set(state.charter.members.values())),
        keys.ATTENTION: sorted(notices.attention(state)) or None,
        keys.NEXT_PERIOD: None if state.over else next_measure_at(state),
    }
    return [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in wanted.items()
        if known.get(key) != value
    ]


def gate_word(state: State) -> str:
    """Return one word for the gate: `none`, `shut`, `open`, `ballot`."""
    if state.gate is None:
        return "none"
    if state.advance_ballot is not None:
        return "ballot"
    return "open" if state.gate.open else "shut"
