"""What another charter would change, so that everybody consents to the same thing."""

from collections.abc import Iterator
from typing import Any

from domain.charter import Charter

# Enough of a value to recognise it, and of a list to decide on; the whole charter is in the journal.
SHOWN_CHARACTERS = 80
SHOWN_CHANGES = 20


def differences(before: Charter, after: Charter) -> tuple[str, ...]:
    """Return one line per changed key: `outcome.target: 3 -> 2.5`."""
    lines = list(_changes(before.model_dump(mode="json"), after.model_dump(mode="json"), ""))
    more = len(lines) - SHOWN_CHANGES
    return (*lines[:SHOWN_CHANGES], f"and {more} more changes") if more > 0 else tuple(lines)


def _changes(before: Any, after: Any, where: str) -> Iterator[str]:
    if isinstance(before, list) and isinstance(after, list):
        before, after = _by_name(before), _by_name(after)
    if not (isinstance(before, dict) and isinstance(after, dict)):
        if before != after:
            yield f"{where}: {_shown(before)} -> {_shown(after)}"
        return
    for key in [*before, *(key for key in after if key not in before)]:
        place = f"{where}.{key}" if where else str(key)
        if key not in after:
            yield f"{place}: removed (was {_shown(before[key])})"
        elif key not in before:
            yield f"{place}: added, {_shown(after[key])}"
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
