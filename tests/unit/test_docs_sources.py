"""docs/sources.md: its examples can be read, its codes are all there are, and its numbers are the code's."""

import importlib.util
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from activities.sources import Window, fetch
from activities.sources.allowance import Allowance
from activities.sources.patience import PAUSES
from domain import errors, schedule
from domain.charter import Charter
from domain.decisions.people import MEASURED_AT_MOST_EVERY
from domain.notices import TROUBLE_RAISES_ATTENTION
from domain.periods import Cadence, Calendar, last_closed
from domain.sources import FilesSource, Source

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
UNTIL = date(2026, 11, 16)
_SOURCE: TypeAdapter[Source] = TypeAdapter(Source)
EXAMPLES = [
    _SOURCE.validate_python(YAML(typ="safe").load(block)["source"])
    for block in re.findall(r"^```yaml\n(source:.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples' data, made anew."""
    spec = importlib.util.spec_from_file_location("make_data", ROOT / "examples" / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("data")
    module.write(folder / "examples", UNTIL)
    return folder


def here(source: Source) -> bool:
    """Whether the source is one of files, or a database in a file, among the examples."""
    where = source.path if isinstance(source, FilesSource) else getattr(source, "url", None) or ""
    return where.removeprefix("sqlite:///").startswith("examples/")


@pytest.mark.parametrize("source", [one for one in EXAMPLES if here(one)], ids=lambda one: one.kind)
def test_its_examples_are_read(source: Source, data: Path) -> None:
    cadence: Cadence = "daily" if "by day" in source.model_dump()["query"] else "weekly"
    through = last_closed(datetime(2026, 11, 18, tzinfo=UTC), Calendar(cadence), source.settle)
    window = Window(cadence, None, through)
    assert len(fetch(source, window, data_root=data)) > 20


def test_each_kind_of_this_page_has_an_example_that_is_read() -> None:
    assert {one.kind for one in EXAMPLES if here(one)} >= {"files", "sql"}


def test_each_code_has_its_row_and_each_row_its_code() -> None:
    table = PAGE.split("## When a source fails")[1]
    listed = re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)))
    assert sorted(listed) == sorted(get_args(errors.SourceCode))


def test_what_is_tried_again_at_once_is_what_it_says() -> None:
    said = re.search(r"within the measurement, after (\d+) and (\d+) seconds: ([^.]*)\.", TEXT)
    assert said
    assert (float(said[1]), float(said[2])) == PAUSES
    assert set(re.findall(r"`(\w+)`", said[3])) == errors.TRANSIENT <= set(get_args(errors.SourceCode))


def test_its_numbers_are_those_of_the_code() -> None:
    assert schedule.RETRY_PART == 24
    assert "after a 24th of a period (7 hours of a week)" in TEXT
    assert MEASURED_AT_MOST_EVERY.total_seconds() == 60
    assert "at most once a minute" in TEXT
    assert TROUBLE_RAISES_ATTENTION == 2
    within = Charter.model_fields["restated_within"].default
    assert f"(`restated_within` of the charter, {within} unless said otherwise)" in TEXT
    assert f"ends after {Allowance().seconds:.0f} s" in TEXT
