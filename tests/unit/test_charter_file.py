"""Charter files: every mistake has its place, its code and the way out, and nothing crashes the reader."""

from datetime import date
from pathlib import Path

import pytest

from bst.charter_file import MAX_BYTES, check_text, load
from domain.errors import CharterRefused

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
GOOD = """\
team: claims
outcome:
  statement: A customer who files a simple claim is paid in 3 days instead of 11 by 30 June 2027
  beneficiary: customers who file a simple claim
  metric: days from claim to payment
  unit: days
  measure: duration
  direction: down
  baseline: 11
  target: 3
  deadline: 2027-06-30
  source: {kind: files, path: claims.csv}
members: {Maria: Claims handling, Ben: IT}
"""


def found(text: str) -> list[str]:
    """Return `line:column code` of each problem."""
    return [f"{p.line}:{p.column} {p.code}" for p in check_text(text, "charter.yaml", TODAY).problems]


def said(text: str) -> str:
    return check_text(text, "charter.yaml", TODAY).printed


def swapped(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_charter_has_no_problem() -> None:
    report = check_text(GOOD, "charter.yaml", TODAY)
    assert report.problems == ()
    assert report.charter is not None
    assert report.charter.outcome.deadline == date(2027, 6, 30)


BAD = {
    "squishy": "3:10 S4, 3:10 E1, 3:10 E2, 3:10 E3, 3:10 E4, 3:10 E5, 3:10 E6, 3:10 E7, 3:10 W1",
    "squishy_score": "4:14 W1, 6:11 E11",
    "portal": "4:14 W2, 6:11 E10, 9:14 E9, 10:13 C7, 14:10 C2",
    "slower": "9:14 E9, 12:12 C8, 13:13 E12, 14:28 C9, 15:38 C10",
    "shape": "2:7 S6, 4:3 E1, 6:3 S2, 8:14 S3, 9:13 S4, 10:11 S4, 11:13 S5, 13:11 S3, 16:3 S4, 17:12 S4, "
    "18:1 S2, 20:11 S4, 22:11 S4, 24:48 S5, 24:73 S2, 26:14 S6, 27:3 S2, 28:27 S4, 29:21 S5, 30:1 S2, "
    "31:15 S6, 32:1 S4",
    "parts": "5:16 E6, 12:12 C8, 15:10 C1, 16:30 C3, 18:11 C6, 20:15 C11, 25:28 C4, 26:30 C5",
    "twice": "4:3 S1, 4:3 E3, 4:3 E4, 4:3 E5, 4:3 E6, 4:3 E7, 5:3 Y3, 8:1 Y3",
    "tab": "3:1 Y2",
    "percent": "3:9 Y2",
    "colon": "3:21 Y2",
    "list": "1:1 Y5",
    "empty": "1:1 Y1",
    "latin1": "2:12 Y1",
}


@pytest.mark.parametrize("name", BAD)
def test_each_refused_example_says_everything_at_its_place(name: str) -> None:
    path = ROOT / "examples" / "bad" / f"{name}.yaml"
    with pytest.raises(CharterRefused) as refused:
        load(path, today=TODAY)
    problems = refused.value.problems
    assert ", ".join(f"{p.line}:{p.column} {p.code}" for p in problems) == BAD[name]
    assert str(refused.value).splitlines() == [problem.printed(str(path)) for problem in problems]


def test_every_refused_example_is_listed() -> None:
    assert {path.stem for path in (ROOT / "examples" / "bad").iterdir()} == BAD.keys()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("", ["1:1 Y1"], id="empty"),
        pytest.param("---\n", ["2:1 Y5"], id="an empty document"),
        pytest.param("Improve business flexibility", ["1:1 Y5"], id="a text"),
        pytest.param("team: a\n---\nteam: b\n", ["2:1 Y4"], id="two documents"),
        pytest.param("team: 'a\nb: c\n", ["1:7 Y2"], id="an open quote"),
        pytest.param("team: [a\nb: c\n", ["2:2 Y2"], id="an open bracket"),
        pytest.param("team: a\n  b: c\n", ["2:4 Y2"], id="indented too far"),
        pytest.param("team: a\x07b\n", ["1:8 Y2"], id="a control character"),
        pytest.param("team: @a\n", ["1:7 Y2"], id="a reserved character"),
        pytest.param("team: !!python/name:os.system x\n", ["1:7 Y4"], id="a tag"),
        pytest.param("team: *a\n", ["1:7 Y4"], id="an alias of nothing"),
        pytest.param("team: &a [*a]\n", ["1:11 Y4"], id="an alias of itself"),
        pytest.param("a: " + "[" * 40, ["1:36 Y4"], id="too deep"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_at_its_place(text: str, places: list[str]) -> None:
    assert found(text) == places


def test_aliases_that_grow_are_refused_at_once() -> None:
    rows = "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "aliases unfolded" in said(f"a: &a [{', '.join('x' * 9)}]\n{rows}")


def test_merge_keys_and_keys_that_are_no_text_are_refused_beside_the_rest() -> None:
    places = found(GOOD + "<<: {team: x}\n? [a, b]\n: c\n12: x\n")
    assert places == ["14:1 Y4", "15:3 Y4", "17:1 S4"]


def test_an_alias_may_stand_for_a_whole_value() -> None:
    text = swapped("source: {", "source: &claims {") + (
        "metrics: [{name: hours, layer: support, unit: hours, direction: down, source: *claims}]\n"
    )
    assert found(text) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "way"),
    [
        ("target: 3", "target: 85%", "10:11 S4", "write 0.85"),
        ("target: 3", "target: 3:30", "10:11 S4", "3.5 for 3 h 30 min"),
        ("target: 3", 'target: "3"', "10:11 S4", "write 3 without them"),
        ("target: 3", "target: true", "10:11 S4", "means yes or no"),
        ("target: 3", "target: no", "10:11 S4", "write digits"),
        ("target: 3", "target: 3 days", "10:11 S4", "write 3 alone"),
        ("target: 3", "target: 0,85", "10:11 S4", "write 0.85, with a point"),
        ("target: 3", "target: 1,500", "10:11 S4", "write 1500"),
        ("target: 3", "target: .nan", "10:11 S4", "write digits"),
        ("target: 3", "target: 1e999", "10:11 S4", "write digits"),
        ("target: 3", "target: [3]", "10:11 S4", "a list is no number"),
        ("unit: days", "unit: 12", "6:9 S4", 'write "12" in quotes'),
        ("unit: days", "unit: true", "6:9 S4", 'write "true" in quotes'),
        ("unit: days", 'unit: ""', "6:9 S6", "an empty text"),
        ("unit: days", 'unit: "a\\eb"', "6:9 S6", "control character"),
        ("direction: down", "direction: dwn", "8:14 S3", "did you mean `down`?"),
        ("measure: duration", "measure: percent", "7:12 S3", "did you mean `share`?"),
        ("deadline: 2027-06-30", "deadline: 2027-02-30", "11:13 S5", "in no calendar"),
        ("deadline: 2027-06-30", "deadline: 30.6.2027", "11:13 S5", "like 2027-06-30"),
        ("deadline: 2027-06-30", "deadline: 20270630", "11:13 S5", "like 2027-06-30"),
        ("kind: files", "kind: csv", "12:18 S3", "did you mean `files`?"),
        ("kind: files, ", "", "12:11 S1", "`kind` is missing"),
        ("path: claims.csv", "path: c.csv, url: x", "12:38 S2", "write one of kind, path"),
        ("path: claims.csv", "path: c.csv, qury: x", "12:38 S2", "did you mean `query`?"),
        ("path: claims.csv", "path: c.csv, settle: 3:30", "12:46 S5", "write `3 hours 30 min`"),
        ("path: claims.csv", "path: c.csv, settle: 2", "12:46 S5", "`2 days`"),
        ("{Maria: Claims handling, Ben: IT}", "{Ben: IT}", "13:10 S6", "at least 2"),
        ("Maria: Claims handling", "Maria: ", "13:17 S1", "nothing stands after"),
        ("Maria: Claims handling", "12: Claims handling", "13:11 S4", 'write "12" in quotes'),
        ("members:", "member:", "13:1 S2", "did you mean `members`?"),
        ("team: claims", "team: Claims", "1:7 S6", "e.g. `claims`"),
        ("team: claims", "promise: 14\nteam: claims", "1:1 S2", "it belongs under `outcome`"),
    ],
)
def test_what_people_write_is_answered_with_what_to_write(old: str, new: str, place: str, way: str) -> None:
    text = swapped(old, new)
    problems = check_text(text, "charter.yaml", TODAY).problems
    hits = [p for p in problems if f"{p.line}:{p.column} {p.code}" == place]
    assert len(hits) == 1, found(text)
    assert way in hits[0].message


def test_a_wrong_part_elsewhere_does_not_keep_the_outcome_from_being_linted() -> None:
    text = (
        swapped("{Maria: Claims handling, Ben: IT}", "[Maria, Ben]")
        .replace("metric: days", "#")
        .replace("target: 3", "target: 11")
    )
    assert found(text) == ["3:3 E1", "10:11 E8", "13:10 S4"]


def test_one_line_of_output_is_for_editors() -> None:
    assert said(swapped("target: 3", "target: 11")) == (
        "charter.yaml:10:11: E8 outcome.target: the target 11 equals the baseline: nothing would change; "
        "say what it is to become"
    )


def test_what_is_printed_moves_no_cursor() -> None:
    text = swapped("team: claims", '"\\e[2J": x\nteam: claims')
    assert [problem.code for problem in check_text(text, "charter.yaml", TODAY).problems] == ["S2"]
    assert "\x1b" not in said(text)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (None, 0, "no such file"),
        (b"\xff\xfet\x00", 1, "no UTF-8"),
        (b"team: x\nunit: \xe9\n", 2, "0xe9"),
        (b"#" * (MAX_BYTES + 1), 0, "more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, content: bytes | None, line: int, words: str
) -> None:
    path = tmp_path / "charter.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CharterRefused, match=words) as refused:
        load(path)
    assert [(p.code, p.line) for p in refused.value.problems] == [("Y1", line)]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CharterRefused, match="that is a folder"):
        load(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "charter.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path, today=TODAY).charter.team == "claims"


def test_a_loaded_charter_keeps_its_warnings_and_its_text(tmp_path: Path) -> None:
    path = tmp_path / "charter.yaml"
    path.write_text(GOOD + "glossary: {}\n" + "links: {}\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("baseline: 11", "baseline: 11\n  promise: 2")
    path.write_text(text, encoding="utf-8")
    loaded = load(path, today=TODAY)
    assert [warning.code for warning in loaded.warnings] == ["C8"]
    assert (loaded.text, loaded.path) == (text, str(path))
