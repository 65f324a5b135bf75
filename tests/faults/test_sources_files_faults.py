"""Every way in which files can fail: a stable code, and a sentence with the place and the way out."""

from pathlib import Path

import pytest

from activities.sources import Allowance, Window, fetch
from domain.errors import SourceFailed
from domain.periods import Cadence
from tests.measuring import failure, files, reads_well

# Long, in little memory: a join would sometimes run out of that first.
ENDLESS = (
    "select date '2013-01-07' as period, count(*) as value from range(99999999999) t(i) where hash(i) % 7 = 8"
)
# Content of a.csv, the query, the code, and what the sentence must say.
FILES: list[tuple[str, str, str, list[str]]] = [
    ("period,value\n2013-01-07,3\n", "select week as period, value from data", "no_such_column",
     ["a.csv", '"week"', "period DATE, value BIGINT"]),
    ("perod,value\n2013-01-07,3\n", "select * from data", "no_such_column",
     ["no column period", "perod, value", "Did you mean perod?"]),
    ("period,numerator\n2013-01-07,3\n", "select * from data", "no_such_column",
     ["no column denominator", "period, numerator, denominator"]),
    ("period,value\n2013-01-07,3\n", "select * from dat", "no_such_table",
     ["a.csv", "dat does not exist", '"data"']),
    ("period,value\n2013-01-07,3\n", "selec * from data", "query_failed", ["a.csv", "selec"]),
    ("period,value\n2013-01-07,3\n", "-- nothing", "query_failed", ["a.csv", "one select"]),
    ("period,value\n2013-01-07,3\n", "select 1; select 2", "query_failed", ["one select"]),
    ("period,value\n2013-01-07,3\n", "delete from data", "query_failed", ["a.csv", "Correct the query"]),
    ("period,value\nJan 7,3\n", "select * from data", "bad_period",
     ["row 1", "'Jan 7'", "weekly", "2013-06-24"]),
    ("period,value\n01/02/2013,3\n", "select * from data", "bad_period",
     ["'01/02/2013'", "any date in the week"]),
    ("period,value\n2013-01,3\n", "select * from data", "bad_period", ["'2013-01'"]),
    ("period,value\n2013-01-07,3\n,4\n", "select * from data", "bad_period",
     ["row 2", "NULL", "is not null"]),
    ("period,value\n20130107,3\n", "select * from data", "bad_period", ["20130107"]),
    ("period,value\n2013-01-07,3\n2013-01-14,n/a\n", "select * from data", "not_a_number",
     ["row 1", "'3'", "row 2 has 'n/a'", "cast"]),
    ("period,value\n2013-01-07,n/a\n", "select * from data", "not_a_number",
     ["a.csv", "row 1 (2013-01-07)", "value is 'n/a'", "NULL"]),
    ("period;value\n2013-01-07;3,5\n", "select * from data", "not_a_number", ["'3,5'", "replace"]),
    ("period,value\n2013-01-07,NaN\n", "select * from data", "not_a_number", ["value is nan", "NULL"]),
    ("period,value\n2013-01-07,3\n2013-01-14,inf\n", "select * from data", "not_a_number", ["value is inf"]),
    ("period,value\n2013-01-07,true\n", "select * from data", "not_a_number", ["value is True"]),
    ("period,numerator,denominator\n2013-01-07,3,2\n", "select * from data", "bad_share",
     ["row 1 (2013-01-07)", "3 of 2", "more than all"]),
    ("period,numerator,denominator\n2013-01-07,1,0\n", "select * from data", "bad_share", ["1 of 0"]),
    ("period,numerator,denominator\n2013-01-07,-1,2\n", "select * from data", "bad_share", ["negative"]),
    ("period,numerator,denominator\n2013-01-07,0,-2\n", "select * from data", "bad_share", ["negative"]),
    ("period,value\n2013-01-07,3\n2013-01-13,\n", "select * from data", "duplicate_period",
     ["row 2 (2013-01-07)", "row 1", "same week", "group by"]),
    ("period,value\n", "select * from data", "empty", ["a.csv", "no row"]),
    ("", "select * from data", "empty", ["a.csv", "no content"]),
    ("period,value\n2013-01-07,3\n", "select * from data where value > 9", "empty", ["no row"]),
    ("period,value\n2013-01-07,3\n", "select * from read_csv('/etc/passwd')", "path_not_allowed",
     ["/etc/passwd", "table `data` and nothing else"]),
    ("period,value\n2013-01-07,3\n", "select date '2013-01-07' as period, i as value from range(999) t(i)",
     "too_many_rows", ["100 rows", "one row per period"]),
    ("period,value\n2013-01-07,3\n", ENDLESS, "timed_out", ["a.csv", "longer than 0.3 s"]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "query", "code", "words"), FILES)
def test_a_fault_of_a_file_or_its_query(
    tmp_path: Path, content: str, query: str, code: str, words: list[str]
) -> None:
    (tmp_path / "a.csv").write_text(content)

    found, sentence = failure(files("a.csv", query), tmp_path, allowance=Allowance(seconds=0.3, rows=100))

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
    reads_well(sentence, tmp_path)


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("b.csv", "no_such_file", ["b.csv", "there are a.csv", "Did you mean a.csv?"]),
        ("empty/*.csv", "no_such_file", ["no files"]),
        ("../a.csv", "path_not_allowed", ["data folder"]),
        ("sub/../../a.csv", "path_not_allowed", ["data folder"]),
        ("/etc/passwd", "path_not_allowed", ["relative"]),
        ("https://example.org/a.csv", "path_not_allowed", ["data folder"]),
        ("s3://bucket/a.parquet", "path_not_allowed", ["data folder"]),
        ("out.csv", "path_not_allowed", ["link"]),
        ("out/*.csv", "path_not_allowed", ["link"]),
        ("a.xlsx", "unknown_format", ["no Excel workbook"]),
        ("a.txt", "unknown_format", [".txt", ".csv", ".parquet", ".xlsx"]),
        ("a.*", "unknown_format", [".csv, .parquet, .txt, .xlsx", "One kind at a time"]),
        ("a.parquet", "query_failed", ["a.parquet", "broken"]),
        ("broken.jsonl", "query_failed", ["broken.jsonl", "cannot be read"]),
    ],
)
def test_a_fault_of_a_path(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, path: str, code: str, words: list[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.csv").write_text("period,value\n2013-01-07,4711\n")
    for name in ("a.csv", "a.xlsx", "a.txt"):
        (tmp_path / name).write_text("period,value\n2013-01-07,3\n")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but not really")
    (tmp_path / "broken.jsonl").write_text('{"period": "2013-01-07", "value"\n')
    (tmp_path / "out.csv").symlink_to(outside / "a.csv")
    (tmp_path / "out").symlink_to(outside)

    found, sentence = failure(files(path), tmp_path)

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
    assert "4711" not in sentence
    reads_well(sentence, tmp_path)


@pytest.mark.parametrize(
    ("cadence", "cell"),
    [("hourly", "2013-01-07"), ("daily", "2013-01"), ("weekly", "2013-01"), ("monthly", "2013")],
)
def test_a_period_coarser_than_the_cadence_is_no_period(tmp_path: Path, cadence: Cadence, cell: str) -> None:
    (tmp_path / "a.csv").write_text(f"period,value\n{cell},3\n")

    assert failure(files("a.csv"), tmp_path, cadence=cadence, since=None)[0] == "bad_period"


def test_a_zone_that_duckdb_does_not_have_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("period,value\n2013-01-07,1\n")

    with pytest.raises(SourceFailed) as failed:
        fetch(files("a.csv"), Window("weekly", None, 2300, "Mars/Phobos"), data_root=tmp_path)

    assert failed.value.source_code == "unknown_zone"
    assert "Mars/Phobos" in str(failed.value)
