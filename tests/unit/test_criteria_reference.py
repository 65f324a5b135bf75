"""The page of the criteria is the program's, and each of its examples gets the answer that it shows."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bst.charter_places import kinds_of
from bst.criteria_examples import OWN, STANDARD, Example
from bst.criteria_reference import answer, criteria_reference
from domain.criterion import Criterion
from domain.verdicts import Status
from tests.unit.test_docs_gates import codes_of_the_program

ROOT = Path(__file__).parents[2]


def test_the_page_in_the_repository_is_the_generated_one() -> None:
    kept = (ROOT / "docs" / "criteria.md").read_text(encoding="utf-8")
    assert kept == criteria_reference(), "renew it: bst schema --criteria > docs/criteria.md"


@pytest.mark.parametrize("example", [*STANDARD, *OWN], ids=lambda example: example.told)
def test_each_example_gets_its_answer(example: Example) -> None:
    assert answer(example).status == example.status


def test_each_criterion_has_an_example() -> None:
    shown = {example.criterion.partition(":")[0] for example in (*STANDARD, *OWN)}
    assert shown == codes_of_the_program()
    asked = {kind for example in OWN for kind in re.findall(r"kind: (\w+)", example.yaml)}
    assert asked == set(kinds_of(Criterion))


def test_the_examples_show_every_answer_but_an_error() -> None:
    shown = {example.status for example in (*STANDARD, *OWN)}
    assert shown == set(get_args(Status)) - {"error"}  # a source that fails has no numbers to show


def test_a_dry_run_is_shown_as_one_and_does_not_count() -> None:
    dry = [example for example in OWN if "dry_run: true" in example.yaml]
    assert [answer(example).counts for example in dry] == [False]
    assert re.search(r"\(dry run\)", answer(dry[0]).title)
