"""One form for every line of the log, whoever writes it: our code, the SDK, or its core."""

import logging
import logging.handlers
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import structlog

if TYPE_CHECKING:
    from temporalio.runtime import Runtime

# Bytes of a log file before it is put aside; one older file is kept. Weeks of a few teams.
_FILE_LIMIT_BYTES: Final = 10_000_000


def configure(
    form: Literal["console", "json"], *, level: int = logging.INFO, file: Path | None = None
) -> None:
    """Write everything logged from now on to `file`, or to standard error, in `form`.

    Args:
        form: one readable line each, coloured on a terminal, or one JSON object each.
        level: the least that is written.
        file: put aside when it is large.
    """
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(file, maxBytes=_FILE_LIMIT_BYTES, backupCount=1)
    colours = file is None and sys.stderr.isatty()
    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback  # without rich: the values of locals are nobody's business
        last += [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # a command may configure again once it knows its file
    )


def logging_runtime() -> "Runtime":
    """A runtime of the SDK whose core logs with us instead of past us; make one per process."""
    from temporalio.runtime import (
        LogForwardingConfig,
        LoggingConfig,
        Runtime,
        TelemetryConfig,
        TelemetryFilter,
    )

    forwarding = LogForwardingConfig(
        logger=logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
    )
    filtered = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=filtered, forwarding=forwarding)))
