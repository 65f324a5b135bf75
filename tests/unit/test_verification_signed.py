"""Where members sign, whoever rewrites a journal would have to forge their signatures as well."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bst.verification.walk import verify
from domain import commands as c
from domain.decisions.rebasing import QUESTIONS
from domain.envelope import Entry, Envelope
from tests.lived import Lived, chained, lived
from tests.lived_story import COUNTED, METRICS, OUTCOME, Numbers
from tests.unit.signers import KEYS, signed
from tests.workflow.team import START, charter


@pytest.fixture(scope="module")
def journal() -> list[Entry]:
    """A team with keys that does whatever says a period, in whatever words people have for one."""
    team = lived(charter("signed", metrics=METRICS, keys=KEYS), START, Numbers())
    other = team.ledger.state.charter.model_copy(update={"restated_within": 20})
    _do(team, c.ProposeAmendment(by="Chloe", reason="late numbers", charter=other))
    for member in ("Ana", "Ben", "Chloe"):
        _do(team, c.ConfirmOutcome(by=member, version=2))
    _do(team, c.RecordValue(by="Ben", metric=COUNTED, period="2025-12-31", value=3))
    _do(team, c.PostToExchange(by="Ben", need=("one till",)))
    exchange = team.ledger.state.together.exchange.version
    _do(team, c.AcknowledgePosts(by="Ana", exchange=exchange))
    team.pass_weeks(0.1)
    _do(team, c.ExplainSignal(by="Ana", period="2025-12-03T11:00", cause="a strike"))
    for member in ("Ben", "Chloe"):
        _consent(team, member)
    team.pass_weeks(0.1)
    said = dict.fromkeys(QUESTIONS, True)
    _do(team, c.ProposeRebase(by="Ben", metric=OUTCOME, since="2025-11-20", cause="a new till", **said))
    _do(team, c.ReachMilestone(name="runbook", note="done"), by="Ben")
    return team.entries()


def _do(team: Lived, command: Any, by: str | None = None) -> None:
    team.do(signed(team.ledger.state, command, by))


def _consent(team: Lived, member: str) -> None:
    ballot = team.ledger.state.ballots[0]
    _do(team, c.GiveConsent(by=member, ballot=ballot.id, digest=ballot.digest, note="well"))


def test_a_journal_that_members_signed_holds_whatever_words_they_had_for_a_period(
    journal: list[Entry],
) -> None:
    found = verify("signed", journal)
    assert found.ok, found.difference
    assert found.counts.signatures == 12
    assert {"value_recorded", "charter_amended", "signal_explained"} <= {row.kind for row in journal}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("consent_given", lambda body: body.update(note="gladly")),
        ("consent_given", lambda body: body["signed"].update(number=9)),
        ("consent_given", lambda body: body.pop("signed")),
        ("value_recorded", lambda body: body.update(note="by hand")),
        ("value_recorded", lambda body: body["signed"]["words"].update(period="2025-12-30")),
        ("value_recorded", lambda body: body["signed"]["words"].update(period="2025-12-01")),
        ("value_recorded", lambda body: body["signed"]["words"].update(colour="red")),
        ("charter_amended", lambda body: body.update(reason="early numbers")),
        ("outcome_confirmed", lambda body: body["signed"].update(by="Ben")),
        ("milestone_reached", lambda body: body.update(note="nearly")),
    ],
)
def test_what_a_member_said_cannot_be_changed_where_it_is_signed(
    journal: list[Entry], kind: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    bodies = [json.loads(row.body) for row in journal]
    seq = next(row.seq for row in journal if row.kind == kind and "signed" in row.body)
    change(bodies[seq - 1])
    forged = chained(
        [
            Envelope(team=row.team, seq=row.seq, at=row.envelope().at, kind=row.kind, body=body)
            for row, body in zip(journal, bodies, strict=True)
        ]
    )
    found = verify("signed", forged)
    assert found.difference is not None
    assert found.difference.seq == seq


@pytest.mark.parametrize("keys", [KEYS, {}])
def test_an_outcome_that_was_confirmed_can_be_exchanged_only_where_nobody_signs(keys: dict[str, str]) -> None:
    """Without keys it is among what no computation can prove: docs/verify.md lists it."""
    team = lived(charter("signed", metrics=METRICS, keys=keys), START, Numbers())
    for member in ("Ana", "Ben", "Chloe"):
        confirmed = c.ConfirmOutcome(by=member, version=1)
        team.do(signed(team.ledger.state, confirmed) if keys else confirmed)
    rows = [row.envelope() for row in team.entries()]
    begun: Any = json.loads(json.dumps(rows[0].body))
    begun["charter"]["outcome"]["beneficiary"] = "Somebody else"
    found = verify("signed", chained([rows[0].model_copy(update={"body": begun}), *rows[1:]]))
    assert found.ok is (not keys)
    if keys:
        assert found.difference is not None
        assert found.difference.kind == "outcome_confirmed"
