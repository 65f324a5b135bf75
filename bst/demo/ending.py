"""Where a team stands at the end, and why."""

from collections.abc import Iterator

from domain.views import Status
from domain.wording import figure


def holding(status: Status) -> Iterator[str]:
    """Say what holds the gate: each criterion that is not met, with its numbers, and causes of attention."""
    for verdict in status.verdicts:
        if verdict.status != "met":
            yield f"{verdict.title}: {verdict.actual} (needed: {verdict.needed})"
    yield from status.notes


def newest(status: Status) -> str:
    """Return the outcome's newest value beside its target."""
    target = figure(status.target, status.unit, status.measure)
    if status.value is None:
        return f"no value, target {target}"
    value = figure(status.value, status.unit, status.measure)
    return f"{value} ({status.period}), target {target}"
