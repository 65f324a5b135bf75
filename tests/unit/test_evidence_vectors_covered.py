"""No reference case is left out in silence, and the docs say which there are."""

import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from tests.vectors import DATA, needs_vectors, taken, vectors

pytestmark = needs_vectors

TAKERS = ("test_evidence_vectors", "test_evidence_vectors_qicharts", "test_evidence_vectors_improvement")
PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "evidence.md"
# Files of reference numbers about other things than this package.
ELSEWHERE = {"experiment_vectors.json"}


@pytest.fixture(autouse=True)
def _takers() -> None:
    for name in TAKERS:
        import_module(f"tests.unit.{name}")


def test_every_reference_case_is_taken_by_a_test() -> None:
    by_kind = Counter(case["kind"] for case in vectors("spc_vectors.json")["cases"])
    left = {kind: count for kind, count in by_kind.items() if kind not in taken["spc_vectors.json"]}
    assert not left, f"of {by_kind.total()} cases these are compared by no test: {left}"
    ids = {case["id"] for case in vectors("improvement_vectors.json")["comparisons"]}
    assert ids == taken["improvement_vectors.json"]


def test_every_file_of_reference_numbers_is_known() -> None:
    assert {file.name for file in DATA.glob("*_vectors.json")} == {*taken, *ELSEWHERE}


def test_the_docs_name_every_kind_of_case() -> None:
    said = set(re.findall(r"^\| `(\w+)` \| \d+ \|", PAGE.read_text(), flags=re.MULTILINE))
    kinds = {case["kind"] for case in vectors("spc_vectors.json")["cases"]} | {"comparison"}
    assert kinds <= said, f"no row for {kinds - said}"
