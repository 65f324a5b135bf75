"""A journey for the tests of reports, and its journal: real evidence and real decisions on numbers made up.

A team pays claims. A storm makes one week bad, which the team explains; a member objects to going on, and
consents in the next round; claims are paid sooner from then on; the portal moves, and its limits are frozen
anew; at the end a change of the charter waits for answers.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from activities.contribution import with_contributions
from activities.judge import judge_metric
from domain import commands as c
from domain.charter import Charter
from domain.decide import decide, fold
from domain.envelope import GENESIS, Entry, Envelope
from domain.events import Event
from domain.measurement import MeasureResult, MetricResult, Observation
from domain.periods import Calendar, end_of, label, last_closed, period_of
from domain.schedule import measure_request, next_timer_at
from domain.state import State

BEGUN = datetime(2031, 1, 6, 9, tzinfo=UTC)
WEEKLY = Calendar("weekly")
START = period_of(BEGUN, WEEKLY)
PEOPLE = {"Maria": "Claims handling", "Ben": "IT", "Aisha": "Payments", "Tom": "Customer care"}
DAYS, RATE = "days from claim to payment", "claims paid without a call back"
COST, PORTAL = "hours of work per claim", "portal latency"
# Weeks since the journey began.
STORM, OBJECTS, BETTER, MOVED = 6, 15, 19, 30


def claims(**changes: Any) -> Charter:
    """Return the charter; `changes` replaces parts of it."""
    source = {"kind": "files", "path": "claims.csv"}
    parts: dict[str, Any] = {
        "team": "claims",
        "outcome": {
            "statement":
                "A customer who files a simple claim is paid in 6 days instead of 11 by 30 June 2032",
            "beneficiary": "customers who file a simple claim",
            "metric": DAYS, "unit": "days", "measure": "duration", "direction": "down",
            "baseline": 11, "target": 6, "promise": 14, "deadline": date(2032, 6, 30), "source": source,
        },
        "members": PEOPLE,
        "metrics": [
            {"name": RATE, "layer": "guardrail", "unit": "share", "measure": "share", "direction": "up",
             "margin": 0.05, "source": source},
            {"name": COST, "layer": "efficiency", "unit": "hours", "measure": "amount", "direction": "down",
             "margin": 0.1, "source": source},
            {"name": PORTAL, "layer": "support", "function": "IT", "unit": "ms", "measure": "duration",
             "direction": "down", "source": source},
        ],
        "milestones": {"one list of open claims": "Maria", "payments every day": "Aisha"},
        "stages": {
            "stability": {"milestones": ["one list of open claims"]},
            "optimization": {"margin": 1.0, "milestones": ["payments every day"]},
        },
    }  # fmt: skip
    return Charter.model_validate(parts | changes)


def numbers(weeks: range) -> dict[str, tuple[Observation, ...]]:
    """Return what the sources have for these weeks since the beginning; cut to what people write down."""
    chance = random.Random(2031)
    found: dict[str, list[Observation]] = {DAYS: [], RATE: [], COST: [], PORTAL: []}
    for week in weeks:
        better = week >= BETTER
        days = chance.gauss(6.4 if better else 11.0, 0.55 if better else 0.9) + (7.5 if week == STORM else 0)
        cases = chance.randint(180, 260)
        paid = round(cases * min(chance.gauss(0.84, 0.025), 1))
        hours = chance.gauss(1.9 if better else 2.4, 0.12)
        slow = chance.gauss(240 if week >= MOVED else 410, 22) * (1.04 if better else 1)
        period = START + week
        found[DAYS].append(Observation(period=period, value=round(days, 1)))
        found[RATE].append(Observation(period=period, value=round(paid / cases, 9), denominator=cases))
        found[COST].append(Observation(period=period, value=round(hours, 2)))
        found[PORTAL].append(Observation(period=period, value=round(slow)))
    return {name: tuple(o for o in values if o.period != START - 9) for name, values in found.items()}


@dataclass
class Journal:
    """A journey that is played in memory, with the rows that its journal would have."""

    team: str
    state: State | None = None
    now: datetime = BEGUN
    rows: list[Entry] = field(default_factory=list)

    def do(self, command: c.Command) -> tuple[Event, ...]:
        """Decide, fold, and write down."""
        events = decide(self.state, command, self.now)
        self.write(events)
        return events

    def write(self, events: Iterable[Event]) -> None:
        """Fold events and append them to the rows."""
        for event in events:
            envelope = Envelope(
                team=self.team,
                seq=len(self.rows) + 1,
                at=self.now,
                kind=event.kind,
                body=event.model_dump(mode="json"),
            )
            self.rows.append(Entry.of(envelope, self.rows[-1].hash if self.rows else GENESIS))
            self.state = fold(self.state, (event,))

    @property
    def there(self) -> State:
        assert self.state is not None
        return self.state

    def measure(self, known: dict[str, tuple[Observation, ...]]) -> None:
        """Measure until every wish is served, as a worker would."""
        while self.there.measures_served < self.there.measures_wanted or self._due():
            request = measure_request(self.there, self.now)
            through = last_closed(self.now, request.calendar, timedelta(0))
            results = []
            for metric in request.metrics:
                newest = metric.series.last
                new = tuple(
                    o
                    for o in known.get(metric.name, ())
                    if o.period <= through and (newest is None or o.period > newest)
                )
                results.append(
                    MetricResult(
                        name=metric.name, observations=new, evidence=judge_metric(metric, new, request)
                    )
                )
            found = with_contributions(tuple(results), request)
            self.do(
                c.RecordMeasurement(
                    result=MeasureResult(
                        serves=request.serves, as_of=self.now, through=through, results=found
                    )
                )
            )

    def _due(self) -> bool:
        return self.there.through != last_closed(self.now, self.there.charter.calendar, timedelta(0))

    def answer(self, ballot: str, *members: str) -> None:
        """Let those of the members consent who are still asked, some hours later each."""
        for member in members:
            if any(b.id == ballot and member in b.waiting_for for b in self.there.ballots):
                self.now += timedelta(hours=7)
                self.do(c.GiveConsent(by=member, ballot=ballot))

    def pass_time(self) -> None:
        """Do what is due by now."""
        while (due := next_timer_at(self.there)) is not None and due <= self.now and not self.there.over:
            self.do(c.PassTime())


def begun(charter: Charter) -> Journal:
    """Return a journey that has just begun to form."""
    journal = Journal(charter.team)
    journal.do(c.StartJourney(charter=charter))
    return journal


@cache
def claims_rows(weeks: int = 56) -> tuple[Entry, ...]:
    """Return the journal of the whole play after so many weeks."""
    journal, charter = begun(claims()), claims()
    known = numbers(range(-60, weeks))
    for member in charter.members:
        journal.do(c.ConfirmOutcome(by=member))
    for week in range(weeks + 1):
        journal.now = max(journal.now, end_of(START + week - 1, WEEKLY))
        journal.pass_time()
        journal.measure(known)
        for at, act in _SCRIPT:
            if at == week:
                act(journal)
        _decide(journal, week)
        journal.measure(known)
    return tuple(journal.rows)


def _decide(journal: Journal, week: int) -> None:
    """Everybody consents to what the gates open; but for one round in which a member objects."""
    ballot = journal.there.advance_ballot
    if ballot is None:
        return
    if week <= OBJECTS and ballot.round == 1:
        journal.answer(ballot.id, "Maria", "Aisha", "Tom")
        why = "the portal is being moved, and I cannot staff a trial beside it"
        journal.do(c.RaiseObjection(by="Ben", ballot=ballot.id, objection="stops_my_work", reason=why))
    else:
        journal.answer(ballot.id, *PEOPLE)


def _explain(journal: Journal) -> None:
    journal.do(
        c.ExplainSignal(
            by="Tom",
            metric=DAYS,
            period=label(START + STORM, WEEKLY),
            cause="a hailstorm brought three times the claims of a week",
        )
    )
    journal.answer(journal.there.ballots[-1].id, "Maria", "Ben", "Aisha", "Tom")


def _rebase(journal: Journal) -> None:
    since, cause = label(START + MOVED, WEEKLY), "the portal moved to the new data centre"
    answered = dict.fromkeys(("different", "known", "desirable", "lasting"), True)
    journal.do(c.ProposeRebase(by="Ben", metric=PORTAL, since=since, cause=cause, **answered))
    journal.answer(journal.there.ballots[-1].id, *PEOPLE)


def _amend(journal: Journal) -> None:
    outcome = journal.there.charter.outcome.model_copy(update={"target": 5.0})
    journal.do(
        c.ProposeAmendment(
            by="Aisha",
            reason="six days are reached, and five are within sight",
            charter=journal.there.charter.model_copy(update={"outcome": outcome}),
        )
    )
    journal.answer(journal.there.ballots[-1].id, "Ben")


def _milestone(name: str) -> Callable[[Journal], None]:
    return lambda journal: (journal.do(c.ReachMilestone(name=name)), None)[1]


_SCRIPT: tuple[tuple[int, Callable[[Journal], None]], ...] = (
    (13, _milestone("one list of open claims")),
    (STORM + 2, _explain),
    (24, _milestone("payments every day")),
    (MOVED + 22, _rebase),
    (56, _amend),
)
