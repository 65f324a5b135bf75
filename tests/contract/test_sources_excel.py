"""Real Excel workbooks, written by another library, through the `files` source."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.measuring import failure, files, pairs, read, reads_well

Rows = list[list[Any]]
WEEKS = [(date(2013, 1, 7), 3.0), (date(2013, 1, 16), 4.5), (date(2013, 1, 21), None), (date(2013, 1, 28), 6)]
WANTED = [(0, 3.0), (1, 4.5), (3, 6.0)]


def workbook(path: Path, sheets: dict[str, Rows], **options: Any) -> None:
    """Write sheets of rows, days and times in Excel's own forms."""
    with xlsxwriter.Workbook(path, options) as book:
        day, moment = (
            book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
        )
        span = book.add_format({"num_format": "[h]:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    match cell:
                        case datetime():
                            sheet.write_datetime(row, column, cell, moment)
                        case date():
                            sheet.write_datetime(row, column, cell, day)
                        case timedelta():
                            sheet.write_datetime(row, column, cell, span)
                        case "=1/0":
                            sheet.write_formula(row, column, cell, value="#DIV/0!")
                        case _:
                            sheet.write(row, column, cell)


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_are_right_whichever_day_the_workbook_counts_from(tmp_path: Path, *, from_1904: bool) -> None:
    rows: Rows = [["period", "value", "remark"], *([when, value, "x"] for when, value in WEEKS)]
    workbook(tmp_path / "weeks.xlsx", {"Weeks": rows}, date_1904=from_1904)

    assert pairs(read(files("weeks.xlsx"), tmp_path)) == WANTED


def test_times_keep_their_hours(tmp_path: Path) -> None:
    rows: Rows = [
        ["moment", "n"],
        [datetime(2013, 1, 7, 1, 30), 1],  # noqa: DTZ001 - Excel knows no zones
        [datetime(2013, 1, 7, 2, 59, 59), 2],  # noqa: DTZ001
        [date(2013, 1, 8), 3],
    ]
    workbook(tmp_path / "hours.xlsx", {"Hours": rows})
    query = "select date_trunc('hour', moment) as period, n as value from data"

    found = read(
        files("hours.xlsx", query), tmp_path, cadence="hourly", since="2013-01-07T01", through="2013-01-08T00"
    )

    assert [(o.period - found[0].period, o.value) for o in found] == [(0, 1), (1, 2), (23, 3)]


def test_a_sheet_is_named_and_the_first_one_is_taken_if_none_is(tmp_path: Path) -> None:
    old: Rows = [["period", "value"], [date(2013, 1, 7), 1]]
    new: Rows = [["period", "value"], [date(2013, 1, 7), 2]]
    workbook(tmp_path / "a.xlsx", {"Old": old, "New figures": new})
    named = files("a.xlsx").model_copy(update={"sheet": "New figures"})

    assert pairs(read(files("a.xlsx"), tmp_path)) == [(0, 1)]
    assert pairs(read(named, tmp_path)) == [(0, 2)]


def test_one_query_over_several_workbooks_whose_columns_differ(tmp_path: Path) -> None:
    workbook(tmp_path / "2013-01.xlsx", {"S": [["period", "value"], [date(2013, 1, 7), 1]]})
    workbook(tmp_path / "2013-02.xlsx", {"S": [["value", "note", "period"], [5, "new", date(2013, 2, 4)]]})

    assert pairs(read(files("2013-*.xlsx"), tmp_path)) == [(0, 1), (4, 5)]


def test_what_stands_above_and_beside_the_table_is_not_read(tmp_path: Path) -> None:
    rows: Rows = [[None] * 4, [None, "period", None, "value"], [None, date(2013, 1, 7), "a remark", 3]]
    workbook(tmp_path / "a.xlsx", {"S": rows})

    assert pairs(read(files("a.xlsx"), tmp_path)) == [(0, 3)]


def test_cells_of_each_kind_come_as_what_they_are(tmp_path: Path) -> None:
    rows: Rows = [
        ["day", "flag", "formula", "broken", "span", "mixed", "spaces"],
        [date(2013, 1, 7), True, "=1+1", "=1/0", timedelta(hours=30), 1, "  "],
        [date(2013, 1, 14), False, "=2+2", "=1/0", timedelta(minutes=5), "n/a", None],
    ]
    workbook(tmp_path / "a.xlsx", {"S": rows})

    code, sentence = failure(files("a.xlsx"), tmp_path)
    assert code == "no_such_column"
    assert "day, flag, formula, broken, span, mixed, spaces" in sentence
    kinds = (
        "day DATE, flag BOOLEAN, formula DOUBLE, broken VARCHAR, span VARCHAR, mixed VARCHAR, spaces VARCHAR"
    )
    assert kinds in failure(files("a.xlsx", "select nothing from data"), tmp_path)[1]
    query = "select day as period, mixed as value from data"
    assert "'n/a'" in failure(files("a.xlsx", query), tmp_path)[1]
    empty = "select day as period, count(broken) + count(spaces) as value from data group by 1"
    assert pairs(read(files("a.xlsx", empty), tmp_path)) == [(0, 0), (1, 0)]


def test_the_query_can_read_no_other_file(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"S": [["period", "value"], [date(2013, 1, 7), 3]]})
    (tmp_path / "secret.csv").write_text("period,value\n2013-01-07,4711\n")
    for reach in (f"read_csv('{tmp_path}/secret.csv')", f"read_csv('{tmp_path}/a.xlsx')", "glob('/etc/*')"):
        code, sentence = failure(files("a.xlsx", f"select * from {reach}"), tmp_path)

        assert code == "path_not_allowed"
        assert "4711" not in sentence


@pytest.mark.parametrize(
    ("rows", "sheet", "code", "words"),
    [
        ([["period", "value"]], None, "empty", ["no row"]),
        ([], None, "empty", ["sheet is empty"]),
        ([[None, None], [None, 3]], None, "no_such_column", ["no column period"]),
        (
            [["period", "Value", "value "], [date(2013, 1, 7), 1, 2]],
            None,
            "no_such_column",
            ["two columns", "value"],
        ),
        ([["period", "value"], [date(2013, 1, 7), 1]], "Weekz", "no_such_sheet", ["no sheet Weekz", "Weeks"]),
        ([["period", "value"], [41281, 1]], None, "bad_period", ["period is 41281.0"]),
    ],
)
def test_a_fault_of_a_workbook(
    tmp_path: Path, rows: list[list[Any]], sheet: str | None, code: str, words: list[str]
) -> None:
    workbook(tmp_path / "a.xlsx", {"Weeks": rows})

    found, sentence = failure(files("a.xlsx").model_copy(update={"sheet": sheet}), tmp_path)

    assert (found, [word for word in words if word not in sentence]) == (code, []), sentence
    reads_well(sentence, tmp_path)


def test_a_sheet_of_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("period,value\n2013-01-07,3\n")

    code, sentence = failure(files("a.csv").model_copy(update={"sheet": "Weeks"}), tmp_path)

    assert (code, "Leave `sheet` out" in sentence) == ("unknown_format", True)


def test_a_workbook_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(tmp_path / "a.xlsx", {"S": [["period", "value"], [date(2013, 1, 7), 3]]})
    monkeypatch.setattr("activities.sources.excel._LARGEST", 1000)

    code, sentence = failure(files("a.xlsx"), tmp_path)

    assert (code, "CSV or Parquet" in sentence) == ("too_many_rows", True)
