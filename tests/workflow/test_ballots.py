"""Many members at once, on several ballots, over a continue-as-new; and nothing sealed gets out."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowUpdateFailedError

from bst.journal_sealed import sealed
from bst.journal_view import lines
from domain import commands as c
from domain.views import Receipt
from tests.workflow.team import MEMBERS, START, StartTeam, Team, charter, steps, write_weeks
from workflows.member_updates import UPDATE_NAMES

JOBS = ("claims handling", "IT", "finance")
TWELVE = {f"P{i:02}": JOBS[i % 3] for i in range(12)}
# Longer than a run of the journey, so that the ballots are open across its end.
LONG = {"open_for": "120 days"}


async def with_ballots(team: Team) -> None:
    """Open four ballots; a question keeps those of the members' proposals open whatever is answered."""
    for member in TWELVE:
        await team.update("confirm", c.ConfirmOutcome(by=member))
    await team.until(lambda status: bool(status.ballots))
    other = charter(team.name, members=TWELVE, milestones={}, stages={}, ballots=LONG, glossary={"SLA": "x"})
    questions = dict.fromkeys(("different", "known", "desirable", "lasting"), True)
    await team.update("amend", c.ProposeAmendment(by="P00", reason="a word", charter=other))
    await team.update("dissolve", c.DissolveTeam(by="P00", reason="sold", lesson="ask earlier"))
    rebase = c.ProposeRebase(by="P00", since="2025-12-08", cause="a new till", **questions)
    await team.update("rebase", rebase)
    for ballot in ("b2", "b3", "b4"):
        await team.update("ask", c.AskQuestion(by="P00", ballot=ballot, question="until when?"))


def sixty() -> Iterator[tuple[str, c.OfMembers]]:
    """Yield 60 updates, each with what its caller earns: 33 consents, 11 objections, 16 questions."""
    for who in list(TWELVE)[1:]:
        for ballot in ("b2", "b3", "b4"):
            note = f"{who} on {ballot}"
            said = f"{who} consented on {ballot}: {note}"
            yield said, c.GiveConsent(by=who, ballot=ballot, note=note)
        reason = f"{who} on b1"
        said = f"{who} objected on b1 (it harms the outcome): {reason}"
        yield said, c.RaiseObjection(by=who, ballot="b1", objection="harms_outcome", reason=reason)
    for turn in range(16):
        ballot, who = f"b{turn % 4 + 1}", f"P{turn % 12:02}"
        text = f"{who} wants to know {turn}"
        yield text, c.AskQuestion(by=who, ballot=ballot, question=text)


async def test_60_concurrent_answers_across_a_continue_as_new_all_count_and_get_what_they_earned(
    start_team: StartTeam, tmp_path: Path
) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team(members=TWELVE, milestones={}, stages={}, ballots=LONG)
    await with_ballots(team)
    await team.pass_weeks(12.9)
    first_run = (await team.handle.describe()).run_id
    across = asyncio.create_task(team.pass_weeks(0.4))  # the quarter ends within it

    asked = list(sixty())
    at_once = asyncio.Semaphore(8)  # the server refuses more than ten in flight

    async def answered(number: int, command: c.OfMembers) -> Receipt:
        async with at_once:
            return await team.update(UPDATE_NAMES[type(command)], command, f"u{number}")

    receipts = await asyncio.gather(*(answered(n, command) for n, (_, command) in enumerate(asked)))
    await across
    assert (await team.handle.describe()).run_id != first_run

    for (earned, _), receipt in zip(asked, receipts, strict=True):
        assert [line for line in receipt.said if earned in line], (earned, receipt)
    again = await asyncio.gather(*(answered(n, asked[n][1]) for n in range(0, 60, 6)))
    assert again == receipts[::6]  # a client that heard nothing asks the next run, and gets the old answer
    open_ballots = (await team.ballots()).open
    assert [set(view.answered) for view in open_ballots] == [set(list(TWELVE)[1:]), *[set(TWELVE)] * 3]
    assert {n for view in open_ballots for n in view.revisions.values()} == {1}
    assert [len(view.questions) for view in open_ballots] == [4, 5, 5, 5]
    kinds = team.kinds()
    assert kinds.count("consent_given") == 33 + 3  # and the proposers' own
    assert kinds.count("objection_raised") == 11
    assert kinds.count("question_asked") == 16 + 3


WORD = "xanthic"
NOTE, REASON, FIX = f"{WORD} as a preference", f"{WORD} as a reason", f"{WORD} as a way out"


async def test_a_sealed_answer_is_readable_nowhere_before_its_time(
    start_team: StartTeam, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    write_weeks(tmp_path / "days.csv", steps((-30, 11)))
    team = await start_team()
    await team.confirm_all()
    await team.until(lambda status: bool(status.ballots))
    own = await team.update("consent", c.GiveConsent(by="Ana", note=NOTE))
    objection = c.RaiseObjection(by="Ben", objection="irreversible", reason=REASON, fix=FIX)
    await team.update("object", objection)
    assert NOTE in own.said[0]  # who gives an answer reads it
    other = await team.update("ask", c.AskQuestion(by="Chloe", question="until when?"))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await team.update("consent", c.GiveConsent(by="Ana", ballot="b9", note=NOTE))

    about = await team.handle.describe()
    queries = [await team.handle.query(name) for name in ("status", "evidence", "ballot", "pending")]
    page = await team.handle.query("__temporal_workflow_metadata")
    rows = sealed(list(team.store.read(team.name)))
    ways = {
        "queries": json.dumps(queries),
        "page": str(page),
        "attributes": str(about.typed_search_attributes) + str(await about.memo()),
        "another's receipt": str(other),
        "refusal": str(refused.value.cause),
        "journal as it is read": str(rows) + str(lines(rows)),
        "log": caplog.text,
    }
    assert {way for way, text in ways.items() if WORD in text} == set()
    assert {way for way, text in ways.items() if "irreversible" in text} == set()

    await team.update("consent", c.GiveConsent(by="Chloe"))
    closed = (await team.ballots()).last
    assert closed is not None
    assert closed.answers is not None
    assert closed.answers["Ben"].said == f"irreversible: {REASON}; it would be mended by: {FIX}"
    assert WORD in str(await team.handle.query("__temporal_workflow_metadata"))
    assert WORD in str(sealed(list(team.store.read(team.name))))


async def test_an_absence_and_an_exemption_end_by_timers(start_team: StartTeam, tmp_path: Path) -> None:
    write_weeks(tmp_path / "days.csv", steps((-30, 11), (3, 16)))
    team = await start_team(members={**MEMBERS, "Dora": "legal"})
    for member in (*MEMBERS, "Dora"):
        await team.update("confirm", c.ConfirmOutcome(by=member))
    await team.until(lambda status: bool(status.ballots))
    day = START.date() + timedelta(days=10)
    await team.update("delegate", c.DelegateVoice(by="Ana", to="Ben", until=day))
    for by, absent in (("Ben", None), ("Ben", "Ana"), ("Chloe", None), ("Dora", None)):
        await team.update("consent", c.GiveConsent(by=by, on_behalf_of=absent))
    await team.until(lambda status: status.stage == "optimization")
    last = (await team.ballots()).last
    assert last is not None
    assert last.answered_for == {"Ana": "Ben"}

    until = START.date() + timedelta(weeks=8)
    await team.update("exempt", c.ProposeExemption(by="Ben", reason="a new system", until=until))
    for by in ("Ana", "Chloe", "Dora"):
        await team.update("consent", c.GiveConsent(by=by))
    await team.pass_weeks(7)
    status = await team.status()
    assert (status.stage, status.absent) == ("optimization", {})
    assert "exempt" in status.attention
    await team.pass_weeks(2)
    assert "grace" in (await team.status()).attention
    assert {"delegation_ended", "exemption_granted", "exemption_expired"} <= set(team.kinds())
