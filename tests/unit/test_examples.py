"""The examples are charters that can be started, on data that is really there."""

import importlib.util
import re
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from activities.sources import Window, fetch
from bst.charter_file import load
from domain.periods import last_closed
from domain.state import gauges

ROOT = Path(__file__).parents[2]
UNTIL = date(2026, 11, 16)
NOW = datetime.combine(UNTIL + timedelta(days=2), time(12), tzinfo=UTC)
NAMES = ("claims", "clinic", "orders")


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_data", ROOT / "examples" / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the examples' data, made anew."""
    folder = tmp_path_factory.mktemp("data")
    maker().write(folder / "examples", UNTIL)
    return folder


@pytest.mark.parametrize("path", ["claims/claims.csv", "clinic/calls.jsonl"])
def test_the_data_that_is_kept_is_what_the_script_makes(tmp_path: Path, path: str) -> None:
    kept = (ROOT / "examples" / path).read_text(encoding="utf-8")
    newest = date.fromisoformat(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", kept)[-1])
    # Whoever tries the examples makes the data anew, up to a later week.
    maker().write(tmp_path, newest - timedelta(days=newest.weekday()) + timedelta(weeks=1))
    assert (tmp_path / path).read_text(encoding="utf-8") == kept


@pytest.mark.parametrize("name", NAMES)
def test_each_example_is_clean_and_editors_know_its_schema(name: str) -> None:
    path = ROOT / "examples" / name / "charter.yaml"
    loaded = load(path, today=NOW.date())
    assert loaded.warnings == ()
    assert loaded.charter.team == name
    first = loaded.text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / first).resolve() == ROOT / "charter.schema.json"


@pytest.mark.parametrize("name", NAMES)
def test_each_metric_of_each_example_can_be_read(data: Path, name: str) -> None:
    charter = load(ROOT / "examples" / name / "charter.yaml", today=NOW.date()).charter
    gate = charter.stages.stability
    for gauge in gauges(charter):
        through = last_closed(NOW, charter.calendar, gauge.source.settle)
        observations = fetch(gauge.source, Window(charter.cadence, None, through), data_root=data)
        assert len(observations) >= gate.baseline_points + gate.judged_points
        assert all(o.denominator for o in observations) is (gauge.measure == "share")


def test_a_useful_charter_fits_in_15_lines() -> None:
    text = (ROOT / "examples" / "claims" / "charter.yaml").read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if line and not line.startswith("#")]) <= 15


def test_the_fullest_example_sets_every_section() -> None:
    charter = load(ROOT / "examples" / "orders" / "charter.yaml", today=NOW.date()).charter
    left_out = set(type(charter).model_fields) - charter.model_fields_set
    assert left_out == {"glossary", "keys"}  # members make their keys themselves
    assert {metric.layer for metric in charter.metrics} == {"efficiency", "guardrail", "support"}


def test_a_day_that_is_no_monday_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2026-11-16"):
        maker().write(tmp_path, date(2026, 11, 18))


def test_data_can_be_made_again_over_the_old(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "examples", tmp_path, dirs_exist_ok=True)
    made = maker().write(tmp_path, UNTIL)
    assert [path.name for path in made] == ["claims.csv", "calls.jsonl", "orders.db"]
