"""Each package says what is in its folder, and it is all there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A line such as "charter.py   the model", "decisions/   the same" or "`charts`   the kinds".
_NAMED = re.compile(r"^`?([a-z][a-z0-9_]*)(?:\.py|/|`) +\S", re.MULTILINE)
# `bst.cli` names its modules in a table that the help is made from, which other tests hold.
PACKAGES = [
    "activities",
    "activities/answers",
    "activities/sources",
    "activities/sources/databases",
    "activities/sources/trackers",
    "activities/sources/web",
    "bst",
    "bst/ask_page",
    "bst/demo",
    "bst/keys",
    "bst/rehearsal",
    "bst/report",
    "bst/verification",
    "domain",
    "domain/commands",
    "domain/criteria",
    "domain/decisions",
    "domain/events",
    "domain/pulses",
    "domain/readback",
    "domain/sources",
    "domain/together",
    "evidence",
    "signing",
    "workflows",
]


def docstring(package: str) -> str:
    text = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    found = ast.get_docstring(ast.parse(text))
    assert found, f"{package} says nothing about itself"
    return found


def named(text: str) -> list[str]:
    """Return the names that the lines of a docstring begin with."""
    return _NAMED.findall(text)


def there(package: str) -> list[str]:
    """Return the modules and packages of a folder."""
    folder = ROOT / package
    modules = [path.stem for path in folder.glob("*.py") if path.name != "__init__.py"]
    return modules + [path.parent.name for path in folder.glob("*/__init__.py")]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_file_is_named_and_each_name_is_a_file(package: str) -> None:
    assert sorted(named(docstring(package))) == sorted(there(package))


def test_every_package_of_the_program_is_held_to_it() -> None:
    tops = ("activities", "bst", "domain", "evidence", "signing", "workflows")
    ours = [p.parent.relative_to(ROOT) for top in tops for p in (ROOT / top).rglob("__init__.py")]
    assert sorted(map(str, ours)) == sorted([*PACKAGES, "bst/cli"])


def test_a_name_alone_counts() -> None:
    assert named("Files.\n\na.py  first\nb/    second\n`c`   third\nnot this one\n") == ["a", "b", "c"]
