"""How a team decides, by the command: questions, absences, objections that can be mended, who leaves."""

import json
from datetime import UTC, datetime, timedelta

import click
import pytest

from bst.cli import bst
from bst.client import Journeys
from tests.cli.place import MEMBERS, Place

FOUR = {**MEMBERS, "Dora": "legal"}


def test_a_team_decides_by_the_command(place: Place) -> None:
    team = place.started(members=FOUR)

    async def all_there(journeys: Journeys) -> None:
        for member in FOUR:
            await journeys.confirm(team, by=member)
        async for status in journeys.watch(team, every=timedelta(seconds=0.05)):
            if status.ballots:
                return

    place.ask(all_there)
    soon = (datetime.now(UTC).date() + timedelta(days=5)).isoformat()
    asked = place.bst("ask", team, "is June in these numbers?", "--by", "Ben")
    away = place.bst("delegate", team, "--by", "Dora", "--to", "Ben", "--until", soon)
    words = ("--preference", "a distinctive word")
    for_dora = place.bst("consent", team, "--by", "Ben", "--for", "dora", *words)
    shown = place.bst("ballot", team)
    told = place.bst("events", team, "--last", "1")
    left = place.bst("leave", team, "--by", "Dora", "--reason", "another task")

    assert asked.out == "Ben asked on b1 (q1): is June in these numbers?\n"
    assert "Dora is absent until" in away.out
    assert for_dora.out == "Ben, for Dora, consented on b1: a distinctive word\n"
    assert "q1 of Ben: is June in these numbers? (not answered yet)" in shown.out
    assert "answered: Dora (by Ben)" in shown.out
    assert "Ben answered b1 for Dora; sealed until" in told.out
    assert "distinctive" not in shown.out + told.out
    assert (left.code, left.err) == (0, "")
    assert "Dora (legal) left the team: another task" in left.out


def test_an_amendment_is_mended_and_shows_how(place: Place) -> None:
    team = place.stable()
    path = place.folder / f"{team}.yaml"
    before = json.loads(path.read_text())

    async def failed(journeys: Journeys) -> None:
        from bst.charter_file import load

        path.write_text(json.dumps(before | {"outcome": before["outcome"] | {"target": 4}}))
        await journeys.amend(team, load(path).charter, by="Ana", reason="4 will do")
        await journeys.object(
            team, by="Ben", kind="harms_outcome", reason="too little", fix="3.5", ballot="b2"
        )
        await journeys.consent(team, by="Chloe", ballot="b2")

    place.ask(failed)
    offered = place.bst("status", team).out
    path.write_text(json.dumps(before | {"outcome": before["outcome"] | {"target": 3.5}}))
    mended = place.bst(
        "amend", team, str(path), "--by", "Chloe", "--reason", "as Ben asked", "--revises", "b2"
    )
    shown = place.bst("ballot", team).out

    assert f'bst amend {team} CHARTER.yaml --by NAME --reason "..." --revises b2' in offered
    assert "ballot b3 opened, round 2, mends b2: amend the charter" in mended.out
    assert "mends b2, by this difference:" in shown
    assert "outcome.target: 4.0 -> 3.5" in shown
    assert "Ben: harms outcome: too little; it would be mended by: 3.5" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "team", "--by", "Ana"], "--withdraw"),
        (["delegate", "team", "--by", "Ana", "--to", "Ben"], "--back alone"),
        (["exempt", "team", "--by", "Ana", "--reason", "x"], "--revoke"),
    ],
)
def test_what_does_not_fit_together_is_said(arguments: list[str], words: str) -> None:
    with pytest.raises(click.UsageError, match=words):
        bst.main(arguments, standalone_mode=False)
