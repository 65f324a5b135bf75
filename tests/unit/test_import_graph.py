"""Who may import whom: the rules know nothing of Temporal, and nothing knows its tests."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"activities", "benchmarks", "bst", "domain", "evidence", "signing", "tests", "worker", "workflows"}
STANDARD = set(sys.stdlib_module_names)
# What each part may import besides the standard library and itself. `None`: anything that is not ours.
ALLOWED: dict[str, tuple[set[str], set[str] | None]] = {
    "domain": (set(), {"pydantic"}),
    "evidence": (set(), {"numpy", "scipy"}),
    "signing": (set(), {"cryptography"}),
    "workflows": ({"domain", "signing"}, {"pydantic", "pydantic_core", "structlog", "temporalio"}),
    "activities": ({"domain", "evidence"}, None),
    "bst": ({"activities", "domain", "evidence", "signing", "workflows", "worker"}, None),
    "worker": ({"activities", "bst", "domain", "workflows"}, None),
}


class Import(NamedTuple):
    """One import: where it stands, in which part, and what it names."""

    where: str
    part: str
    module: str

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def imports_in(source: str, where: str, package: str) -> Iterator[Import]:
    """Yield every import of a file, those within functions and for type checkers too."""
    part = package.partition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(f"{where}:{node.lineno}", part, name.name)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: 1 - node.level or None] if node.level else []
            yield Import(f"{where}:{node.lineno}", part, ".".join([*base, node.module or ""]).strip("."))
        elif isinstance(node, ast.Call) and _imports_by_name(node):
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield Import(f"{where}:{node.lineno}", part, str(argument.value))


def _imports_by_name(node: ast.Call) -> bool:
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"import_module", "__import__"} and bool(node.args)


def imports_of(part: str) -> Iterator[Import]:
    paths = [ROOT / "worker.py"] if part == "worker" else sorted((ROOT / part).rglob("*.py"))
    for path in paths:
        where = path.relative_to(ROOT).as_posix()
        package = ".".join(path.relative_to(ROOT).parent.parts) or path.stem
        yield from imports_in(path.read_text(encoding="utf-8"), where, package)


def forbidden(found: Import) -> str | None:
    """Return a sentence about an import that is not allowed, with its file and line."""
    ours, others = ALLOWED[found.part]
    if found.top in {found.part} | STANDARD | ours:
        return None
    if found.top in OURS:
        return (
            f"{found.where}: {found.part} must not import {found.module}; of ours it may use {sorted(ours)}"
        )
    if others is None or found.top in others:
        return None
    return (
        f"{found.where}: {found.part} must not import {found.module}; of others it may use {sorted(others)}"
    )


@pytest.mark.parametrize("part", ALLOWED)
def test_each_part_imports_what_it_may(part: str) -> None:
    found = list(imports_of(part))
    assert found, f"no import was found in {part}: the test looks at the wrong place"
    wrong = [sentence for one in found if (sentence := forbidden(one)) is not None]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("part", ALLOWED)
def test_nothing_imports_tests_or_benchmarks(part: str) -> None:
    assert not [one.where for one in imports_of(part) if one.top in {"tests", "benchmarks"}]


def test_the_domain_never_sees_temporal() -> None:
    assert not [one.where for one in imports_of("domain") if one.top == "temporalio"]


def test_there_is_no_cycle_between_packages() -> None:
    """Taken as a whole; `worker` and `bst` are one part there, because each starts the other."""
    graph: dict[str, set[str]] = {}
    for part in ALLOWED:
        name = "bst" if part == "worker" else part
        needed = {"bst" if one.top == "worker" else one.top for one in imports_of(part) if one.top in OURS}
        graph.setdefault(name, set()).update(needed - {name})
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the cycle
    assert order.index("domain") < order.index("workflows") < order.index("bst")


def test_modules_of_the_domain_have_no_cycle_either() -> None:
    graph: dict[str, set[str]] = {}
    known = {_module(path) for path in (ROOT / "domain").rglob("*.py")}
    for path in sorted((ROOT / "domain").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        needed: set[str] = set()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module in known | {"domain"}:
                inner = {f"{node.module}.{name.name}" for name in node.names} & known
                needed |= inner or {str(node.module)}
        graph[_module(path)] = needed - {_module(path), "domain"}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(known) - 1


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("import json\nimport temporalio", "x.py:2"),
        ("from temporalio.client import Client", "x.py:1"),
        ("def f():\n    import workflows.details", "x.py:2"),
        ("if TYPE_CHECKING:\n    from bst.client import Journeys", "x.py:2"),
        ("import importlib\nimportlib.import_module('numpy')", "x.py:2"),
        ("from tests.unit import journeys", "x.py:1"),
    ],
)
def test_a_forbidden_import_is_named_with_its_file_and_line(source: str, where: str) -> None:
    (sentence,) = [s for one in imports_in(source, "x.py", "domain") if (s := forbidden(one)) is not None]
    assert sentence.startswith(f"{where}: domain must not import ")


def test_an_allowed_import_is_not_complained_about() -> None:
    source = "import json\nfrom pydantic import Field\nfrom domain.state import State\nfrom . import words"
    assert [forbidden(one) for one in imports_in(source, "x.py", "domain.criteria")] == [None] * 4
