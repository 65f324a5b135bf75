"""docs/gates.md has each criterion that there is, and each default as it is."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bst.charter_schema import charter_schema
from domain.ballots import ObjectionKind
from domain.charter import BallotRules, Regression, Stages
from domain.duration import print_duration
from domain.schedule import GRACE_PERIODS
from domain.verdicts import Status

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
# How the criteria's code says its codes: as an argument, or in the table of the outcome's three.
WRITTEN = re.compile(
    r'(?:criterion=|known\(state, gauge, |_look\(state, gauge, |^ {8}\()f?"([a-z_]+)', re.MULTILINE
)


def codes_of_the_program() -> set[str]:
    sources = (ROOT / "domain" / "criteria").glob("*.py")
    return {code for source in sources for code in WRITTEN.findall(source.read_text(encoding="utf-8"))}


def codes_of_the_page() -> set[str]:
    cells = re.findall(r"^\| (`[a-z].*?) \|", PAGE.split("## Going back")[0], re.MULTILINE)
    return {code.partition(":")[0] for cell in cells for code in re.findall(r"`([^`]+)`", cell)} - set(
        get_args(Status)
    )


def test_each_criterion_is_explained_and_no_other() -> None:
    assert {"functions", "control", "good_signal", "guardrail", "target"} <= codes_of_the_program()
    assert codes_of_the_page() == codes_of_the_program()


def test_each_answer_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|.*\| (yes|no)", PAGE, re.MULTILINE) == [
        (status, "yes" if status == "met" else "no") for status in get_args(Status)
    ]


def defaults(name: str, model: BaseModel) -> list[tuple[str, str]]:
    """Return key and default of each setting, as the page writes them; names and days have none."""
    found = []
    for field, value in model:
        if isinstance(value, BaseModel):
            found += defaults(f"{name}.{field}", value)
        elif field not in {"milestones", "criteria", "baseline_from", "grace"}:
            found.append((f"{name}.{field}", as_written(value)))
    return found


def as_written(value: Any) -> str:
    return str(value) if isinstance(value, int | float) else print_duration(value)


def test_each_default_is_the_program_s() -> None:
    wanted = [
        *defaults("stages", Stages()),
        *defaults("regression", Regression()),
        ("regression.grace", f"{GRACE_PERIODS} periods"),
        *defaults("ballots", BallotRules()),
    ]
    written = re.findall(r"^\| `((?:stages|regression|ballots)\.[\w.]+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert written == wanted
    assert Regression().grace is None


@pytest.mark.parametrize("kind", get_args(ObjectionKind))
def test_each_kind_of_objection_is_named(kind: str) -> None:
    assert f"`{kind}`" in PAGE


def test_the_readme_tells_the_same_defaults() -> None:
    stages = Stages()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"frozen on {stages.stability.baseline_points} points" in readme
    assert f"the {stages.stability.judged_points} newest later ones" in readme
    assert f"kept in {stages.stability.promise_kept} of {stages.stability.judged_points}" in readme
    assert f"at the target in {stages.innovation.at_target} of {stages.innovation.of} periods" in readme


def test_each_key_of_a_gate_is_on_the_page() -> None:
    parts = charter_schema()["$defs"]
    for part in ("StabilityGate", "OptimizationGate", "InnovationGate"):
        assert [key for key in parts[part]["properties"] if f"{key}`" not in PAGE] == []
