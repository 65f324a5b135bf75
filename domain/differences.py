"""What another charter would change, so that everybody consents to the same thing."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.charter import Charter

# Enough of a value to recognise it, and of a list to decide on; the whole charter is in the journal.
SHOWN_CHARACTERS = 80
SHOWN_CHANGES = 20


class Change(NamedTuple):
    """One changed key, its values as they are shown; None where there is none."""

    place: str
    before: str | None
    after: str | None


def differences(before: Charter, after: Charter) -> tuple[str, ...]:
    """Return one line per changed key: `outcome.target: 3 -> 2.5`."""
    lines = [_line(change) for change in changes(before, after)]
    more = len(lines) - SHOWN_CHANGES
    return (*lines[:SHOWN_CHANGES], f"and {more} more changes") if more > 0 else tuple(lines)


def changes(before: Charter, after: Charter) -> Iterator[Change]:
    """Yield each changed key, in the order of the present charter, then of the other one."""
    yield from _changes(before.model_dump(mode="json"), after.model_dump(mode="json"), "")


def _line(change: Change) -> str:
    if change.after is None:
        return f"{change.place}: removed (was {change.before})"
    if change.before is None:
        return f"{change.place}: added, {change.after}"
    return f"{change.place}: {change.before} -> {change.after}"


def _changes(before: Any, after: Any, where: str) -> Iterator[Change]:
    if isinstance(before, list) and isinstance(after, list):
        before, after = _by_name(before), _by_name(after)
    if not (isinstance(before, dict) and isinstance(after, dict)):
        if before != after:
            yield Change(where, _shown(before), _shown(after))
        return
    for key in [*before, *(key for key in after if key not in before)]:
        place = f"{where}.{key}" if where else str(key)
        if key not in after:
            yield Change(place, _shown(before[key]), None)
        elif key not in before:
            yield Change(place, None, _shown(after[key]))
        else:
            yield from _changes(before[key], after[key], place)


def _by_name(items: list[Any]) -> dict[str, Any]:
    """Name the items, so that one that moved is no change: by its name, by itself, else by its place."""
    names = [(item.get("name") if isinstance(item, dict) else item) for item in items]
    unique = len(set(map(str, names))) == len(names) and None not in names
    if unique:
        return {str(name): item for name, item in zip(names, items, strict=True)}
    return {f"[{place}]": item for place, item in enumerate(items)}


def _shown(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
