"""Journeys lived in this process, with real evidence and a virtual clock: their journals, without a server.

What a source would say is given as a function of metric and week. All else is the
program's own: the same ledger as the workflow's, the same rules, the same statistics.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from activities.reading import due_through, span
from activities.recomputing import recomputed
from domain import commands as c
from domain import schedule
from domain.charter import Charter
from domain.envelope import GENESIS, Entry, Envelope
from domain.measurement import MeasureRequest, MeasureResult, MetricRequest, MetricResult, Observation
from domain.periods import period_of
from domain.restatement import Restatement
from workflows.ledger import Ledger, begun

# A metric's value in a period, counted from the journey's first; None where the source has none.
Source = Callable[[str, int], float | None]
# Far more than can be due at one moment.
AT_ONCE = 50


@dataclass
class Lived:
    """One journey under way, with all its events."""

    ledger: Ledger
    now: datetime
    source: Source
    first: int
    envelopes: list[Envelope] = field(default_factory=list)

    def do(self, command: c.Command) -> None:
        """Decide at the present moment; raises Refused as the rules do."""
        self.ledger.do(command, self.now)
        self.envelopes += self.ledger.outbox
        self.ledger.outbox = ()

    def confirm_all(self) -> None:
        """Let every member confirm."""
        for member in self.ledger.state.charter.members:
            self.do(c.ConfirmOutcome(by=member))

    def consent_all(self) -> None:
        """Let everybody who has not answered consent on the oldest open ballot."""
        ballot = self.ledger.state.ballots[0]
        for member in ballot.waiting_for:
            self.do(c.GiveConsent(by=member, ballot=ballot.id, note=f"fine with {member}"))

    def pass_until(self, end: datetime) -> None:
        """Do what is due by `end`, as the workflow would."""
        for _ in self._due(end):
            if self.now >= schedule.next_measure_at(self.ledger.state):
                request = schedule.measure_request(self.ledger.state, self.now)
                self.do(c.RecordMeasurement(result=recomputed(request, self._said(request))))
            else:
                self.do(c.PassTime())
        self.now = end

    def pass_weeks(self, weeks: float = 1) -> None:
        """Let weeks pass."""
        self.pass_until(self.now + timedelta(weeks=weeks))

    def entries(self) -> list[Entry]:
        """Return the journal."""
        return chained(self.envelopes)

    def _due(self, end: datetime) -> Iterator[None]:
        for before, _ in pairwise(range(AT_ONCE * 1000)):
            if self.ledger.state.over or schedule.next_due(self.ledger.state) > end:
                return
            self.now = max(self.now, schedule.next_due(self.ledger.state))
            assert before < AT_ONCE * 999, "the same is due for ever"
            yield

    def _said(self, request: MeasureRequest) -> MeasureResult:
        return MeasureResult(
            serves=request.serves,
            as_of=request.as_of,
            through=0,
            results=tuple(self._facts(metric, request) for metric in request.metrics),
        )

    def _facts(self, metric: MetricRequest, request: MeasureRequest) -> MetricResult:
        oldest, begin = span(metric, request)
        known = {o.period: o.value for o in metric.series.observations()}
        now = {
            period: value
            for period in range(oldest, due_through(metric, request) + 1)
            if (value := self.source(metric.name, period - self.first)) is not None
        }
        return MetricResult(
            name=metric.name,
            observations=tuple(Observation(period=p, value=v) for p, v in now.items() if p >= begin),
            restated=tuple(
                Restatement(period=p, before=known.get(p), after=now.get(p))
                for p in range(oldest, begin)
                if known.get(p) != now.get(p) and now
            ),
        )


def lived(charter: Charter, start: datetime, source: Source) -> Lived:
    """Return a journey that begins at `start`."""
    ledger, refused = begun(charter, start, "lived")
    assert refused is None, refused
    found = Lived(ledger, start, source, period_of(start, charter.calendar))
    found.envelopes += ledger.outbox
    ledger.outbox = ()
    return found


def chained(envelopes: list[Envelope]) -> list[Entry]:
    """Return the rows of a journal that whoever writes them would chain."""
    rows: list[Entry] = []
    for envelope in envelopes:
        rows.append(Entry.of(envelope, rows[-1].hash if rows else GENESIS))
    return rows
