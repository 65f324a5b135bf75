"""What one fetch may use, and how it is ended when it takes too long or is not wanted any more."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from activities.sources.hosts import Hosts
from activities.sources.secrets import Environment
from domain.errors import SourceFailed

# Seconds between two looks at the clock while a statement runs: short beside any time limit, cheap beside
# any query. An interrupt is repeated at this pace, for one that comes just before a statement is lost.
_PULSE = 0.1


@dataclass(frozen=True, slots=True)
class Allowance:
    """The bounds of one fetch; `stop` is set when the measurement is cancelled."""

    # Seconds per statement or web request: a query over a year of rows takes seconds; a minute means a
    # missing index.
    seconds: float = 60.0
    # Seconds to reach a server: more than a slow handshake across an ocean, less than a firewall's silence.
    connect_seconds: int = 10
    # Rows of one answer: eleven years of hours. More means that the query does not aggregate.
    rows: int = 100_000
    # MiB that DuckDB may hold per query: four at once stay under 2 GiB, and nothing is spilled to disk.
    memory_mb: int = 512
    # Threads of one query: several metrics are fetched at once, on as many cores.
    threads: int = 2
    # Seconds of all web requests of one fetch together, pauses included: a third of what a measurement has.
    total_seconds: float = 600.0
    # Bytes of one web answer, unpacked: 100,000 rows of ordinary JSON are 20 MB; eight at once stay under
    # half a GiB.
    body_bytes: int = 50 * 1024 * 1024
    # Pages of one fetch: a busy interface has 100 entries on each, so these are the rows above.
    pages: int = 1_000
    # Seconds before a web request is made the second time; each further wait is twice as long.
    pause_seconds: float = 0.5
    # Which hosts may be asked.
    hosts: Hosts = field(default_factory=Hosts)
    # What `${NAME}` in a charter is filled in from.
    environment: Mapping[str, str] = field(default_factory=Environment, repr=False)
    # Folders beside the data folder whose files charters may name, by absolute paths.
    folders: tuple[Path, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    # Places that did not answer to any try of this measurement (`activities.sources.patience`).
    worn: set[str] = field(default_factory=set)


@contextmanager
def interrupting(interrupt: Callable[[], None], allowance: Allowance, where: str) -> Iterator[None]:
    """Run the body under the time limit: `interrupt` ends its statement from another thread.

    Raises:
        SourceFailed: `timed_out`, whatever the interrupted statement raised.
    """
    done, ended = threading.Event(), threading.Event()
    watch = threading.Thread(
        target=_watch, args=(interrupt, allowance, done, ended), name="statement-watch", daemon=True
    )
    watch.start()
    try:
        yield
    except Exception as error:
        if ended.is_set():
            raise _ended(allowance, where) from error
        raise
    finally:
        done.set()
        watch.join()
    if ended.is_set():  # MySQL answers a statement that it broke off as if it had come to its end
        raise _ended(allowance, where)


def _watch(
    interrupt: Callable[[], None], allowance: Allowance, done: threading.Event, ended: threading.Event
) -> None:
    limit = time.monotonic() + allowance.seconds
    while not done.wait(_PULSE):
        if allowance.stop.is_set() or time.monotonic() >= limit:
            ended.set()
            interrupt()


def _ended(allowance: Allowance, where: str) -> SourceFailed:
    if allowance.stop.is_set():
        return SourceFailed("timed_out", f"{where}: the measurement was cancelled while the query ran.")
    return SourceFailed(
        "timed_out",
        f"{where}: the query ran longer than {allowance.seconds:g} s and was ended. "
        "Aggregate less in it, add an index, or read only what is new.",
    )
