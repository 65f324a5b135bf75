"""The activity that reads all sources of a team and computes the evidence of each metric.

All metrics are fetched at once, eight at a time, and none waits for another's
failure: a source that fails is trouble of its own metric, with a code and a
sentence, and the rest is measured as if nothing had happened.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from temporalio import activity
from temporalio.exceptions import CancelledError

from activities.contribution import with_contributions
from activities.journal_store import JournalStore
from activities.judge import judge_metric
from activities.reading import due_through, read
from activities.restating import corrected, rejudged
from activities.sources import Allowance, SourceBroke
from activities.sources.hosts import Hosts
from activities.sources.secrets import Environment
from domain.envelope import Envelope
from domain.errors import BstError, SourceFailed
from domain.measurement import (
    MeasureAnswer,
    MeasureRequest,
    MeasureResult,
    MeasureTask,
    MetricEvidence,
    MetricRequest,
    MetricResult,
    SourceTrouble,
)
from domain.schedule import closings
from evidence.series import BadSeries, NotEnoughPoints

MEASURE = "measure"

# Fetches at once within one measurement: sources mostly wait for others, and a database of one team should
# not see more connections than that from a tick of it.
_AT_ONCE = 8
# Metrics whose present page a heartbeat tells: what runs at once.
_PAGES_TOLD = _AT_ONCE
# Seconds between heartbeats while fetches run: far below any sensible heartbeat timeout, and a
# cancellation is noticed within it.
_HEARTBEAT = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MeasureActivities:
    """The measuring activity: the worker's files, journal, `${NAME}`, and the hosts that may be asked."""

    data_root: Path
    store: JournalStore | None = None
    environment: Mapping[str, str] = field(default_factory=Environment, repr=False)
    folders: tuple[Path, ...] = ()
    hosts: Hosts = field(default_factory=Hosts)

    # No exception is thrown into the thread when it is cancelled: one that hits a thread while it starts
    # another leaves that half-born, and the worker waits for it for ever. `_beat` looks instead.
    @activity.defn(name=MEASURE, no_thread_cancel_exception=True)
    def measure(self, task: MeasureTask) -> MeasureAnswer:
        """Read what is new from every source and return it with the evidence; run it in a thread pool.

        Pure input, so that a retry asks for the same periods and judges the same window. It fails for no
        source and no journal; it ends early only when it is cancelled. Events that the journal does not have
        yet ride along, which saves an ordinary period an activity of its own.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="journal") as aside:
            journal = aside.submit(_journaled, self.store, task.pending)
            allowance = Allowance(environment=self.environment, folders=self.folders, hosts=self.hosts)
            result = measure_all(task.request, self.data_root, beat=_beat, allowance=allowance)
            journaled, trouble = journal.result()
        return MeasureAnswer(result=result, journaled=journaled, journal_trouble=trouble)


def measure_all(
    request: MeasureRequest,
    data_root: Path,
    beat: Callable[[str], None] = lambda _: None,
    allowance: Allowance | None = None,
) -> MeasureResult:
    """Measure all metrics of the request; `beat` is told now and then how far it is.

    When `beat` raises, or the thread is told to stop, the queries that still run are ended.
    """
    measured: tuple[_Measured, ...] = ()
    if request.metrics:
        allowance, pages = allowance or Allowance(), dict[str, str]()
        with _pool(allowance, len(request.metrics)) as pool:
            futures = [
                pool.submit(_measured, metric, request, data_root, allowance, pages)
                for metric in request.metrics
            ]
            _await(futures, pages, beat)
            measured = tuple(future.result() for future in futures)
    results = with_contributions(tuple(one.result for one in measured), request)
    return MeasureResult(
        serves=request.serves,
        as_of=request.as_of,
        through=_through_of_team(request, measured),
        results=results,
        closes=closings(request.as_of, request.calendar, request.settle, request.ahead),
        more=any(one.more for one in measured),
        rejudged=rejudged(request, results),
    )


def _journaled(store: JournalStore | None, pending: tuple[Envelope, ...]) -> tuple[int | None, str | None]:
    """Return the journal's newest number, or why it was not written; the events then wait in the state."""
    if store is None or not pending:
        return None, None
    try:
        return store.append(pending), None
    except BstError as failure:
        return None, str(failure)
    except Exception as error:  # noqa: BLE001 - logged, and said to be ours
        _log.exception("writing the journal failed")
        return None, f"A mistake of the program ({type(error).__name__}); the worker's log has the details."


def _beat(progress: str) -> None:
    if activity.in_activity():
        activity.heartbeat(progress)
        if activity.is_cancelled():
            raise CancelledError("the measurement was cancelled")


@contextmanager
def _pool(allowance: Allowance, metrics: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool; when the body is left by a cancellation, end the statements that still run."""
    pool = ThreadPoolExecutor(min(_AT_ONCE, metrics), thread_name_prefix="measure")
    try:
        yield pool
    finally:
        allowance.stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _await(futures: "list[Future[_Measured]]", pages: Mapping[str, str], beat: Callable[[str], None]) -> None:
    waiting = set(futures)
    while waiting:
        _, waiting = wait(waiting, timeout=_HEARTBEAT, return_when=FIRST_COMPLETED)
        done = f"{len(futures) - len(waiting)} of {len(futures)} metrics"
        beat("; ".join([done, *list(pages.values())[:_PAGES_TOLD]]))


@dataclass(frozen=True, slots=True)
class _Measured:
    """One metric's result, the newest period it was asked for, and whether later ones are due."""

    result: MetricResult
    through: int
    more: bool = False


def _measured(
    metric: MetricRequest,
    request: MeasureRequest,
    data_root: Path,
    allowance: Allowance,
    pages: dict[str, str],
) -> _Measured:
    """Measure one metric; what goes wrong becomes its trouble, so that it never hides another's numbers."""
    try:
        found = read(metric, request, data_root, allowance, lambda page: pages.__setitem__(metric.name, page))
        evidence = judge_metric(corrected(metric, found.restated, request), found.new, request)
        result = MetricResult(
            name=metric.name, observations=found.new, restated=found.restated, evidence=evidence
        )
        return _Measured(result, found.through, found.more)
    except SourceFailed as failure:
        trouble = SourceTrouble(code=failure.source_code, message=str(failure))
    except (BadSeries, NotEnoughPoints) as refusal:
        trouble = SourceTrouble(code="bad_series", message=f"{metric.name}: {refusal}")
    except SourceBroke as broke:
        _log.error("measuring %s of %s failed\n%s", metric.name, request.team, broke.details)
        trouble = _mistake(metric, str(broke))
    except Exception as error:  # noqa: BLE001 - logged, and said to be ours
        _log.exception("measuring %s of %s failed", metric.name, request.team)
        trouble = _mistake(metric, type(error).__name__)
    finally:
        pages.pop(metric.name, None)
    failed = MetricResult(name=metric.name, evidence=_evidence_so_far(metric, request), trouble=trouble)
    return _Measured(failed, due_through(metric, request))


def _mistake(metric: MetricRequest, kind: str) -> SourceTrouble:
    sentence = f"{metric.name}: a mistake of the program ({kind}); the worker's log has the details."
    return SourceTrouble(code="internal", message=sentence)


def _evidence_so_far(metric: MetricRequest, request: MeasureRequest) -> MetricEvidence | None:
    """Return what the points seen before still say; the trouble beside it keeps it from passing a gate."""
    try:
        return judge_metric(metric, (), request)
    except Exception:  # noqa: BLE001 - logged; the trouble that led here is reported
        _log.exception("judging the earlier points of %s of %s failed", metric.name, request.team)
        return None


def _through_of_team(request: MeasureRequest, measured: tuple[_Measured, ...]) -> int:
    """Return the outcome's newest period that was read: the journey goes by its outcome."""
    pairs = list(zip(request.metrics, measured, strict=True))
    outcomes = [one.through for metric, one in pairs if metric.layer == "outcome"]
    return max(outcomes or [one.through for _, one in pairs] or [request.import_from - 1])
