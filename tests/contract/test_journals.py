"""Journals of every released version of the rules and statistics hold for ever."""

import re
from pathlib import Path

import pytest

from activities.evidence_versions import EVIDENCE
from bst.journal_file import read
from bst.verification.walk import verify
from domain.policies import POLICIES

JOURNALS = Path(__file__).with_name("journals")
STORED = sorted(JOURNALS.glob("*.jsonl"))
_WAY_OUT = (
    "A journal that was written with these rules and statistics does not follow from them any more. Of a "
    "released version, undo the change, or make it a version of its own: docs/decisions/verify.md says how. "
    "Only while version 1 is not released: python -m tests.lived_story > tests/contract/journals/v1.jsonl"
)


def test_there_is_a_journal_of_each_version() -> None:
    versions = {int(found[1]) for path in STORED if (found := re.fullmatch(r"v(\d+)", path.stem))}
    assert versions == set(POLICIES) | set(EVIDENCE)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_journal_holds(path: Path) -> None:
    file = read(path)
    found = verify(file.manifest.team, file.entries)
    assert found.ok, f"{found.difference and found.difference.sentence}\n{_WAY_OUT}"
    assert found.counts.events == file.manifest.count
