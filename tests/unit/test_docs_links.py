"""The documents lead somewhere: links, anchors, pictures, and an index that has every decision."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]+)\)")
# What stands in backticks and looks like a file of this repository, such as `benchmarks/stability_gate.py`.
NAMED = re.compile(
    r"`((?:activities|benchmarks|bst|deploy|docs|domain|evidence|examples|tests|workflows)/[\w./-]+)`"
)
OUTSIDE = ("http://", "https://", "mailto:")


def documents() -> list[Path]:
    hidden = (path for path in ROOT.iterdir() if path.name.startswith("."))
    left_out = {path.name for path in hidden}
    found = ROOT.rglob("*.md")
    return sorted(path for path in found if path.relative_to(ROOT).parts[0] not in left_out)


def prose(path: Path) -> str:
    """Return a document without its blocks of code."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.append(slug if slug not in found else f"{slug}-{found.count(slug)}")
    return frozenset(found)


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_leads_somewhere(path: Path) -> None:
    broken = []
    for link in LINK.findall(prose(path)):
        if link.startswith(OUTSIDE):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        page = target / "README.md" if target.is_dir() else target
        if not target.exists() or (anchor and anchor not in anchors(page)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_that_is_named_is_there(path: Path) -> None:
    gone = [name for name in NAMED.findall(prose(path)) if not (ROOT / name).exists()]
    assert [name for name in gone if not name.endswith(".env")] == []  # which whoever deploys makes


def test_what_is_looked_for_is_found() -> None:
    readme = prose(ROOT / "README.md")
    assert "docs/images/temporal-ui-journey.png" in LINK.findall(readme)
    assert "which-rules-are-ours" in anchors(ROOT / "docs" / "why.md")
    assert "source-of-kind-files" in anchors(ROOT / "docs" / "charter.md")


@pytest.mark.parametrize("folder", ["docs", "docs/decisions"])
def test_the_index_of_a_folder_has_each_page(folder: str) -> None:
    there = {path.name for path in (ROOT / folder).glob("*.md")} - {"README.md"}
    linked = {link for link in LINK.findall(prose(ROOT / folder / "README.md")) if "/" not in link}
    assert linked == there


def test_the_readme_leads_to_every_page_of_the_tour() -> None:
    linked = {link.partition("#")[0] for link in LINK.findall(prose(ROOT / "README.md"))}
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= linked
