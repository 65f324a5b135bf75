"""A report's history: everything that was recorded, folded as the rules fold it, and no more than that."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from bst.report.history import History, history
from bst.report.page import page
from bst.report.reading import chained
from domain import commands as c
from domain.envelope import GENESIS, Entry, Envelope
from domain.errors import BadInput, DidNotHold
from domain.events import Event
from domain.restatement import Restatement
from domain.sealing import sealed_envelopes
from domain.series import TAIL_PERIODS
from tests.reported import BETTER, COST, DAYS, MOVED, PORTAL, RATE, START, STORM, claims_rows
from tests.unit.journey_scripts import Step, run, steps
from tests.unit.journeys import START as BEGUN
from tests.unit.journeys import Play, begun, calm, control


def rows_of(events: Iterable[Event], team: str = "claims") -> list[Entry]:
    """Return the rows of a journal that has these events, an hour apart."""
    rows: list[Entry] = []
    for seq, event in enumerate(events, 1):
        body = event.model_dump(mode="json")
        envelope = Envelope(team=team, seq=seq, at=BEGUN + timedelta(hours=seq), kind=event.kind, body=body)
        rows.append(Entry.of(envelope, rows[-1].hash if rows else GENESIS))
    return rows


def told(play: Play) -> History:
    return history("claims", rows_of(play.events))


def test_what_is_on_its_way_becomes_the_rows_that_the_journal_will_have() -> None:
    rows = claims_rows()
    stored, waiting = rows[:40], [row.envelope() for row in rows[38:50]]
    assert chained(stored, waiting) == (list(rows[40:50]), 0)
    assert chained((), [row.envelope() for row in rows[:3]]) == (list(rows[:3]), 0)
    assert chained(stored, ()) == ([], 0)


def test_a_sealed_answer_on_its_way_stays_out_with_what_follows_it() -> None:
    rows = claims_rows()
    at = next(place for place, row in enumerate(rows) if row.kind == "consent_given")
    waiting = [row.envelope() for row in rows[at - 1 : at + 3]]
    sealed = sealed_envelopes(tuple(waiting), {waiting[1].body["ballot"]})  # type: ignore[arg-type]
    assert chained(rows[: at - 1], sealed) == ([rows[at - 1]], 3)


def test_events_of_another_journal_are_not_taken_for_the_newest() -> None:
    rows = claims_rows()
    waiting = [row.envelope() for row in rows[40:50]]
    assert chained(rows[:39], waiting) == ([], 0)
    earlier = [one.model_copy(update={"at": BEGUN - timedelta(days=9999)}) for one in waiting]
    assert chained(rows[:40], earlier) == ([], 0)


def test_every_observation_is_kept_where_the_state_keeps_a_tail() -> None:
    found = history("claims", claims_rows())
    track = found.outcome
    tail = found.state.series[DAYS]
    assert len(track.points) == 2 * 30 + 56 - 1 > tail.last - tail.first - 5  # type: ignore[operator]
    assert track.points[-len(tail.observations()) :] == tail.observations()
    assert len(tail.values) <= TAIL_PERIODS


def test_stages_are_those_that_the_team_was_in() -> None:
    found = history("claims", claims_rows())
    assert [stay.stage for stay in found.stays] == ["forming", "stability", "optimization", "innovation"]
    assert all(one.end == two.begin for one, two in zip(found.stays, found.stays[1:], strict=False))
    assert found.stays[-1].end is None


def test_limits_follow_one_another_and_say_who_signed_and_why() -> None:
    found = history("claims", claims_rows())
    for track in found.tracks:
        assert len(track.phases) == 2
        assert track.phases[0].last == track.phases[1].first - 1
        assert track.phases[1].last is None
    portal = found.track(PORTAL)
    assert portal is not None
    (moved,) = portal.breaks
    assert (moved.first, moved.cause) == (START + MOVED, "the portal moved to the new data centre")
    assert moved.signed == "signed by all 4 members, proposed by IT"
    (passed,) = found.outcome.breaks
    assert passed.cause == "the gate of optimization was passed"


def test_points_mean_what_they_mean_by_the_limits_drawn_at_them() -> None:
    found = history("claims", claims_rows())
    track = found.outcome
    begin = track.phases[1].first
    better = {period for period, meaning in track.meanings.items() if meaning == "improvement"}
    assert better
    assert all(START + BETTER - 3 <= period < begin for period in better), (
        "the new limits are what got better"
    )
    assert track.explained == {START + STORM: "a hailstorm brought three times the claims of a week"}


def test_what_a_source_corrects_is_shown_as_it_is_now() -> None:
    play = begun()
    play.to("stability")
    play.measure()
    period = play.state.series["days to payment"].last
    assert period is not None
    now = Restatement(period=period, before=11.0, after=12.5)
    corrected = calm("days to payment", period + 1).model_copy(update={"restated": (now,)})
    play.measure(days_to_payment=corrected)
    track = told(play).outcome
    assert {p.period: p.value for p in track.points}[period] == 12.5
    assert track.restated == {period}


def test_a_metric_that_is_another_number_begins_anew() -> None:
    play = begun()
    play.to("stability")
    play.measure()
    outcome = play.state.charter.outcome.model_copy(
        update={"unit": "hours", "baseline": 264.0, "target": 72.0}
    )
    charter = play.state.charter.model_copy(update={"outcome": outcome})
    play.do(c.ProposeAmendment(by="Ana", reason="hours tell more", charter=charter))
    play.consent_all(-1)
    found = told(play)
    assert found.outcome.points == ()
    assert found.outcome.begun_anew is not None
    assert found.outcome.phases == ()
    assert any(turn.shape == "amended" for turn in found.turns)


def test_turning_points_name_functions_and_no_person() -> None:
    found = history("claims", claims_rows())
    said = " ".join(turn.sentence for turn in found.turns)
    assert "IT objected, it stops my work: the portal is being moved" in said
    assert not [name for name in ("Maria", "Ben ", "Aisha", "Tom") if name in said]


def test_a_record_that_is_not_whole_makes_no_report() -> None:
    rows = list(claims_rows())
    rows[40] = replace(rows[40], body=rows[40].body.replace("11", "12", 1))
    with pytest.raises(DidNotHold, match="event 41 was changed"):
        history("claims", rows)


def test_rows_that_tell_of_no_journey_make_no_report() -> None:
    reached = Envelope(
        team="x",
        seq=1,
        at=BEGUN,
        kind="outcome_confirmed",
        body={"kind": "outcome_confirmed", "by": "A", "version": 1},
    )
    with pytest.raises(BadInput, match="does not begin with the start of a journey"):
        history("x", [Entry.of(reached, GENESIS)])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "milestone_reached", "name": 7}, r"Event 2 of claims \(milestone_reached\) cannot be read"),
        (None, "version 99 of the rules"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_event(body: dict[str, object] | None, words: str) -> None:
    first = json.loads(claims_rows()[0].body)
    bodies = [first | {"policy_version": 99}] if body is None else [first, body]
    rows: list[Entry] = []
    for seq, one in enumerate(bodies, 1):
        envelope = Envelope(team="claims", seq=seq, at=BEGUN, kind=str(one["kind"]), body=one)
        rows.append(Entry.of(envelope, rows[-1].hash if rows else GENESIS))
    with pytest.raises(BadInput, match=words):
        history("claims", rows)


def test_events_of_a_later_version_are_counted_and_left_out() -> None:
    rows = list(claims_rows())
    envelope = Envelope(
        team="claims", seq=len(rows) + 1, at=BEGUN, kind="dream_dreamt", body={"kind": "dream_dreamt"}
    )
    found = history("claims", [*rows, Entry.of(envelope, rows[-1].hash)])
    assert found.record.unknown == 1
    assert "1 of them are of kinds that this version" in page(found)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(steps)
def test_every_journey_has_a_report(script: list[Step]) -> None:
    play = begun()
    run(play, script)
    found = told(play)
    assert found.state == play.state
    for track in found.tracks:
        tail = play.state.series.get(track.name)
        if tail is not None:
            known = {o.period: o for o in track.points}
            assert all(known[o.period].value == o.value for o in tail.observations())
    assert page(found).endswith("</html>\n")


def test_metrics_are_found_by_name_whatever_the_case() -> None:
    found = history("claims", claims_rows())
    assert [found.track(name.upper()) for name in (DAYS, RATE, COST)] == list(found.tracks[:3])
    assert found.track("nothing") is None


def test_the_way_back_to_stability_is_told_once() -> None:
    play = begun()
    play.to("optimization")
    worse = calm(
        "days to payment", 2930, bad_streak=2, control=control(2930, outside=(2929, 2930), bad=(2929, 2930))
    )
    play.measure(days_to_payment=worse)
    play.now += timedelta(weeks=3)
    play.pass_time()
    assert play.state.stage == "stability"
    found = told(play)
    assert [turn.shape for turn in found.turns if turn.lane == "regression"] == ["feared", "back"]
    assert [turn.sentence for turn in found.turns if "Back in stability" in turn.sentence] == [
        "Back in stability: stability was lost and not recovered within the grace period."
    ]
