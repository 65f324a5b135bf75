"""Reference outputs of published engines, which lie outside the project, and who compares which of them.

A test takes its cases from `cases`, reads what it compares through `Reference`, and ends with `all_compared`:
a number in a case that nobody looked at fails its test, and a case that no test takes fails
`tests/unit/test_evidence_vectors_covered.py`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_vectors = pytest.mark.skipif(
    not (DATA / "spc_vectors.json").exists(),
    reason="reference vectors of other engines are not part of the project (../shared/data is absent)",
)

# As the file says: relative across engines, whose constants differ, and within one.
ACROSS_ENGINES = 1e-3
WITHIN = 1e-9

# Kinds of case that some test takes, by file.
taken: dict[str, set[str]] = {"spc_vectors.json": set(), "improvement_vectors.json": set()}


class Reference(Mapping[str, Any]):
    """What an engine gave; remembers what was read."""

    def __init__(self, numbers: dict[str, Any]) -> None:
        self._numbers, self._read = numbers, set[str]()

    def __getitem__(self, key: str) -> Any:
        self._read.add(key)
        return self._numbers[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def all_compared(self, but: Mapping[str, str] | None = None) -> None:
        """Fail when a number was neither read nor left out with a reason."""
        left = set(self._numbers) - self._read - set(but or {})
        assert not left, f"nobody compares {sorted(left)}"


@cache
def vectors(name: str) -> dict[str, Any]:
    path = DATA / name
    loaded: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return loaded


def cases(*kinds: str) -> list[Any]:
    """The control-chart cases of these kinds, as parameters."""
    taken["spc_vectors.json"].update(kinds)
    found = [case for case in vectors("spc_vectors.json").get("cases", []) if case["kind"] in kinds]
    return [pytest.param(case, id=case["id"]) for case in found]


def comparisons() -> list[Any]:
    """The comparisons of two windows, as parameters."""
    found = vectors("improvement_vectors.json").get("comparisons", [])
    taken["improvement_vectors.json"].update(case["id"] for case in found)
    return [pytest.param(case, id=case["id"]) for case in found]


def indices(flags: Iterable[Any]) -> list[int]:
    return [i for i, flag in enumerate(flags) if flag]
