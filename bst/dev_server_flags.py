"""How the embedded server is started: durable enough for a laptop, fast enough to play a year in seconds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from workflows import search_attributes

# The server's queues look for work 20 times a second at most, and round timers up to a whole second: kind to
# a shared cluster, slow for one journey. With these values a skipped period takes 20 ms instead of 1,017.
_QUEUES: Final = ("timer", "transfer", "visibility", "outbound")
_POLLS_PER_SECOND: Final = 10_000
_FAST: Final = (
    'history.timerProcessorMaxTimeShift="1ms"',
    *(
        f"history.{queue}ProcessorMax{rate}={_POLLS_PER_SECOND}"
        for queue in _QUEUES
        for rate in ("PollRPS", "PollHostRPS")
    ),
)
_TIME_SKIPPING: Final = (
    # Today's name, and the one that the next version of the CLI has; servers ignore names they do not know.
    "frontend.WorkflowTimeSkippingEnabled=true",
    "system.workflowTimeSkippingEnabled=true",
    # A run shorter than this (1 s of real time, which is a year here) continues as new with a delay, and
    # server 1.32 fast-forwards from within that delay straight to its target: 190 of 250 days were lost.
    'history.workflowIdReuseMinimalInterval="0s"',
)
# Write-ahead log, flushed at checkpoints: survives a killed process, and twice as fast as the default. A
# power cut may cost the last moments, which the journal and the sources still have.
_PRAGMAS: Final = ("journal_mode=wal", "synchronous=1")


def flags(database: Path | None, *, namespace: str, time_skipping: bool) -> tuple[str, ...]:
    """The arguments of the Temporal CLI, but for the ports.

    Args:
        database: SQLite file of the state; None keeps it in memory.
        namespace: made at the start, beside `default`.
        time_skipping: let clients fast-forward single workflows.
    """
    dynamic = (*_FAST, *(_TIME_SKIPPING if time_skipping else ()))
    storage = (
        () if database is None else ("--db-filename", str(database), *_each("--sqlite-pragma", _PRAGMAS))
    )
    return (
        *("server", "start-dev", "--ip", "127.0.0.1", "--ui-disable-news-fetch", "--disable-config-file"),
        *("--log-level", "error", "--namespace", namespace),
        *storage,
        *_each("--dynamic-config-value", dynamic),
        *search_attributes.dev_server_flags(),
    )


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """The environment of the server: `ours` without what would point the CLI at another server."""
    return {name: value for name, value in ours.items() if not name.startswith("TEMPORAL_")}


def _each(flag: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for value in values for part in (flag, value))
