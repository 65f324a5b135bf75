"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duration import LONGEST, parse_duration, print_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 days", 172_800), ("36 hours", 129_600), ("90 min", 5_400), ("1h 30min", 5_400), ("0.5 s", 0.5),
        ("PT5M", 300), ("P2D", 172_800), ("1 Week", 604_800), (" 3 d ", 259_200), ("0 s", 0),
    ],
)  # fmt: skip
def test_forms_that_are_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2",
        "days",
        "2 fortnights",
        "3:30",
        "-2 days",
        "P-2D",
        "2 days ago",
        "\u00b2 days",
        2,
        True,
        None,
        [],
    ],
)
def test_what_is_no_duration_is_refused_with_the_form(value: object) -> None:
    with pytest.raises(ValueError, match="write it like `2 days`"):
        parse_duration(value)


@pytest.mark.parametrize("text", ["3661 days", "99999999999999 weeks", f"{'9' * 400} s", "P9999999D"])
def test_more_than_ten_years_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"longer than ten years|not a duration"):
        parse_duration(text)


@given(st.timedeltas(timedelta(0), LONGEST))
def test_a_duration_reads_back_exactly_as_it_was_printed(value: timedelta) -> None:
    assert parse_duration(print_duration(value)) == value


@given(st.text() | st.from_regex(r"[0-9]{1,30} ?(s|min|h|days|weeks)", fullmatch=True))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        found = parse_duration(text)
    except ValueError:
        return
    assert timedelta(0) <= found <= LONGEST
