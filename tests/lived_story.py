"""One journey in which everything happens that can happen: each kind of event, in some forty weeks.

    python -m tests.lived_story > tests/contract/journals/v1.jsonl

writes it as a journal's file. A file there is of a version of the rules, for ever: see
`tests/contract/test_journals.py`.
"""

import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bst.journal_file import write
from domain import commands as c
from domain.decisions.rebasing import QUESTIONS
from domain.envelope import Entry
from domain.pulses.bands import PulseResult
from domain.readback.records import ReadBackCount
from tests.lived import Lived, lived
from tests.workflow.team import START, charter

OUTCOME, COUNTED = "days to payment", "complaints"
METRICS: list[dict[str, Any]] = [
    {"name": "cost", "layer": "efficiency", "unit": "EUR", "direction": "down", "source": {
        "kind": "files", "path": "cost.csv"}},
    {"name": COUNTED, "layer": "support", "function": "claims handling", "unit": "letters",
     "direction": "down", "source": {"kind": "manual"}},
]  # fmt: skip
READ_BACK = {"situations": ("paid in 2 days", "told in 2 days", "complete in 2 days"), "met": 2}


@dataclass
class Numbers:
    """What the sources say, and what they say instead once they have been corrected."""

    corrected: dict[int, float] = field(default_factory=dict)

    def __call__(self, metric: str, week: int) -> float | None:
        if metric == OUTCOME and week in self.corrected:
            return self.corrected[week]
        scatter = round(random.Random(f"{metric} {week}").uniform(-0.5, 0.5), 3)
        if metric == "cost":
            return None if week == -7 else 40 + scatter
        level = {-5: 17.0, 10: 16.0, 11: 16.0}.get(week, 11.0)
        return level + scatter


@cache
def journal() -> tuple[Entry, ...]:
    """Return the journal of the story; lived once for all tests of a process."""
    return tuple(story().entries())


def story() -> Lived:
    """Return the whole journey, from forming to its end."""
    numbers = Numbers()
    # Not in alphabetical order: who is asked first is as the charter has it.
    members = {"Chloe": "finance", "Ben": "IT", "Ana": "claims handling"}
    asked = {
        "forming": {"exchange": True, "read_back": READ_BACK},
        "drift": {"cycle": "1 day", "window": 5},
        "pulse": {"k": 3, "gates": False},
    }
    team = lived(charter("story", metrics=METRICS, members=members, **asked), START, numbers)
    team.do(c.RefuseMessage(message="milestone", reason="it is neither a name nor an object"))
    _forms(team)
    _is_stable(team)
    _is_restated(team, numbers)
    _is_asked(team)
    _loses_and_regains(team)
    _changes(team)
    return team


def _forms(team: Lived) -> None:
    team.pass_weeks(0.1)
    other = team.ledger.state.charter.model_copy(update={"restated_within": 20})
    team.do(c.ProposeAmendment(by="Ben", reason="the database is corrected late", charter=other))
    for week, letters in enumerate((7, 9, 4)):
        day = (START + timedelta(weeks=week - 4)).date().isoformat()
        team.do(c.RecordValue(by="Ana", metric=COUNTED, period=day, value=letters, note="from the inbox"))
    _is_read_by_others(team)
    team.confirm_all()
    _says_what_it_needs(team)
    team.pass_weeks(0.1)


def _says_what_it_needs(team: Lived) -> None:
    said = {"need": ("one to ask", "time"), "limitation": ("no nights",), "capability": ("letters",)}
    for member in ("Ben", "Ana", "Chloe"):
        team.do(c.PostToExchange(by=member, **said))
    team.do(c.WithdrawPost(by="Ben", post="time"))
    team.do(c.AcknowledgePosts(by="Ana", functions=("IT",)))
    for member in ("Ana", "Ben", "Chloe"):
        team.do(c.AcknowledgePosts(by=member))


def _is_read_by_others(team: Lived) -> None:
    """The database is down, too few answer, it loses them; then five people see what is meant."""
    few, gone = (2, 1, None, False), (0, 0, None, True)
    enough = (5, 3, (0, 5, 0), False)
    for number, counts in ((1, (few, gone)), (2, (enough,))):
        team.do(c.OpenReadBack(by="Ana"))
        team.do(c.RecordReadBack(number=number, trouble="the database does not answer"))
        team.do(c.RecordReadBack(number=number))
        for people, functions, choices, lost in counts:
            count = ReadBackCount(people=people, functions=functions, choices=choices, lost=lost)
            team.do(c.CloseReadBack(by="Ben"))
            team.do(c.RecordReadBack(number=number, count=count))


def _is_asked(team: Lived) -> None:
    """A pulse, of which only counts leave the answers database."""
    team.do(c.OpenPulse(by="Chloe"))
    team.do(c.RecordPulse(number=1, trouble="the database does not answer"))
    team.do(c.RecordPulse(number=1))
    team.do(c.RecordPulse(number=1, result=PulseResult(answered=1)))


def _is_stable(team: Lived) -> None:
    """A signal is explained; then nobody can agree, until somebody brings it back."""
    team.do(c.MeasureNow(by="Chloe"))
    team.do(c.ReportJournal(trouble="the disk is full"))
    team.do(c.ReportJournal(trouble=None))
    team.do(c.ExplainSignal(by="Ana", period=_day(-5), cause="a strike"))
    team.consent_all()
    team.pass_weeks(1)
    team.do(c.AskQuestion(by="Ben", question="who tells the customers?"))
    team.do(c.AnswerQuestion(by="Ana", answer="I do"))
    team.do(c.AskQuestion(by="Chloe", question="and when?"))
    team.do(c.WithdrawQuestion(by="Chloe"))
    team.do(c.RaiseObjection(by="Chloe", objection="irreversible", reason="the books are open"))
    team.do(c.GiveConsent(by="Ben", note="soon"))
    team.do(c.GiveConsent(by="Ben", note="now"))
    while not team.ledger.state.parked:
        team.pass_weeks(1)
    team.do(c.ResumeJourney(by="Ana"))
    _is_away(team)
    team.consent_all()
    team.pass_weeks(0.1)


def _is_away(team: Lived) -> None:
    """Somebody is away, comes back, and is away again until the day that was said."""
    today = team.now.date()
    team.do(c.DelegateVoice(by="Chloe", to="Ben", until=today + timedelta(days=9)))
    team.do(c.TakeBackVoice(by="Chloe"))
    team.do(c.DelegateVoice(by="Chloe", to="ben", until=today + timedelta(days=1)))
    team.do(c.GiveConsent(by="Ben", on_behalf_of="Chloe"))
    team.pass_weeks(0.4)


def _is_restated(team: Lived, numbers: Numbers) -> None:
    """A week of the gate that was passed gets worse, and then turns out to have been right."""
    numbers.corrected[1] = 30.0
    team.pass_weeks(1)
    numbers.corrected.clear()
    team.pass_weeks(1)
    team.do(c.HoldJourney(by="Ben", reason="an audit"))
    team.pass_weeks(0.5)
    team.do(c.ResumeJourney(by="Chloe"))


def _loses_and_regains(team: Lived) -> None:
    """Two bad weeks, two good ones; IT takes orders until two talk it over; what was promised is done."""
    words = "a second look fewer saves two days"
    who: dict[str, Any] = {"defined_by": ("Ana", "Chloe"), "executed_by": ("Ben",)}
    for place in range(5):
        team.do(c.AddWorkItem(by="Ana", title=f"form {place}", hypothesis=words, metric="cost", **who))
    team.do(c.CloseWorkItem(by="Ben", item="w2", how="done", note="live"))
    for what in ("ask legal", "ask the bank"):
        team.do(c.MakeCommitment(by="Chloe", what=what, due=team.now.date() + timedelta(days=9)))
    team.do(c.CloseCommitment(by="Chloe", commitment="c2", how="done"))
    team.do(c.PassFacilitation(by="Ben"))
    team.do(c.PassFacilitation(by="Ben", how="swap", note="Chloe is ill"))
    team.pass_weeks(6.2)
    team.do(c.RecordRetrospective(by="Ben", flag="taking_orders", reason="we plan together"))
    team.do(c.RecordRetrospective(by="Ana", flag="taking_orders", reason="on Mondays"))
    team.do(c.ReachMilestone(name="runbook", note="at last"))


def _changes(team: Lived) -> None:
    """Limits are frozen anew, the charter is amended, and the team ends."""
    team.do(c.ProposeRebase(by="Ben", since=_day(4), cause="a new till", **dict.fromkeys(QUESTIONS, True)))
    team.consent_all()
    team.pass_weeks(1)
    before = team.ledger.state.charter
    more = before.model_copy(update={"members": {**before.members, "Dora": "legal"}})
    team.do(c.ProposeAmendment(by="Ana", reason="legal belongs to it", charter=more))
    team.consent_all()
    team.do(c.ConfirmOutcome(by="Dora"))
    for week in range(2):
        day = team.now.date() + timedelta(days=3)
        team.do(c.ProposeExemption(by="Ben", reason="the move", until=day))
        team.consent_all()
        if week:
            team.do(c.RevokeExemption(by="Ana", reason="we have moved"))
        team.pass_weeks(1)
    team.pass_weeks(1)
    team.do(c.LeaveTeam(by="Ana", reason="another team"))
    team.do(c.DissolveTeam(by="Dora", reason="the product is sold", lesson="ask customers earlier"))
    team.consent_all()


def _day(week: int) -> str:
    return (START + timedelta(weeks=week)).date().isoformat()


if __name__ == "__main__":
    write(sys.stdout.buffer, journal(), now=datetime(2026, 11, 1, tzinfo=UTC))
