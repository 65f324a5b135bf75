"""The generated pages are those of the code, and each of their examples is true."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bst.charter_file import check_text
from bst.charter_reference import example, reference
from bst.charter_rules import BASE, RULES, TODAY, Rule
from bst.charter_schema import charter_schema, schema_text
from bst.yaml_text import read_yaml

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'"([YSEWC][0-9]{1,2})"')


def test_the_schema_in_the_repository_is_the_generated_one() -> None:
    kept = (ROOT / "charter.schema.json").read_text(encoding="utf-8")
    assert kept == schema_text(), "renew it: bst schema > charter.schema.json"


def test_the_reference_in_the_repository_is_the_generated_one() -> None:
    kept = (ROOT / "docs" / "charter.md").read_text(encoding="utf-8")
    assert kept == reference(), "renew it: bst schema --markdown > docs/charter.md"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_example_has_its_code_and_the_way_out_has_not(rule: Rule) -> None:
    wrong, right = example(rule, rule.wrong), example(rule, rule.right)
    assert rule.code in {problem.code for problem in wrong.problems}
    assert rule.code not in {problem.code for problem in right.problems}
    if not rule.whole:
        assert right.problems == (), right.printed


def test_the_charter_that_the_examples_are_put_over_is_clean() -> None:
    assert check_text(BASE, "charter.yaml", TODAY).problems == ()


def test_every_code_of_the_program_is_in_the_reference_once() -> None:
    sources = [ROOT / "domain" / "lint.py", ROOT / "domain" / "crosschecks.py"]
    sources += [ROOT / "domain" / f"{name}.py" for name in ("gate_checks", "key_checks", "pulse_checks")]
    sources += [
        ROOT / "bst" / f"{name}.py"
        for name in ("charter_file", "charter_misfits", "charter_plugins", "yaml_text")
    ]
    used = {code for source in sources for code in CODE.findall(source.read_text(encoding="utf-8"))}
    assert sorted(rule.code for rule in RULES) == sorted(used)


def test_the_schema_describes_every_key() -> None:
    schema = charter_schema()
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        for name, value in part["properties"].items():
            assert value.get("description"), name


def accepts(text: str) -> bool:
    data: Any = read_yaml(text).data
    validator = jsonschema.Draft7Validator(charter_schema())
    return bool(validator.is_valid(data))


def test_the_schema_itself_is_a_valid_one() -> None:
    jsonschema.Draft7Validator.check_schema(charter_schema())


@pytest.mark.parametrize("name", ["claims", "clinic", "orders"])
def test_editors_accept_what_the_program_accepts(name: str) -> None:
    assert accepts((ROOT / "examples" / name / "charter.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("team: claims", "team: Claims Team"),
        ("target: 3", "target: 85%"),
        ("target: 3", "target: true"),
        ("direction: down", "direction: lower"),
        ("unit: days", "unti: days"),
        ("kind: files", "kind: csv"),
        ("path: claims.csv", "path: claims.csv, settle: 2"),
        ("path: claims.csv", "path: claims.csv, url: x"),
        ("{Maria: Claims handling, Ben: IT}", "{Ben: IT}"),
    ],
)
def test_editors_mark_what_the_program_refuses(old: str, new: str) -> None:
    assert old in BASE
    text = BASE.replace(old, new)
    assert not accepts(text)
    assert check_text(text, "charter.yaml", TODAY).charter is None
