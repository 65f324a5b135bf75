"""The journal's format: canonical bytes, and the chain."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.envelope import GENESIS, AppendEvents, Entry, Envelope, canonical, chain_hash, check_chain
from tests.journal_events import TEAM, event, events

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "journal.md"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
bodies = st.dictionaries(texts, values, max_size=5)
kinds = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,79}", fullmatch=True)
times = st.datetimes(
    min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29),  # noqa: DTZ001  # made aware just below
    timezones=st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours))),
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> list[Entry]:
    """Whole records of one team, from one to six events."""
    rows: list[Entry] = []
    for seq, (at, kind, body) in enumerate(
        draw(st.lists(st.tuples(times, kinds, bodies), min_size=1, max_size=6)), 1
    ):
        envelope = Envelope(team=TEAM, seq=seq, at=at, kind=kind, body=body)
        rows.append(Entry.of(envelope, rows[-1].hash if rows else GENESIS))
    return rows


def test_canonical_bytes_are_json_without_spaces_and_with_one_form_of_time() -> None:
    at = datetime(2026, 1, 5, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    given_event = event(
        7, at=at, kind="milestone_reached", body={"z": "Grüße ✈", "a": [1, 1.0, None, True, 1e-7]}
    )
    assert (
        canonical(given_event)
        == (
            '{"at":"2026-01-05T09:30:00.000000Z","body":{"z":"Grüße ✈","a":[1,1.0,null,true,1e-07]},'
            '"kind":"milestone_reached","seq":7,"team":"dl-lga"}'
        ).encode()
    )


@given(bodies, times, kinds)
def test_canonical_bytes_are_what_a_json_library_writes(
    body: dict[str, Any], at: datetime, kind: str
) -> None:
    envelope = Envelope(team=TEAM, seq=3, at=at, kind=kind, body=body)
    row = Entry.of(envelope, GENESIS)
    whole = {"at": row.at, "body": body, "kind": kind, "seq": 3, "team": TEAM}
    written = json.dumps(whole, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert canonical(envelope) == written.encode()
    assert row.envelope() == envelope


@given(st.dictionaries(texts, values, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_a_body_is_read_with_its_keys_in_the_order_in_which_they_were_written(
    body: dict[str, Any], random: Any
) -> None:
    shuffled = list(body.items())
    random.shuffle(shuffled)
    row = Entry.of(event(1, body=dict(shuffled)), GENESIS)
    assert list(row.envelope().body) == [key for key, _ in shuffled]


@given(bodies, times)
def test_canonical_bytes_survive_the_way_through_temporal(body: dict[str, Any], at: datetime) -> None:
    request = AppendEvents(team=TEAM, envelopes=(event(1, at=at, body=body),))
    converter = pydantic_data_converter.payload_converter
    (arrived,) = converter.from_payloads(converter.to_payloads([request]), [AppendEvents])
    assert canonical(arrived.envelopes[0]) == canonical(request.envelopes[0])


@given(records())
def test_a_record_as_it_was_written_is_whole(rows: list[Entry]) -> None:
    report = check_chain(TEAM, rows)
    assert (report.ok, report.count, report.first_bad_seq) == (True, len(rows), None)
    assert report.last_hash == rows[-1].hash


@given(records(), st.data())
def test_a_record_with_one_changed_column_is_found_at_that_event(
    rows: list[Entry], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(["at", "kind", "body", "previous", "hash"]))
    raw = bytearray(getattr(rows[at], column).encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    changed: dict[str, Any] = {column: raw.decode(errors="surrogateescape")}
    rows[at] = replace(rows[at], **changed)
    report = check_chain(TEAM, rows)
    assert (report.ok, report.first_bad_seq) == (False, at + 1)
    assert f"event {at + 1}" in report.sentence


@given(records(), st.data())
def test_a_record_that_lost_an_event_is_found_at_the_event_lost(
    rows: list[Entry], data: st.DataObject
) -> None:
    lost = data.draw(st.integers(0, len(rows) - 1))
    report = check_chain(TEAM, rows[:lost] + rows[lost + 1 :], expected_last=len(rows))
    assert (report.ok, report.first_bad_seq) == (False, lost + 1)


def test_text_moved_from_one_column_to_the_next_is_found_though_the_same_bytes_are_hashed() -> None:
    row = Entry.of(event(1, body={"a": "", "body": 2}), GENESIS)
    moved = replace(row, at=f'{row.at}","body":{{"a":"', body="2}")
    assert moved.recomputed_hash() == row.hash
    assert not check_chain(TEAM, [moved]).ok


def test_a_replaced_event_is_found_at_the_one_that_followed_it() -> None:
    first, second = events(1, 2)
    rows = [Entry.of(first, GENESIS), Entry.of(second, chain_hash(GENESIS, first))]
    rows[0] = Entry.of(event(1, body={"member": "somebody else"}), GENESIS)
    assert check_chain(TEAM, rows).first_bad_seq == 2


@pytest.mark.parametrize(
    ("expected", "bad", "says"),
    [
        (None, 1, "no event of this team"),
        (0, 1, "no event of this team"),
        (4, 1, "ends with event 0, but the journey has stored 4"),
    ],
)
def test_a_record_without_events_is_never_whole(expected: int | None, bad: int, says: str) -> None:
    report = check_chain(TEAM, [], expected)
    assert (report.ok, report.first_bad_seq, report.last_hash) == (False, bad, GENESIS)
    assert says in report.sentence


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seq": 0}, "greater than or equal to 1"),
        ({"seq": 2**53}, "less than or equal to"),
        ({"team": 'a"b'}, "match pattern"),
        ({"kind": "consent given"}, "match pattern"),
        ({"kind": 'x","seq":1'}, "match pattern"),
        ({"at": datetime(2026, 1, 1)}, "timezone"),  # noqa: DTZ001  # the point
        ({"body": {"x": float("nan")}}, "finite"),
        ({"body": {"x": float("-inf")}}, "finite"),
        ({"body": {"x": (1, 2)}}, "valid JSON"),
        ({"body": {"x": datetime(2026, 1, 1, tzinfo=UTC)}}, "valid JSON"),
        ({"body": {"x": {1: 2}}}, "valid string"),
        ({"body": {"x": "\ud800"}}, "surrogate pair"),
    ],
)
def test_what_could_be_written_in_two_ways_is_refused(changes: dict[str, Any], says: str) -> None:
    whole = {
        "team": TEAM,
        "seq": 1,
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "kind": "x",
        "body": {},
    } | changes
    with pytest.raises(ValidationError, match=says):
        Envelope.model_validate(whole)


def test_the_worked_example_of_the_documentation_holds() -> None:
    """Recompute it as another language would: from the page's text alone."""
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^(dl-lga\t.*)$", page, re.MULTILINE)
    assert len(rows) == 2
    before = "0" * 64
    for row in rows:
        team, seq, at, kind, body, previous, stored = row.split("\t")
        text = f'{{"at":"{at}","body":{body},"kind":"{kind}","seq":{seq},"team":"{team}"}}'
        assert text in page
        assert previous == before
        assert stored == sha256(f"{previous}\n{text}".encode()).hexdigest()
        made = Entry.of(
            Envelope(
                team=team, seq=int(seq), at=datetime.fromisoformat(at), kind=kind, body=json.loads(body)
            ),
            before,
        )
        assert (made.body, made.hash) == (body, stored)
        before = stored
