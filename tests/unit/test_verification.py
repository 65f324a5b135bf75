"""A journal is proved by computing and deciding it again; who rewrites it all is found all the same."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, get_args

import pytest

from activities.evidence_versions import EVIDENCE
from bst.verification import walk
from bst.verification.differing import first_difference
from bst.verification.findings import Verification
from bst.verification.measurements import VersionUnknown
from bst.verification.walk import verify
from domain.envelope import Entry, Envelope, body_text
from domain.events import Event
from domain.measurement import EVIDENCE_VERSION
from domain.policies import POLICIES
from domain.state import POLICY_VERSION
from tests.lived import chained
from tests.lived_story import journal

TEAM = "story"
# What follows from another event, or is computed: all of it, and nothing that somebody said.
DERIVED = {
    "ballot_closed", "drift_flagged", "drift_held", "drift_resolved", "gate_affirmed", "gate_doubted",
    "gate_evaluated", "limits_frozen", "limits_rebased", "members_reminded", "proposal_parked",
    "regression_averted", "regression_feared", "signal_explained", "stage_entered",
}  # fmt: skip

Place = tuple[str | int, ...]
Change = Callable[[dict[str, Any]], None]


def rechained(rows: Sequence[tuple[Entry, dict[str, Any]]]) -> list[Entry]:
    """Return a journal as whoever can rewrite the whole table would leave it: every hash fits."""
    return chained(
        [
            Envelope(team=row.team, seq=seq, at=row.envelope().at, kind=row.kind, body=body)
            for seq, (row, body) in enumerate(rows, 1)
        ]
    )


def bodies(rows: Sequence[Entry]) -> list[tuple[Entry, dict[str, Any]]]:
    return [(row, json.loads(row.body)) for row in rows]


def rewritten(seq: int, change: Change) -> list[Entry]:
    """Return the story with one event changed, and everything chained anew."""
    rows = bodies(journal())
    change(rows[seq - 1][1])
    return rechained(rows)


def seq_of(kind: str, which: int = 0) -> int:
    return [row.seq for row in journal() if row.kind == kind][which]


def proof(rows: Sequence[Entry]) -> Verification:
    return verify(TEAM, rows)


def leaves(value: Any, where: Place = ()) -> Iterator[Place]:
    """Yield the place of every number and word in a body."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield where
    for key, inner in pairs:
        yield from leaves(inner, (*where, key))


def put(body: Any, where: Place, change: Callable[[Any], Any]) -> None:
    for key in where[:-1]:
        body = body[key]
    body[where[-1]] = change(body[where[-1]])


def other(value: Any) -> Any:
    """Return another value of the same kind, as near as there is."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value * 1.00001 or 1e-9
        case str():
            return value[:-1] + ("x" if value[-1:] != "x" else "y")
        case _:
            return 1


def test_a_story_in_which_everything_happens_holds() -> None:
    assert {row.kind for row in journal()} == {kind.model_fields["kind"].default for kind in get_args(Event)}
    found = proof(journal())
    assert found.ok, found.difference
    assert found.counts.events == len(journal())
    assert found.counts.ballots == 10
    assert found.counts.answers == sum(row.kind in {"consent_given", "objection_raised"} for row in journal())
    assert found.counts.evidence > found.counts.measurements > 20
    assert found.last_hash == journal()[-1].hash


def test_no_hash_that_covers_a_sealed_answer_is_reported() -> None:
    rows = journal()
    answer = next(place for place, row in enumerate(rows) if row.kind == "consent_given")
    found = proof(rows[: answer + 1])
    assert found.ok, found.difference
    assert (found.last_hash, found.hashed) == (rows[answer - 1].hash, rows[answer - 1].seq)


def test_the_present_versions_are_there() -> None:
    assert max(POLICIES) == POLICY_VERSION
    assert max(EVIDENCE) == EVIDENCE_VERSION


@pytest.mark.parametrize(
    ("kind", "which", "where", "value", "found_in", "found_at"),
    [
        # What a source said: the evidence does not follow from it any more.
        ("measured", 3, ("result", "results", 0, "observations", 0, "value"), 5.0, "measured",
         "result.results[0].evidence."),
        ("measured", 0, ("result", "results", 0, "observations", 45, "value"), 11.0, "measured",
         "result.results[0].evidence."),
        # A value for a period that was never asked for.
        ("measured", 3, ("result", "results", 0, "observations", 0, "period"), 4000, "measured",
         "result.results[0].evidence."),
        # What was computed.
        ("measured", 5, ("result", "results", 0, "evidence", "bad_streak"), 2, "measured",
         "result.results[0].evidence.bad_streak"),
        ("measured", -1, ("result", "results", 1, "evidence", "improvement", "p_value"), 0.001, "measured",
         "result.results[1].evidence.improvement.p_value"),
        ("measured", 5, ("result", "closes", 0), "2026-02-03T00:00:00Z", "measured", "result.closes[0]"),
        ("measured", 5, ("result", "more"), True, "measured", "result.more"),
        ("measured", 5, ("result", "serves"), 99, "measured", "result.serves"),
        # What members counted is in the measurements that take it in.
        ("value_recorded", 0, ("observation", "value"), 1.0, "measured",
         "result.results[2].evidence."),
        # What was decided.
        ("gate_evaluated", 20, ("gate", "verdicts", 6, "status"), "met", "gate_evaluated",
         "gate.verdicts[6].status"),
        ("ballot_opened", 0, ("ballot", "digest"), "0" * 64, "ballot_opened", "ballot.digest"),
        ("ballot_opened", 1, ("ballot", "voters"), ["Ana", "Ben"], "ballot_opened", "ballot.voters"),
        ("ballot_closed", 1, ("outcome",), "consented", "ballot_closed", "outcome"),
        ("stage_entered", 1, ("stage",), "innovation", "stage_entered", "stage"),
        ("charter_amended", 1, ("confirmed",), ["Ana"], "charter_amended", "confirmed"),
        # What was answered: somebody else's voice, or another ballot's.
        ("consent_given", 0, ("ballot",), "b2", "consent_given", ""),
        ("consent_given", 1, ("by",), "Mallory", "consent_given", ""),
        ("objection_raised", 0, ("by",), "Ana", "members_reminded", "waiting_for[0]"),
        ("limits_rebased", 0, ("first",), 2932, "limits_rebased", "first"),
        ("journey_started", 0, ("warnings",), ["W1: all is well"], "journey_started", "warnings"),
    ],
)  # fmt: skip
def test_whoever_rewrites_the_whole_chain_is_found_by_the_recomputation(
    kind: str, which: int, where: Place, value: Any, found_in: str, found_at: str
) -> None:
    rows = rewritten(seq_of(kind, which), lambda body: put(body, where, lambda _: value))
    found = proof(rows[: seq_of(kind, which) + 80])
    assert not found.ok
    assert found.difference is not None
    assert (found.difference.kind, found.difference.where[: len(found_at)]) == (found_in, found_at)
    assert f"Event {found.difference.seq}, {found_in}" in found.difference.sentence


def test_no_number_and_no_word_of_what_follows_can_be_changed() -> None:
    """One place in each kind of event that is derived, and several of one measurement, drawn at random."""
    draw = random.Random(20260105)
    events = [seq_of(kind) for kind in sorted(DERIVED)]
    chosen = [(seq, where) for seq in events for where in _drawn(draw, seq, (), 1)]
    begin = seq_of("measured", 2)
    chosen += [(begin, where) for where in _drawn(draw, begin, ("result", "results"), 8)]
    for seq, where in chosen:
        found = verify(TEAM, rewritten(seq, partial(put, where=where, change=other))[: seq + 12])
        assert found.difference is not None, (seq, where)
        assert found.difference.seq <= seq, (seq, where)


def _drawn(draw: random.Random, seq: int, below: Place, count: int) -> list[Place]:
    body: Any = json.loads(journal()[seq - 1].body)
    places = [p for p in leaves(body) if p[: len(below)] == below and p != ("kind",) and "name" not in p]
    return draw.sample(places, min(count, len(places)))


@pytest.mark.parametrize("kind", sorted(DERIVED))
def test_what_follows_cannot_be_left_out_and_cannot_be_told_twice(kind: str) -> None:
    rows = bodies(journal())
    at = seq_of(kind) - 1
    assert not proof(rechained((rows[: at + 1] + rows[at:])[: at + 12])).ok
    if kind != "members_reminded":  # time alone brings a reminder about, and nothing later rests on it
        assert not proof(rechained((rows[:at] + rows[at + 1 :])[: at + 12])).ok


def test_a_decision_at_another_time_than_it_was_taken_is_found() -> None:
    rows = bodies(journal())
    at = seq_of("ballot_closed", 1) - 1
    early = replace(rows[at][0], at="2026-01-13T00:00:00.000000Z")
    found = proof(rechained([*rows[:at], (early, rows[at][1]), *rows[at + 1 :]]))
    assert found.difference is not None
    assert found.difference.seq == at + 1


def test_a_changed_row_is_found_before_anything_is_computed() -> None:
    rows = list(journal())
    rows[8] = replace(rows[8], body=rows[8].body.replace("Ana", "Ann", 1))
    found = proof(rows)
    assert found.difference is not None
    assert (found.difference.seq, found.counts.events) == (9, 0)
    assert "its hash does not fit" in found.difference.sentence


def test_a_body_that_is_written_in_another_way_is_found() -> None:
    seq = seq_of("journey_held")
    rows = rewritten(seq, lambda body: body.update(at=body.pop("at"), kind=body.pop("kind")))
    found = proof(rows)
    assert found.difference is not None
    assert (found.difference.seq, "written in another way" in found.difference.sentence) == (seq, True)


def test_a_record_that_ends_within_a_decision_does_not_hold() -> None:
    found = proof(journal()[: seq_of("stage_entered") - 1])
    assert found.difference is not None
    assert "the record ends within a decision" in found.difference.sentence
    assert "led to stage_entered as event" in found.difference.sentence


def test_an_empty_record_does_not_hold() -> None:
    assert not proof([]).ok


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("journey_started", lambda body: body.update(policy_version=9), "version 9 of the rules, and this"),
        ("measured", lambda body: body["result"].update(evidence_version=7), "version 7 of the statistics"),
        ("journey_held", lambda body: body.update(kind="journey_hurried"), "does not know"),
    ],
)
def test_a_journal_of_a_version_that_is_not_here_is_refused(kind: str, change: Change, said: str) -> None:
    with pytest.raises(VersionUnknown, match=said):
        proof(rewritten(seq_of(kind), change))


def test_observations_of_which_no_evidence_can_be_made_are_told_as_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(walk, "difference_in", broken)
    found = proof(journal())
    assert found.difference is not None
    assert "no evidence can be computed from its observations" in found.difference.sentence


def test_a_time_that_is_in_no_calendar_is_found() -> None:
    rows = list(journal()[:4])
    odd = replace(rows[3], at="2026-02-30T00:00:00.000000Z")
    rows[3] = replace(odd, hash=odd.recomputed_hash())
    found = proof(rows)
    assert found.difference is not None
    assert "its time is in no calendar" in found.difference.sentence


def test_an_event_that_is_none_is_named() -> None:
    found = proof(rewritten(seq_of("journey_held"), lambda body: body.pop("reason")))
    assert found.difference is not None
    assert "none of a journey_held: journey_held.reason: Field required" in found.difference.sentence


def test_an_answer_on_an_open_ballot_stays_sealed_also_where_it_does_not_hold() -> None:
    seq = seq_of("objection_raised")
    rows = rewritten(seq, lambda body: body.update(by="Mallory", reason="it was me"))[: seq + 1]
    found = proof(rows)
    assert found.difference is not None
    assert (found.difference.seq, found.difference.stored) == (seq, None)
    assert "sealed" in found.difference.sentence
    assert not any(word in found.model_dump_json() for word in ("Mallory", "it was me", "not a member"))


def test_what_somebody_said_is_a_fact_that_no_recomputation_can_prove() -> None:
    """So the docs say it: a note has no other trace. An older export, or a signature, shows it."""
    forged = rewritten(seq_of("consent_given", 1), lambda body: body.update(note="gladly"))
    assert proof(forged).ok
    assert forged[-1].hash != journal()[-1].hash


@pytest.mark.parametrize(
    ("stored", "recomputed", "where"),
    [
        ({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 3]}, "b[1]"),
        ({"a": None}, {}, "a"),
        ({"a": [1]}, {"a": [1, None]}, "a[1]"),
        ({"a": 1}, {"a": 1.0}, "a"),
        ({"a": 0.0}, {"a": -0.0}, "a"),
        ({"a": True}, {"a": 1}, "a"),
        ({"a": {}}, {"a": []}, "a"),
        ([], {}, ""),
    ],
)
def test_the_first_difference_is_found_down_to_the_form_of_a_number(
    stored: Any, recomputed: Any, where: str
) -> None:
    found = first_difference(stored, recomputed)
    assert found is not None
    assert found.where == where
    assert first_difference(stored, stored) is None


def test_a_last_digit_that_another_library_may_round_is_told_as_that() -> None:
    near, far = first_difference(1.23456, 1.23457), first_difference(1.23456, 1.23556)
    assert near is not None
    assert far is not None
    assert (near.is_rounding, far.is_rounding) == (True, False)
    assert "numpy" in near.sentence
    assert "numpy" not in far.sentence


def test_the_story_is_written_as_events_are() -> None:
    assert all(row.body == body_text(json.loads(row.body)) for row in journal())
