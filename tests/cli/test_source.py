"""`bst source try` and `bst source types`, run as people run them: no server, no worker."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bst.charter_file import print_plain
from bst.source_kinds import example, kinds, models, name_of
from tests.cli.place import Place, outcome
from tests.cli.terminal import in_terminal

SECRET = "hush-4711-hush"


def metric(name: str, **source: Any) -> dict[str, Any]:
    return {"name": name, "layer": "support", "unit": "days", "direction": "down", "source": source}


@pytest.fixture
def several(nowhere: Place) -> Path:
    """A charter with a metric that is well, one with gaps, and some that fail."""
    lines = (nowhere.folder / "days.csv").read_text().splitlines()
    (nowhere.folder / "gaps.csv").write_text("\n".join([*lines[:40], *lines[42:50]]) + "\n")
    with sqlite3.connect(nowhere.folder / "orders.db") as made:
        made.execute("create table orders (week text, late int, sent int)")
        made.executemany("insert into orders values (?, 5, 50)", [(line[:10],) for line in lines[1:]])
    made.close()
    shares = "select week as period, late as numerator, sent as denominator from orders"
    metrics = [
        metric("gaps", kind="files", path="gaps.csv"),
        metric("shares", kind="sql", url="sqlite:///orders.db", query=shares) | {"measure": "share"},
        metric("gone", kind="files", path="day.csv"),
        metric("refused", kind="sql", url="postgresql://r:${HUSH}@127.0.0.1:1/x", query="select 1"),
        metric("unset", kind="sql", url="${NOBODY_SET_IT}", query="select 1"),
    ]
    return nowhere.charter(metrics=metrics)[1]


def test_all_that_the_sources_give_is_shown(nowhere: Place, several: Path) -> None:
    ran = nowhere.bst("source", "try", str(several), HUSH=SECRET, COLUMNS="500")

    assert ran.code == 1
    lines = (nowhere.folder / "gaps.csv").read_text().splitlines()
    whole = (nowhere.folder / "days.csv").read_text().splitlines()
    for words in (
        f"Files from {nowhere.folder}",
        "days to payment  outcome, files, ",
        f"60 weeks, {whole[1][:10]} to {whole[-1][:10]}",
        f"47 weeks, {lines[1][:10]} to {lines[-1][:10]}",
        f"without a value: {whole[40][:10]}, {whole[41][:10]}, {whole[50][:10]}",
        "10.0 % of 50",
        "Laney's P' chart; its limits frozen on 20 points",
        "individuals chart; its limits frozen on 20 points",
        "╰─", "── centre",
        "✗ no_such_file: day.csv", "Did you mean days.csv?",
        "✗ unreachable: postgresql://r:***@127.0.0.1:1/x: nothing answers there",
        "✗ missing_variable: ${NOBODY_SET_IT}",
        "3 of 6 metrics failed, in ",
    ):  # fmt: skip
        assert words in ran.out, ran.out
    assert ran.err == ""
    assert SECRET not in ran.out
    assert not (nowhere.folder / ".bst").exists()


def test_programs_get_the_same_as_json(nowhere: Place, several: Path) -> None:
    ran = nowhere.bst("source", "try", str(several), "--json")

    assert (ran.code, ran.err, ran.json["ok"]) == (1, "", False)
    found = {one["metric"]: one for one in ran.json["metrics"]}
    assert [one["ok"] for one in found.values()] == [True, True, True, False, False, False]
    assert found["gone"]["trouble"]["code"] == "no_such_file"
    assert found["unset"]["trouble"]["code"] == "missing_variable"
    assert (found["gaps"]["observations"], len(found["gaps"]["gaps"])) == (47, 13)
    assert found["shares"]["newest"][-1]["denominator"] == 50
    assert {found[name]["chart"] for name in ("gaps", "shares")} == {"individuals", "p_prime"}
    assert ran.json["data"] == str(nowhere.folder)


def test_one_metric_alone_from_a_day_on(nowhere: Place, several: Path) -> None:
    day = (nowhere.folder / "days.csv").read_text().splitlines()[-5][:10]
    ran = nowhere.bst("source", "try", str(several), "GAPS", "--json")
    assert (ran.code, [one["metric"] for one in ran.json["metrics"]]) == (0, ["gaps"])

    since = nowhere.bst("source", "try", str(several), "days to payment", "--since", day, COLUMNS="500")
    assert since.code == 0
    assert "5 weeks, " in since.out
    assert "limits after 15 more" in since.out
    assert "1 metric read" in since.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gap"], "There is no metric 'gap'; did you mean `gaps`?"),
        (["gaps", "--since", "2999-01-01"], "newest one that is over"),
        (["gaps", "--since", "soon"], "--since"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    nowhere: Place, several: Path, arguments: list[str], words: str
) -> None:
    ran = nowhere.bst("source", "try", str(several), *arguments)
    assert (ran.code, words in ran.err) == (2, True), ran.err


def test_a_charter_with_errors_is_refused_with_all_of_them(nowhere: Place) -> None:
    _, path = nowhere.charter(outcome=outcome(direction="sideways"), members={})
    ran = nowhere.bst("source", "try", str(path))
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) >= 2


def test_secrets_come_from_a_mounted_file_and_are_not_shown(nowhere: Place, several: Path) -> None:
    folder = nowhere.folder / "secrets"
    folder.mkdir()
    (folder / "NOBODY_SET_IT").write_text("sqlite:///hush-4711.db\n")
    ran = nowhere.bst("source", "try", str(several), "unset", BST_SECRETS=str(folder), COLUMNS="500")
    assert "no_such_file" in ran.out
    assert f"${{NAME}} from {folder}" in ran.out
    assert "hush" not in ran.out


def test_what_people_count_is_said_to_be_theirs(nowhere: Place) -> None:
    _, path = nowhere.charter(metrics=[metric("complaints", kind="manual")])
    ran = nowhere.bst("source", "try", str(path), "complaints", COLUMNS="500")
    assert ran.code == 0
    assert "recorded by members, with `bst record`, once the journey runs" in ran.out


def test_a_terminal_sees_how_far_it_is(nowhere: Place, several: Path) -> None:
    with in_terminal(nowhere, "source", "try", str(several), columns=100) as terminal:
        terminal.until("3 of 6 metrics failed")
        assert terminal.ended() == 1
    assert "reading" in terminal.written
    assert "/6" in terminal.written


class TestTypes:
    def test_each_kind_is_there_with_its_keys_and_an_example(self, nowhere: Place) -> None:
        ran = nowhere.bst("source", "types")
        assert ran.code == 0
        for model in models():
            assert f"\n{name_of(model)}\n" in f"\n{ran.out}"
            assert f"kind: {name_of(model)}" in ran.out
        assert "PostgreSQL needs psycopg, which is installed here" in ran.out

    def test_one_kind_alone(self, nowhere: Place) -> None:
        found = nowhere.bst("source", "types", "files", "--json").json
        assert [kind["kind"] for kind in found] == ["files"]
        needed = {key["key"]: key["needed"] for key in found[0]["keys"]}
        assert (needed["path"], needed["query"]) == (True, False)

    def test_a_kind_that_is_not_there(self, nowhere: Place) -> None:
        ran = nowhere.bst("source", "types", "file")
        assert (ran.code, "did you mean `files`?" in ran.err) == (2, True)

    def test_every_kind_of_the_model_is_listed(self) -> None:
        assert [kind.kind for kind in kinds()] == [name_of(model) for model in models()]
        assert {"files", "sql"} <= {kind.kind for kind in kinds()}

    @pytest.mark.parametrize("model", models(), ids=name_of)
    def test_each_example_is_a_source(self, model: Any, nowhere: Place) -> None:
        source = example(model)
        _, path = nowhere.charter(outcome=outcome(source={"kind": "files", "path": "days.csv"}))
        parts = json.loads(path.read_text())
        text = print_plain(parts)
        begin = text.index("  source:")
        end = text.index("\n", text.index("path: days.csv")) + 1
        indented = "".join(f"  {line}\n" for line in source.splitlines())
        path.write_text(text[:begin] + indented + text[end:])
        checked = nowhere.bst("check", str(path))
        assert checked.code == 0, checked.out
