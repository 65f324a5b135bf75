"""Whether two journals are the same, event by event."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from domain.envelope import Entry

# On a server an event comes milliseconds after the moment that it was due, and what people do takes a few
# more: real time goes on while a journey's own is moved. All the rest has to be the same to the last digit.
TOLERANCE: Final = timedelta(minutes=1)

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Difference(NamedTuple):
    """The first event in which two journals differ, where in it, and what each says."""

    seq: int
    where: str
    one: str
    other: str

    @property
    def sentence(self) -> str:
        """Say it."""
        return f"event {self.seq} differs in {self.where}: {self.one} and {self.other}"


def first_difference(
    one: Sequence[Entry], other: Sequence[Entry], tolerance: timedelta = TOLERANCE
) -> Difference | None:
    """Return where two journals begin to differ, None when they are the same; times may be apart a little.

    Hashes are left out, because they cover the times, and so is the id that each server gives a journey.
    """
    for first, second in zip(one, other, strict=False):
        for name in ("team", "seq", "kind", "at"):
            values = getattr(first, name), getattr(second, name)
            if not _same(*values, tolerance):
                return Difference(first.seq, name, *map(str, values))
        found = _differs(_facts(first), _facts(second), first.kind, tolerance)
        if found is not None:
            return Difference(first.seq, *found)
    if len(one) != len(other):
        longer, shorter = max(one, other, key=len), min(one, other, key=len)
        extra = longer[len(shorter)]
        there = (extra.kind, "nothing") if longer is one else ("nothing", extra.kind)
        return Difference(extra.seq, "kind", *there)
    return None


def _facts(row: Entry) -> Any:
    body = json.loads(row.body)
    if row.kind == "journey_started":
        body.pop("journey", None)
    return body


def _differs(one: Any, other: Any, where: str, tolerance: timedelta) -> tuple[str, str, str] | None:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        parts = ((one[key], other[key], f"{where}.{key}") for key in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        parts = ((a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(one, other, strict=True)))
    else:
        return None if _same(one, other, tolerance) else (where, _short(one), _short(other))
    return next((found for part in parts if (found := _differs(*part, tolerance)) is not None), None)


def _same(one: object, other: object, tolerance: timedelta) -> bool:
    if one == other:
        return True
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if not _MOMENT.fullmatch(one) or not _MOMENT.fullmatch(other):
        return False
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= tolerance


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]
