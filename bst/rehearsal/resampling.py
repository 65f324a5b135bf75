"""Rehearsals on resampled data: how much of a course is chance, and how often a gate opens for nothing.

Two ways, both by moving blocks of periods, of all metrics together, so that what happens together stays so:

* `nearby` draws each block from the neighbourhood of the place that it fills (the local block bootstrap of
  Paparoditis and Politis, 2002): the level may change over the year as it did, and its noise is another.
* `unchanged` draws all blocks from one stable stretch: nothing changes in such data, so a gate that finds an
  improvement there finds none.

Each play has a generator of its own, made of the seed and its number: how many processes share the work
changes nothing.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from math import cbrt
from multiprocessing import get_context
from typing import Final

import numpy as np

from bst.rehearsal.engine import Played
from bst.rehearsal.preparing import Rehearsal
from bst.rehearsal.recording import Recorded, Recording
from domain import events as e
from domain.charter import Charter, Stage
from domain.measurement import Observation

# Of a stretch of n periods, blocks have about n ** (1/3): the order at which a bootstrap's error is least
# (Künsch, 1989), and two at least, or nothing of the memory were kept.
_SHORTEST_BLOCK: Final = 2
# How far a nearby block may come from: as far as two blocks, or an eighth of the whole.
_NEAR_BLOCKS: Final = 2
_NEAR_PART: Final = 8
# Plays that a process is given at once: a second or two, so that a bar moves and none waits at the end.
_AT_ONCE: Final = 5
# Objects, about those of a play of a year: what a play leaves is freed without a collector's looking for
# circles, which takes a tenth of its time at Python's 700.
_COLLECT_AFTER: Final = 50_000


@dataclass(frozen=True, slots=True)
class Ending:
    """How one play went: its last stage, the gates it passed with the periods each took, its ways back."""

    stage: Stage
    passed: tuple[tuple[Stage, int], ...]
    regressions: int

    def took(self, stage: Stage) -> int | None:
        """Return how many periods it took until the stage's gate was first passed."""
        return next((periods for one, periods in self.passed if one == stage), None)


@dataclass(frozen=True, slots=True)
class Job:
    """Plays of one charter: numbers from `first` up to `last`, on data resampled in one of the two ways."""

    charter: Charter
    first: int
    last: int
    stretch: tuple[int, int] | None
    """Of `unchanged` data, its first and last period; None for `nearby`."""


def block_of(periods: int) -> int:
    """Return how many periods a block has, of a stretch of so many."""
    return max(_SHORTEST_BLOCK, round(cbrt(periods)))


def nearby(recording: Recording, generator: np.random.Generator) -> Recording:
    """Return a recording whose blocks come from the neighbourhood of their places."""
    first, last = _span(recording)
    count = last - first + 1
    block = min(block_of(count), count)
    near = max(_NEAR_BLOCKS * block, count // _NEAR_PART)
    taken: list[int] = []
    for begin in range(0, count, block):
        low, high = max(0, begin - near), min(count - block, begin + near)
        start = int(generator.integers(min(low, high), high + 1))
        taken += range(start, start + block)
    return _drawn(recording, first, [first + index for index in taken[:count]])


def unchanged(recording: Recording, stretch: tuple[int, int], generator: np.random.Generator) -> Recording:
    """Return a recording of the same length whose blocks all come from one stretch of periods."""
    first, last = _span(recording)
    begin, end = stretch
    block = min(block_of(end - begin + 1), end - begin + 1)
    taken: list[int] = []
    while len(taken) < last - first + 1:
        start = int(generator.integers(begin, end - block + 2))
        taken += range(start, start + block)
    return _drawn(recording, first, taken[: last - first + 1])


def stable_stretch(played: Played) -> tuple[int, int] | None:
    """Return the periods that a play found stable: those of the frozen limits and what was judged after them.

    None where limits were never frozen.
    """
    metric = played.charter.outcome.metric
    limits = None
    for _, event in played.happened:
        if isinstance(event, e.LimitsFrozen) and event.metric == metric and limits is None:
            limits = event.limits
        if isinstance(event, e.StageEntered) and event.stage == "optimization":
            series = event.baselines[metric].series
            return (series.first, series.last) if series.last is not None else None
    if limits is None:
        return None
    return limits.first, limits.last + played.charter.stages.stability.judged_points


def ending_of(played: Played) -> Ending:
    """Return how a play went."""
    passed: list[tuple[Stage, int]] = []
    regressions, begun, through = 0, None, 0
    for _, event in played.happened:
        match event:
            case e.Measured():
                through = event.result.through
                begun = through if begun is None else begun
            case e.StageEntered(stage=stage, previous=previous):
                if previous != "forming":
                    back = stage == "stability"
                    regressions += back
                    if not back and begun is not None:
                        passed.append((previous, through - begun + 1))
                begun = through
    return Ending(played.state.stage, tuple(passed), regressions)


def played_often(
    rehearsal: Rehearsal,
    charters: Sequence[Charter],
    count: int,
    seed: int,
    stretch: tuple[int, int] | None,
    done: Callable[[object], None] = lambda _: None,
) -> tuple[tuple[Ending, ...], ...]:
    """Play each charter on the same resampled data, so many times; return the endings, charter by charter.

    Args:
        rehearsal: what is played.
        charters: of the same sources.
        count: plays of each.
        seed: chooses the data; the same one gives the same endings.
        stretch: of `unchanged`, None for `nearby`.
        done: is told each play that is done.
    """
    starts = range(0, count, _AT_ONCE)
    jobs = [Job(one, first, min(first + _AT_ONCE, count), stretch) for one in charters for first in starts]
    found: dict[int, list[Ending]] = {}
    with ProcessPoolExecutor(
        min(_processors(), len(jobs)) or 1,
        mp_context=get_context("spawn"),  # a fork of a process with threads may hang
        initializer=_begin,
        initargs=(rehearsal, seed),
    ) as processes:
        try:
            running = {processes.submit(_work, job): number for number, job in enumerate(jobs)}
            for future in as_completed(running):
                found[running[future]] = future.result()
                for _ in found[running[future]]:
                    done(None)
        except BaseException:
            processes.shutdown(wait=False, cancel_futures=True)
            raise
    each = len(jobs) // max(len(charters), 1)
    return tuple(
        tuple(ending for number in range(begin, begin + each) for ending in found[number])
        for begin in range(0, len(jobs), each or 1)
    )


# What a process plays, and the seed: given once, when it begins.
_given: list[tuple[Rehearsal, int]] = []


def _begin(rehearsal: Rehearsal, seed: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits for this one
    gc.freeze()  # what is imported stays for good
    gc.set_threshold(_COLLECT_AFTER)
    _given[:] = [(rehearsal, seed)]


def _work(job: Job) -> list[Ending]:
    [(rehearsal, seed)] = _given
    return list(endings(rehearsal, job, seed))


def endings(rehearsal: Rehearsal, job: Job, seed: int) -> Iterator[Ending]:
    """Yield how each play of a job went, in this process."""
    for number in range(job.first, job.last):
        generator = np.random.default_rng([seed, number])
        data = (
            nearby(rehearsal.recording, generator)
            if job.stretch is None
            else unchanged(rehearsal.recording, job.stretch, generator)
        )
        yield ending_of(rehearsal.play(job.charter, data, gates_only=True))


def _span(recording: Recording) -> tuple[int, int]:
    """Return the periods in which there is data at all."""
    known = [period for one in recording.metrics.values() for period in one.values]
    return min(known, default=recording.first), max(known, default=recording.last)


def _drawn(recording: Recording, first: int, taken: Sequence[int]) -> Recording:
    """Return the recording in which each period has the values of the one that was drawn for it."""

    def drawn(one: Recorded) -> Recorded:
        values: dict[int, Observation] = {}
        for place, source in enumerate(taken, first):
            point = one.values.get(source)
            if point is not None:
                values[place] = point.model_copy(update={"period": place})
        return Recorded(values, one.failing, one.outages)

    return Recording(
        {name: drawn(one) for name, one in recording.metrics.items()}, recording.first, recording.last
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
