"""What the numbers ask of people: what was restated, what is in doubt by it, what nobody has counted."""

from collections.abc import Iterator
from typing import Final

from domain.periods import label
from domain.sentences import doubtful
from domain.state import State, gauges
from domain.wording import listed

# How a sentence on what nobody has counted begins; its metric and period follow.
TO_RECORD: Final = "somebody to record "


def restated(state: State) -> Iterator[str]:
    """Yield what sources said differently lately; limits that were frozen on other numbers are named."""
    for name, lately in state.restated.items():
        words = f"{name} was restated for the {listed(lately.periods, state.charter.calendar)}"
        earlier = lately.count - len(lately.periods)
        if earlier:
            words += f" and {earlier} earlier"
        if lately.frozen:
            words += (
                f"; {lately.frozen} of them are points its limits are frozen on: the limits stay, and an "
                "amendment of stages.stability.baseline_from freezes them anew"
            )
        yield words


def doubted(state: State) -> Iterator[str]:
    """Yield each passed gate that would not have opened on the numbers as they are now."""
    for stage, doubt in state.doubts.items():
        yield (
            f"the gate of {stage} was passed on other numbers: {doubtful(doubt, state.charter.calendar)}. "
            "Nothing moves back by itself: look at it together"
        )


def uncounted(state: State) -> Iterator[str]:
    """Yield what only people can count and nobody has, of the newest period that was measured."""
    if state.over or state.through is None:
        return
    for gauge in gauges(state.charter):
        if gauge.source.kind == "manual" and state.through not in state.recorded.get(gauge.name, {}):
            yield f"{TO_RECORD}{gauge.name} of {label(state.through, state.charter.calendar)}"
