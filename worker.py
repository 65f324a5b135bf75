"""The worker, put together: `python worker.py` runs it alone, `bst up` beside a server of its own.

It needs a Temporal server (TEMPORAL_ADDRESS, a profile of Temporal's configuration, or `bst up` beside it), a
journal (BST_JOURNAL) and the data (BST_DATA). SIGTERM and Ctrl-C let activities in flight finish.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

import structlog
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.answers.pulses import PulseActivities
from activities.answers.store import AnswerStore
from activities.journal import JournalActivities
from activities.journal_store import JournalStore
from activities.measure import MeasureActivities
from activities.sources.hosts import Hosts
from activities.sources.secrets import Environment
from bst import exit_cleanly, logs, service
from bst.settings import Settings
from domain.errors import BadInput, BstError
from workflows.team_journey import TeamJourney

# Activities at once, one thread each: so many teams measure at one moment, with up to sixteen queries each.
ACTIVITIES_AT_ONCE: Final = 16
# How long an activity in flight may go on after SIGTERM: most queries end in it. What stops the worker must
# wait longer than that (45 s). What is cut off is tried again by the next worker.
DRAIN: Final = timedelta(seconds=30)
# How long the server keeps a task for the worker that has the journey in its memory before any other may have
# it. After a `kill -9` the next worker's first answer waits for it, and clients give a query up after 5 s
# (the SDK's own 10 s made `bst status` say that no worker answers). It takes milliseconds otherwise.
STICKY_FOR: Final = timedelta(seconds=2)
# As Temporal's worker controller sets them.
DEPLOYMENT_VARIABLES: Final = ("TEMPORAL_DEPLOYMENT_NAME", "TEMPORAL_WORKER_BUILD_ID")

_log = structlog.stdlib.get_logger("worker")


def build_worker(client: Client, settings: Settings) -> Worker:
    """A worker that can do everything a journey asks for, not started yet.

    Args:
        client: made by `bst.connection.connect`, whose plugin the worker takes over.
        settings: the queue to serve, the journal, and the folder of the data.

    Raises:
        BstError: the journal's address cannot be one.
    """
    journal = JournalStore(settings.journal)
    pulses = PulseActivities(AnswerStore(settings.answers))
    deployment = _deployment(settings)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[TeamJourney],
        activities=[
            MeasureActivities(
                settings.data,
                journal,
                Environment(folder=settings.secrets),
                settings.folders,
                Hosts.parse(settings.source_hosts),
            ).measure,
            JournalActivities(journal).append_events,
            *pulses.all,
        ],
        activity_executor=ThreadPoolExecutor(ACTIVITIES_AT_ONCE, thread_name_prefix="activity"),
        max_concurrent_activities=ACTIVITIES_AT_ONCE,
        graceful_shutdown_timeout=DRAIN,
        sticky_queue_schedule_to_start_timeout=STICKY_FOR,
        deployment_config=deployment,
    )


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """The version that this worker is of, where its surroundings name one.

    A run stays with the version that it began on, and goes to the newest when it continues as new. That is
    said here and not on the workflow, because a server refuses it from a worker without a version.

    Raises:
        BadInput: only one of the two variables is set.
    """
    name, build = (settings.temporal.get(variable) for variable in DEPLOYMENT_VARIABLES)
    if name is None and build is None:
        return None
    if name is None or build is None:
        raise BadInput(f"{' and '.join(DEPLOYMENT_VARIABLES)} go together. Set both, or neither.")
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(name, build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


async def serve(settings: Settings, build: Callable[[Client, Settings], Worker] = build_worker) -> None:
    """Run the worker until a signal stops it, then drain; a second signal ends the process at once.

    Raises:
        BstError: there is no server, or something in the settings cannot be used.
    """
    stop = asyncio.Event()
    service.stop_on_signals(stop, at_once=exit_cleanly.leave)
    client = await service.connect_patiently(settings, stop, runtime=logs.logging_runtime())
    if client is None:
        return
    worker = build(client, settings)
    _log.info(
        "working",
        address=client.service_client.config.target_host,
        namespace=client.namespace,
        task_queue=settings.task_queue,
        data=str(settings.data),
    )
    await service.work(worker, client, settings, stop)


def main(build: Callable[[Client, Settings], Worker] = build_worker) -> int:
    """Run until stopped; the exit code: 0 drained, 2 settings that cannot be used, 3 no server."""
    logs.configure("console")  # until the settings say otherwise, what is wrong with them has to be said too
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log)
        asyncio.run(serve(settings, build))
    except BstError as error:
        _log.error(str(error))
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
