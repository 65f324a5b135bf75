"""Which files a charter may name: those of the data folder, and of folders that the worker allows besides."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.measure import MeasureActivities
from activities.sources import Allowance
from domain.measurement import MeasureTask
from tests.measuring import failure, files, metric, pairs, read, request, sql, week

CSV = "period,value\n2013-01-07,3\n"


@pytest.fixture
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    (folder / "a.csv").write_text(CSV)
    (folder / "sub").mkdir()
    (folder / "sub" / "b.csv").write_text(CSV.replace(",3", ",4"))
    with closing(sqlite3.connect(folder / "a.db")) as made:
        made.execute("create table t as select '2013-01-07' as period, 3 as value")
        made.commit()
    return folder


def test_a_folder_that_is_allowed_is_read_by_absolute_paths(tmp_path: Path, exports: Path) -> None:
    allowance = Allowance(folders=(exports,))

    for path in ("a.csv", "*.csv", "./a.csv"):
        assert pairs(read(files(f"{exports}/{path}"), tmp_path, allowance=allowance)) == [(0, 3)]
    assert pairs(read(files(f"{exports}/*/b.csv"), tmp_path, allowance=allowance)) == [(0, 4)]
    database = sql(f"sqlite:///{exports}/a.db", "select * from t")
    assert pairs(read(database, tmp_path, allowance=allowance)) == [(0, 3)]


@pytest.mark.parametrize("path", ["a.csv", "*.csv", "sub/../a.csv", "../exports/a.csv", "a.db"])
def test_a_folder_that_is_not_allowed_is_not_read(tmp_path: Path, exports: Path, path: str) -> None:
    other = Allowance(folders=(exports / "sub",))
    source = (
        sql(f"sqlite:///{exports}/a.db", "select * from t") if path == "a.db" else files(f"{exports}/{path}")
    )

    for allowance in (None, other):
        code, sentence = failure(source, tmp_path, allowance=allowance)

        assert code == "path_not_allowed"
        assert "data folder" in sentence


def test_a_link_may_lead_to_an_allowed_folder_and_nowhere_else(tmp_path: Path, exports: Path) -> None:
    (tmp_path / "linked.csv").symlink_to(exports / "a.csv")
    (exports / "out.csv").symlink_to("/etc/passwd")
    allowance = Allowance(folders=(exports,))

    assert pairs(read(files("linked.csv"), tmp_path, allowance=allowance)) == [(0, 3)]
    assert failure(files("linked.csv"), tmp_path)[0] == "path_not_allowed"
    assert failure(files(f"{exports}/out.csv"), tmp_path, allowance=allowance)[0] == "path_not_allowed"


def test_the_worker_hands_its_folders_on(tmp_path: Path, exports: Path) -> None:
    asked = request(metric(source=files(f"{exports}/a.csv")), import_from=week("2013-01-07"))
    answers = [
        ActivityEnvironment().run(
            MeasureActivities(tmp_path, folders=folders).measure, MeasureTask(request=asked)
        )
        for folders in ((exports,), ())
    ]

    [allowed], [refused] = (answer.result.results for answer in answers)
    assert [o.value for o in allowed.observations] == [3]
    assert refused.trouble is not None
    assert refused.trouble.code == "path_not_allowed"
