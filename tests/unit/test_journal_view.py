"""The journal's lines for a table."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from activities.journal_errors import JournalMissing
from activities.journal_store import JournalStore
from bst.journal_view import LONGEST_SENTENCE, Line, entries, lines, newest, plain_sentence
from domain.envelope import GENESIS, Entry
from tests.journal_events import TEAM, event, events


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/journal.db"
    JournalStore(address).append(events(1, 5))
    return address


def test_entries_are_those_after_a_number_and_the_newest_are_the_last(url: str) -> None:
    assert [entry.seq for entry in entries(url, TEAM)] == [1, 2, 3, 4, 5]
    assert [entry.seq for entry in entries(url, TEAM, after=2, limit=2)] == [3, 4]
    assert [entry.seq for entry in newest(url, TEAM, 2)] == [4, 5]
    assert [entry.seq for entry in newest(url, TEAM, 99)] == [1, 2, 3, 4, 5]
    assert newest(url, "nobody", 3) == []


def test_a_journal_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(JournalMissing):
        entries(f"sqlite:///{tmp_path}/none.db", TEAM)
    assert list(tmp_path.iterdir()) == []


def test_a_line_says_when_what_and_which_hash(url: str) -> None:
    (entry,) = newest(url, TEAM, 1)
    assert lines([entry]) == [
        Line(
            5,
            "2026-01-10T09:30:00Z",
            "consent_given",
            "Consent given: member mia, ballot b-5, share 0.8125, evidence (2 parts)",
            entry.hash[:12],
        )
    ]


def test_who_shows_the_lines_may_say_each_event_in_other_words(url: str) -> None:
    def describe(kind: str, body: dict[str, Any]) -> str:
        return f"{body['member']} said yes ({kind})"

    assert {line.sentence for line in lines(entries(url, TEAM), describe)} == {"mia said yes (consent_given)"}


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("journey_began", {}, "Journey began"),
        ("GateOpened", {"stage": "stability"}, "Gate opened: stage stability"),
        ("held", {"by": "mia", "until": None, "final": False}, "Held: by mia, until null, final false"),
        (
            "measured",
            {"values": [1, 2, 3], "of": [1], "why": ""},
            'Measured: values (3 items), of (1 item), why ""',
        ),
    ],
)
def test_any_event_can_be_said(kind: str, body: dict[str, Any], sentence: str) -> None:
    assert plain_sentence(kind, body) == sentence


def test_a_line_cannot_move_the_cursor_and_is_one_line() -> None:
    row = Entry.of(event(1, body={"long": "x" * 500, "why": "red\x1b[31m\nnew line\u202e"}), GENESIS)
    (line,) = lines([row])
    assert line.sentence.startswith("Consent given: long xxx")
    assert len(line.sentence) == LONGEST_SENTENCE
    (line,) = lines([replace(row, body='{"why":"red\\u001b[31m\\nnew"}')])
    assert line.sentence == "Consent given: why red\N{REPLACEMENT CHARACTER}[31m new"


@pytest.mark.parametrize("body", ["", "{", "[1]", "7", '{"a":\udc80}'])
def test_a_damaged_row_is_shown_as_one(body: str) -> None:
    row = replace(Entry.of(event(1), GENESIS), body=body)
    assert lines([row])[0].sentence == "(damaged: this row was changed after it was written)"
