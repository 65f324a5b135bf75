"""The page on trackers says what the models have: examples that a charter takes, every measure, every key."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from activities.sources.trackers.items import Measure
from bst.yaml_text import read_yaml
from domain.sources import GithubSource, GitlabSource, JiraSource, ServiceNowSource, Source

PAGE = (Path(__file__).parents[2] / "docs" / "trackers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
MODELS = (JiraSource, ServiceNowSource, GithubSource, GitlabSource)


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_is_a_source(text: str) -> None:
    data: Any = read_yaml(text).data

    TypeAdapter[Any](Source).validate_python(data["source"])


def test_there_is_an_example_of_each_kind() -> None:
    kinds = [re.search(r"kind: (\w+)", text) for text in EXAMPLES]

    assert {kind[1] for kind in kinds if kind} == {
        get_args(m.model_fields["kind"].annotation)[0] for m in MODELS
    }


def test_each_measure_is_defined() -> None:
    head, _, _ = PAGE.partition("## Jira")

    assert re.findall(r"^\| `(\w+)` \| `", head, re.MULTILINE) == list(get_args(Measure))


@pytest.mark.parametrize("model", MODELS)
def test_each_section_names_the_measures_of_its_kind(model: Any) -> None:
    title = {"JiraSource": "Jira", "ServiceNowSource": "ServiceNow", "GithubSource": "GitHub"}
    section = PAGE.split(f"## {title.get(model.__name__, 'GitLab')}\n")[1].partition("\n## ")[0]
    measures = set(get_args(model.model_fields["measure"].annotation)) - {"cycle_time"}

    assert [measure for measure in measures if f"`{measure}`" not in section] == []
