"""What an amendment changes, in lines that people can consent to."""

import pytest

from domain.charter import Charter
from domain.differences import SHOWN_CHANGES, differences
from tests.unit.journeys import charter


def test_the_same_charter_changes_nothing() -> None:
    assert differences(charter(), charter()) == ()


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"cadence": "daily"}, ("cadence: weekly -> daily",)),
        (
            {"members": {"Ana": "IT", "Ben": "IT", "Chloe": "finance"}},
            ("members.Ana: claims handling -> IT",),
        ),
        (
            {"members": {"Ana": "claims handling", "Ben": "IT", "Dora": "legal"}, "milestones": {}},
            (
                "members.Chloe: removed (was finance)",
                "members.Dora: added, legal",
                "milestones.runbook: removed (was Ben)",
                "milestones.pilot: removed (was Ana)",
            ),
        ),
        (
            {"stages": {"stability": {"milestones": ["runbook"], "baseline_from": "2026-02-02"}}},
            ("stages.stability.baseline_from: nothing -> 2026-02-02",),
        ),
    ],
)
def test_each_changed_key_is_a_line(changes: dict[str, object], lines: tuple[str, ...]) -> None:
    assert differences(charter(), charter(**changes)) == lines


def test_a_metric_is_known_by_its_name_wherever_it_stands() -> None:
    before = charter()
    moved = Charter.model_validate({**before.model_dump(), "metrics": before.model_dump()["metrics"][::-1]})
    assert differences(before, moved) == ()


def test_many_changes_are_counted() -> None:
    many = charter(milestones={f"step {i}": "Ana" for i in range(40)} | {"runbook": "Ben", "pilot": "Ana"})
    lines = differences(charter(), many)
    assert len(lines) == SHOWN_CHANGES + 1
    assert lines[-1] == "and 20 more changes"


def test_each_change_of_each_unnamed_criterion_is_shown_with_its_place() -> None:
    level, runs = {"kind": "level", "at_most": 30, "of": 12}, {"kind": "run_chart"}
    before = charter(stages={"stability": {"criteria": [level, runs]}})
    looser = charter(
        stages={"stability": {"criteria": [level | {"at_most": 9000}, runs | {"dry_run": True}]}}
    )
    fewer = charter(stages={"stability": {"criteria": [runs]}})
    assert differences(before, looser) == (
        "stages.stability.criteria.[0].at_most: 30.0 -> 9000.0",
        "stages.stability.criteria.[1].dry_run: False -> True",
    )
    assert any("criteria.[1]: removed" in line for line in differences(before, fewer))
