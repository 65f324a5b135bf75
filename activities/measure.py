"""The activity that reads all sources of a team and computes the evidence of each metric.

All metrics are fetched at once, within the bounds of `activities.turns`, and none
waits for another's failure: a source that fails is trouble of its own metric, with a
code and a sentence, and the rest is measured as if nothing had happened.
"""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from temporalio import activity
from temporalio.exceptions import CancelledError

from activities.contribution import with_contributions
from activities.journal_store import JournalStore
from activities.judge import judge_metric
from activities.reading import Ask, due_through, read, source_at
from activities.restating import corrected, rejudged
from activities.sources import Allowance, SourceBroke, place_of
from activities.sources.hosts import Hosts
from activities.sources.secrets import Environment
from activities.turns import Call, in_turn
from domain.envelope import Envelope
from domain.errors import BstError, SourceFailed
from domain.measurement import (
    EVIDENCE_VERSION,
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

# Metrics whose present page a heartbeat tells, at most.
_PAGES_TOLD = 8

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
            journal = aside.submit(journaled, self.store, task.pending)
            allowance = Allowance(environment=self.environment, folders=self.folders, hosts=self.hosts)
            result = measure_all(task.request, self.data_root, beat=_beat, allowance=allowance)
            last, trouble = journal.result()
        return MeasureAnswer(result=result, journaled=last, journal_trouble=trouble)


def measure_all(
    request: MeasureRequest,
    data_root: Path,
    beat: Callable[[str], None] = lambda _: None,
    allowance: Allowance | None = None,
    done: Callable[[MetricResult, float], None] = lambda *_: None,
) -> MeasureResult:
    """Measure all metrics of the request.

    Args:
        request: what to measure.
        data_root: folder of the files.
        beat: is told now and then how far it is; when it raises, the queries that still run are ended.
        allowance: what each source may use, in this measurement alone.
        done: is told each metric's result and the seconds that it took, in the thread that measured it.
    """
    allowance, pages = allowance or Allowance(), dict[str, str]()
    source = source_at(data_root, allowance)

    def call(metric: MetricRequest) -> Call[_Measured]:
        def ask() -> _Measured:
            began = time.monotonic()
            measured = _measured(metric, request, source, pages)
            done(measured.result, time.monotonic() - began)
            return measured

        return Call(place_of(metric.source), ask)

    def told(answered: int) -> None:
        how_far = f"{answered} of {len(request.metrics)} metrics"
        beat("; ".join([how_far, *list(pages.values())[:_PAGES_TOLD]]))

    return _answer(request, in_turn([call(metric) for metric in request.metrics], told, allowance.stop.set))


def measure_from(request: MeasureRequest, ask: Ask, *, gates_only: bool = False) -> MeasureResult:
    """Measure all metrics of the request from what has their numbers at hand: here, one after another.

    `ask` stands in the sources' place; everything else is as in `measure_all`. With `gates_only` the evidence
    is what gates look at alone.
    """
    pages = dict[str, str]()
    found = tuple(_measured(m, request, ask, pages, gates_only=gates_only) for m in request.metrics)
    return _answer(request, found, gates_only=gates_only)


def _answer(
    request: MeasureRequest, measured: tuple["_Measured", ...], *, gates_only: bool = False
) -> MeasureResult:
    results = tuple(one.result for one in measured)
    if not gates_only:
        results = with_contributions(results, request)
    return MeasureResult(
        serves=request.serves,
        as_of=request.as_of,
        through=_through_of_team(request, measured),
        results=results,
        closes=closings(request.as_of, request.calendar, request.settle, request.ahead),
        more=any(one.more for one in measured),
        rejudged=rejudged(request, results),
        evidence_version=EVIDENCE_VERSION,
    )


def journaled(store: JournalStore | None, pending: tuple[Envelope, ...]) -> tuple[int | None, str | None]:
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


@dataclass(frozen=True, slots=True)
class _Measured:
    """One metric's result, the newest period it was asked for, and whether later ones are due."""

    result: MetricResult
    through: int
    more: bool = False


def _measured(
    metric: MetricRequest,
    request: MeasureRequest,
    ask: Ask,
    pages: dict[str, str],
    *,
    gates_only: bool = False,
) -> _Measured:
    """Measure one metric; what goes wrong becomes its trouble, so that it never hides another's numbers."""
    try:
        found = read(metric, request, ask, lambda page: pages.__setitem__(metric.name, page))
        present = corrected(metric, found.restated, request)
        evidence = judge_metric(present, found.new, request, gates_only=gates_only)
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
