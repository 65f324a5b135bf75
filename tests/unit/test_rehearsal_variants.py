"""Rehearsals of other charters, on planted and on resampled data, and of a journey that has happened."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bst.rehearsal.comparing import first_difference
from bst.rehearsal.engine import Act, play
from bst.rehearsal.people import members
from bst.rehearsal.planting import noticed, plant_of, planted
from bst.rehearsal.preparing import Rehearsal
from bst.rehearsal.remembering import remembered
from bst.rehearsal.resampling import (
    Job,
    block_of,
    ending_of,
    endings,
    nearby,
    played_often,
    stable_stretch,
    unchanged,
)
from bst.rehearsal.spread import compared, first_openings, summary, told_differences
from bst.rehearsal.telling import told
from bst.rehearsal.varying import Setting, Variant, amended, setting_of, variants
from bst.rehearsal.what_if import what_if
from domain import commands as c
from domain.envelope import Entry
from domain.errors import BadInput, CharterRefused, DidNotHold
from tests.rehearsing import CALM, FIRST, METRIC, START, made_up


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    guardrail = {
        "name": "mistakes. per claim", "layer": "guardrail", "unit": "mistakes", "direction": "down",
        "margin": 5, "source": {"kind": "files", "path": "days.csv"},
    }  # fmt: skip
    return made_up(tmp_path_factory.mktemp("claims"), metrics=[guardrail])


def week(number: int) -> str:
    return str(FIRST + timedelta(weeks=number))


def test_keys_are_set_wherever_they_stand(claims: Rehearsal) -> None:
    wanted = [
        setting_of("stages.optimization.margin=0.5"),
        setting_of("metrics.mistakes. per claim.margin=2"),
        setting_of("ballots.open_for=3 days"),
        setting_of("milestones.runbook=Ana"),
        setting_of("stages.innovation=null"),
    ]

    changed = amended(claims.charter, wanted, START)

    assert changed.stages.optimization.margin == 0.5
    assert changed.metrics[0].margin == 2
    assert changed.ballots.open_for == timedelta(days=3)
    assert changed.milestones == {"runbook": "Ana"}
    assert changed.stages.innovation.at_target == 9
    assert amended(claims.charter, [], START) == claims.charter


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stages.optimisation.margin=1", "did you mean `optimization`"),
        ("stages.optimization.margin=lots", "no number"),
        ("metrics.mistake.margin=1", "there is no 'mistake'"),
        ("team.name=x", "names no single key"),
        ("stages.optimization.margin", "sets nothing"),
        ("outcome.direction=sideways", "outcome.direction"),
    ],
)
def test_keys_that_cannot_be_set_are_refused(claims: Rehearsal, text: str, words: str) -> None:
    with pytest.raises((BadInput, CharterRefused)) as refused:
        amended(claims.charter, [setting_of(text)], START)
    assert words in str(refused.value)


def test_variants_are_all_combinations_the_given_charter_first(claims: Rehearsal) -> None:
    made = variants(claims.charter, ["stages.optimization.margin=0.5,0", "ballots.rounds=2,3"], START)

    assert made[0].name == "stages.optimization.margin=0, ballots.rounds=3"
    assert len(made) == 4
    assert variants(claims.charter, ["ballots.rounds=2"], START)[0].name == "as it is"
    with pytest.raises(BadInput, match="measures something else"):
        variants(claims.charter, ["outcome.source.path=other.csv"], START)
    with pytest.raises(BadInput, match="20 charters"):
        variants(claims.charter, ["ballots.rounds=1,2,3,4,5", "regression.periods=1,2,3,4"], START)


def test_what_a_variant_changes_is_told(claims: Rehearsal) -> None:
    strict = amended(claims.charter, [setting_of("stages.optimization.margin=9")], START)

    rows = [
        compared(Variant("margin 0", claims.charter), claims.play()),
        compared(Variant("margin 9", strict), claims.play(strict)),
    ]

    [sentence] = told_differences(rows, claims.charter)
    assert "With margin 9 instead of margin 0: optimization never opens" in sentence
    assert "it ends in" not in sentence  # both lose their stability in the end


def test_a_planted_shift_is_noticed(claims: Rehearsal) -> None:
    base = claims.play()
    plant = plant_of(f"shift:outcome:{week(40)}:+7", claims.charter)
    recording, notes = planted(claims.recording, [plant], claims.charter)

    changed = claims.with_recording(recording).play()

    said = list(noticed(plant, base, changed, told(changed)))
    assert notes == []
    assert any(f"outside the limits, week of {week(41)}" in one for one in said) or "first signal" in said[0]
    assert any("stability in doubt" in one and "not so without it" in one for one in said)
    period = max(claims.recording.metrics[METRIC].values)
    before, after = (
        recording.metrics[METRIC].values[period].value for recording in (claims.recording, recording)
    )
    assert after == before + 7


def test_a_planted_outage_keeps_the_gate_shut(claims: Rehearsal) -> None:
    base = claims.play()
    plant = plant_of(f"outage:outcome:{week(44)}:{week(48)}", claims.charter)
    recording, _ = planted(claims.recording, [plant], claims.charter)

    changed = claims.with_recording(recording).play()
    said = list(noticed(plant, base, changed, told(changed)))

    assert said[:2] == [
        f"noticed on {week(44)} 00:00 UTC: 4 weeks could not be judged",
        "gates stay shut while it is down",
    ]
    assert first_openings(changed)["optimization"] > first_openings(base)["optimization"]


def test_a_change_planted_beyond_the_data_is_refused(claims: Rehearsal) -> None:
    plant = plant_of("shift:outcome:2095-06-03:1", claims.charter)

    with pytest.raises(BadInput, match=r"go from the week of .* to that of .*: name a day within them"):
        planted(claims.recording, [plant], claims.charter)


def test_a_planted_drift_is_cut_to_what_the_measure_allows(claims: Rehearsal) -> None:
    plant = plant_of(f"drift:outcome:{week(36)}:-50%", claims.charter)

    recording, notes = planted(claims.recording, [plant], claims.charter)

    assert "were cut" in notes[0]
    assert min(point.value for point in recording.metrics[METRIC].values.values()) > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shift:outcome:2022-09-05", "write shift:METRIC"),
        ("jump:outcome:2022-09-05:3", "write shift:METRIC"),
        ("shift:day to payment:2022-09-05:3", "did you mean `days to payment`"),
        ("shift:outcome:soon:3", "'soon' is no day"),
        ("drift:outcome:2022-09-05:much", "'much' is no size"),
        ("drift:outcome:2022-09-05:0", "changes nothing"),
        ("outage:outcome:2022-09-05:2022-09-01", "ends before it begins"),
    ],
)
def test_a_plant_that_cannot_be_is_refused(claims: Rehearsal, text: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        plant_of(text, claims.charter)
    assert words in str(refused.value)


def test_nearby_data_keeps_its_level_and_unchanged_data_has_one(claims: Rehearsal) -> None:
    stretch = stable_stretch(claims.play())
    assert stretch is not None
    generator = np.random.default_rng(1)

    for _ in range(20):
        near, flat = nearby(claims.recording, generator), unchanged(claims.recording, stretch, generator)
        values = near.metrics[METRIC].values
        assert np.mean([values[p].value for p in list(values)[:20]]) > 10
        assert {point.value for point in flat.metrics[METRIC].values.values()} <= set(CALM)
        assert all(point.period == period for period, point in values.items())
        # All metrics of a period come from the same one: here they are the same numbers.
        other = near.metrics["mistakes. per claim"].values
        assert {p: point.value for p, point in other.items()} == {p: x.value for p, x in values.items()}


@pytest.mark.parametrize(("periods", "block"), [(1, 2), (8, 2), (27, 3), (52, 4), (1000, 10)])
def test_blocks_grow_with_the_cube_root(periods: int, block: int) -> None:
    assert block_of(periods) == block


def test_plays_depend_on_the_seed_and_not_on_the_processes(claims: Rehearsal) -> None:
    short = replace(claims, end=claims.start + timedelta(weeks=8))
    here = tuple(endings(short, Job(claims.charter, 0, 6, None), seed=7))

    [elsewhere] = played_often(short, [claims.charter], 6, 7, None)

    assert elsewhere == here
    found = summary(here)
    assert found["plays"] == 6
    assert sum(found["ending"].values()) == pytest.approx(1)


def test_what_people_alone_read_changes_no_course(claims: Rehearsal) -> None:
    data = nearby(claims.recording, np.random.default_rng(3))
    outcome = claims.recording.metrics[METRIC]
    newest = max(outcome.values)
    absurd = outcome.values[newest].model_copy(update={"value": 1e120})
    broken = data.with_metric(METRIC, replace(outcome, values={**outcome.values, newest: absurd}))

    for recording in (claims.recording, data, broken):
        whole, bare = (claims.play(recording=recording, gates_only=only) for only in (False, True))

        assert ending_of(bare) == ending_of(whole)
        assert bare.state.trouble == whole.state.trouble
        assert [(at, event.kind) for at, event in bare.happened] == [
            (at, event.kind) for at, event in whole.happened
        ]
        assert whole.state.gate is not None
        assert bare.state.gate is not None
        assert bare.state.gate.verdicts == whole.state.gate.verdicts
        assert whole.state.evidence[METRIC].diagnostics is not None
        assert bare.state.evidence[METRIC].diagnostics is None


def test_nothing_is_passed_falsely_where_nothing_changes(claims: Rehearsal) -> None:
    stretch = stable_stretch(claims.play())

    plays = list(endings(claims, Job(claims.charter, 0, 3, stretch), seed=1))

    assert [one.took("optimization") for one in plays] == [None] * 3


def test_what_has_happened_comes_out_when_it_is_played_anew(tmp_path: Path) -> None:
    policy = {
        "members": {"Chloe": "3 days"},
        "objections": [{"by": "Ana", "stage": "optimization", "reason": "too soon"}],
        "holds": [{"by": "Ben", "on": week(36), "until": week(37), "reason": "the scanner is broken"}],
        "explanations": [{"on": week(35), "by": "Ana", "period": week(33), "cause": "a public holiday"}],
    }
    (tmp_path / "answers.yaml").write_text(json.dumps(policy))
    rehearsal = made_up(tmp_path, str(tmp_path / "answers.yaml"))
    plant = plant_of(f"outage:outcome:{week(39)}:{week(40)}", rehearsal.charter)
    recording, _ = planted(rehearsal.recording, [plant], rehearsal.charter)
    played = rehearsal.with_recording(recording).play()
    entries = played.entries()

    found = what_if(remembered(entries), entries, [Setting("stages.optimization.margin", 9)])

    assert found.strays is None
    assert ending_of(found.as_it_was) == ending_of(played)
    assert first_openings(found.as_it_was)["optimization"]
    assert "optimization" not in first_openings(found.otherwise)
    again = what_if(remembered(entries), entries, [Setting("stages.optimization.margin", 9)])
    assert again.digest == found.digest


@pytest.fixture(scope="module")
def measured_when_asked(claims: Rehearsal) -> list[Entry]:
    """Return the journal of a team of which a member had the sources read between two weeks."""
    people = members(claims.answers, claims.charter, claims.start)
    asked = Act(claims.start + timedelta(weeks=5, days=3, hours=7), c.MeasureNow(by="Ana"))
    people.planned = sorted([*people.planned, asked], key=lambda act: act.at)
    return play(claims.charter, claims.recording.ask, people, claims.start, claims.end).entries()


def test_measurements_that_a_member_asked_for_come_out_too(measured_when_asked: list[Entry]) -> None:
    entries = measured_when_asked
    assert "measurement_wanted" in {row.kind for row in entries}

    found = what_if(remembered(entries), entries, [Setting("stages.optimization.margin", 9)])

    assert found.strays is None
    assert first_difference(entries, found.as_it_was.entries()) is None
    assert found.otherwise.not_allowed == []


@pytest.mark.parametrize("last", ["measurement_wanted", "stage_entered"])
def test_the_comparison_ends_where_the_record_ends(measured_when_asked: list[Entry], last: str) -> None:
    # The measurement that this sets off is on its way to the journal, as of a team that has just started.
    cut = next(row.seq for row in measured_when_asked if row.kind == last)
    kept = measured_when_asked[:cut]

    found = what_if(remembered(kept), kept, [Setting("stages.optimization.margin", 9)])

    assert found.strays is None
    assert len(found.as_it_was.entries()) == cut


def test_a_play_with_a_later_gate_asks_what_was_never_asked(claims: Rehearsal) -> None:
    entries = claims.play().entries()

    found = what_if(remembered(entries), entries, [setting_of("stages.stability.judged_points=9")])

    assert first_difference(found.as_it_was.entries(), entries) is None
    with pytest.raises(BadInput, match="measures something else"):
        what_if(remembered(entries), entries, [setting_of("outcome.source.path=x.csv")])


def test_a_journal_of_other_rules_is_refused(claims: Rehearsal) -> None:
    entries = claims.play().entries()

    with pytest.raises(DidNotHold, match="bst verify"):
        remembered([entries[0], *entries[3:]])
