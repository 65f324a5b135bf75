"""Typed values out of what an API answers: a shape that is not as documented is said, never guessed at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.errors import SourceFailed

# Enough of a wrong value to recognise it (characters).
_SHOWN = 40
# ServiceNow's internal form, always UTC (its documentation, "GlideDateTime").
_GLIDE = len("2026-01-31 09:30:00")


@dataclass(frozen=True, slots=True)
class Entry:
    """One JSON object of an answer, and what to call it in a message."""

    data: Mapping[str, Any]
    where: str

    def text(self, *path: str) -> str:
        """Return the text at a path of keys.

        Raises:
            SourceFailed: `bad_answer`; there is none, or it is something else.
        """
        value = self._at(path)
        if isinstance(value, str) and value:
            return value
        raise self._strange(path, value, "a text")

    def text_or_none(self, *path: str) -> str | None:
        """Return the text at a path of keys, or None where there is none; `bad_answer` as above."""
        return None if self._at(path) in (None, "") else self.text(*path)

    def number(self, *path: str) -> int:
        """Return the whole number at a path of keys; `bad_answer` as above."""
        value = self._at(path)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._strange(path, value, "a whole number")

    def moment(self, *path: str) -> datetime:
        """Return the moment at a path of keys, in UTC; `bad_answer` as above."""
        found = self.moment_or_none(*path)
        if found is None:
            raise self._strange(path, None, "a time")
        return found

    def moment_or_none(self, *path: str) -> datetime | None:
        """Return the moment at a path of keys, in UTC, or None where the answer has null there.

        A key that is not there at all is `bad_answer`: it was asked for, and nothing may be taken for null.
        """
        value = self._at(path)
        if value in (None, "") and path[-1] in self._around(path):
            return None
        if isinstance(value, str):
            try:
                found = datetime.fromisoformat(value)
            except ValueError:
                pass
            else:
                if found.tzinfo is not None:
                    return found.astimezone(UTC)
        raise self._strange(path, value, "a time with its offset")

    def utc_or_none(self, field: str) -> datetime | None:
        """Return the moment that ServiceNow wrote, or None where the field is empty."""
        value = self._at((field,))
        if value is None or value == "":
            return None
        if isinstance(value, str) and len(value) == _GLIDE:
            try:
                return datetime.fromisoformat(value).replace(tzinfo=UTC)
            except ValueError:
                pass
        raise self._strange((field,), value, "a time like 2026-01-31 09:30:00")

    def entries(self, *path: str) -> list["Entry"]:
        """Return the objects of the list at a path of keys; `bad_answer` as above."""
        value = self._at(path)
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return [Entry(one, self.where) for one in value]
        raise self._strange(path, value, "a list of objects")

    def entry(self, *path: str) -> "Entry":
        """Return the object at a path of keys; `bad_answer` as above."""
        value = self._at(path)
        if isinstance(value, dict):
            return Entry(value, self.where)
        raise self._strange(path, value, "an object")

    def named(self, name: str) -> "Entry":
        """Return the same with another name in messages."""
        return Entry(self.data, f"{self.where}, {name}")

    def _at(self, path: tuple[str, ...]) -> Any:
        return self._around(path).get(path[-1])

    def _around(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        """Return the object that holds the last key of a path, an empty one where there is none."""
        value: Any = self.data
        for key in path[:-1]:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value if isinstance(value, Mapping) else {}

    def _strange(self, path: tuple[str, ...], value: Any, wanted: str) -> SourceFailed:
        shown = "nothing" if value is None else repr(value)
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."
        return SourceFailed(
            "bad_answer",
            f"{self.where}: {'.'.join(path) or 'the answer'} is {shown}, not {wanted}. "
            "Check that the address is that of the tracker's API and that nothing in between "
            "changes its answers.",
        )


def entry_of(data: Any, where: str) -> Entry:
    """Return the answer as one object; `bad_answer` if it is something else."""
    return Entry({"the answer": data}, where).entry("the answer")


def entries_of(data: Any, where: str) -> list[Entry]:
    """Return the answer as a list of objects; `bad_answer` if it is something else."""
    return Entry({"the answer": data}, where).entries("the answer")
