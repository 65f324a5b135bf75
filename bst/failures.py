"""What goes wrong between a program and a journey, as the errors that people and programs know.

BstError
├── Refused, CharterRefused ...   what the journey itself said no to, by the failure's `type`
├── NotFound                      no journey of this name
├── BadInput                      the server knows this client, the namespace or an attribute not (so)
└── ServerUnreachable
    └── NoWorker                  the server answers, but no worker does
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain import errors

_SAID_NO: Final = {
    kind.code: kind
    for kind in (
        errors.Refused,
        errors.NotAMember,
        errors.NotDelegated,
        errors.WrongStage,
        errors.NoSuchBallot,
        errors.StaleEvidence,
        errors.NotUnderstood,
        errors.NotSigned,
        errors.StaleSignature,
        errors.BadSignature,
        errors.JourneyOver,
        errors.BadInput,
        errors.CharterRefused,
    )
}
_START_A_WORKER: Final = "start `bst up` or `python worker.py`"
_PAUSED: Final = (
    "An operator paused this journey's workflow in Temporal: let it go on with `temporal workflow unpause`. "
    "(To stop the line there is `bst hold`.)"
)

# A worker that was busy or killed fails a task, and a moment later there is another; a broken one fails all.
_STUMBLED: Final = (
    "The worker could not go on with this journey just now and tries again by itself: ask again in a moment. "
    "If it stays so, the worker's log says why."
)


class NoWorker(errors.ServerUnreachable):
    """The server is there and the journey is safe in it, but nobody works on it just now."""

    code = "no_worker"


class Missing(errors.NotFound):
    """No open workflow has the id: none of the name, or one that has ended; `Journeys` finds out which."""


@asynccontextmanager
async def told(seconds: float, *, worker: bool = False, changes: bool = False) -> AsyncIterator[None]:
    """Run a call to the server for at most `seconds`, and raise what goes wrong as one of our errors.

    Args:
        seconds: after this the call is given up; the server goes on with what it has accepted.
        worker: whether the server can only answer with a worker's help.
        changes: whether the call may still be carried out later, which the person then has to know.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except (TimeoutError, RPCTimeoutOrCancelledError):
        raise late(seconds, worker=worker, changes=changes) from None
    except WorkflowUpdateFailedError as error:
        raise said_no(error.cause) from None
    except WorkflowQueryFailedError as error:
        raise errors.BstError(f"The journey could not answer: {_one_line(error.message)}") from None
    except RPCError as error:
        if error.status in {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}:
            raise late(seconds, worker=worker, changes=changes) from error
        raise _rpc(error) from error
    except ValueError as error:
        if "WorkflowExecutionStatus" not in str(error):
            raise
        # The SDK does not know this status; the program never pauses a workflow, but an operator may.
        raise errors.BstError(_PAUSED) from error


def said_no(cause: BaseException) -> errors.BstError:
    """Return the refusal that a journey's failure stands for, by its `type`."""
    if isinstance(cause, ApplicationError):
        kind = _SAID_NO.get(cause.type or "")
        return kind(cause.message) if kind else errors.BstError(_odd(cause.message))
    return errors.BstError(_odd(str(cause)))


def _odd(message: str) -> str:
    """A failure without one of our codes: a worker of another version, or a mistake of the program."""
    return f"The journey could not take this, and nothing was changed: {_one_line(message)}"


def late(seconds: float, *, worker: bool, changes: bool) -> errors.BstError:
    """Return what is said of a call that nobody answered; the arguments are those of `told`."""
    after = " What you asked for may still be carried out: look with `bst status` first." if changes else ""
    if worker:
        return NoWorker(f"No worker answers (waited {seconds:g} s): {_START_A_WORKER}.{after}")
    return errors.ServerUnreachable(f"The Temporal server did not answer within {seconds:g} s.{after}")


def _rpc(error: RPCError) -> errors.BstError:
    text, found = _one_line(error.message), errors.BstError("")
    match error.status:
        case RPCStatusCode.NOT_FOUND if "amespace" in text:
            found = errors.BadInput(f"{text}: choose another with TEMPORAL_NAMESPACE.")
        case RPCStatusCode.NOT_FOUND:
            found = Missing(text)
        case RPCStatusCode.FAILED_PRECONDITION if "poller" in text or "worker may be down" in text:
            found = NoWorker(f"No worker answers: {_START_A_WORKER}.")
        case RPCStatusCode.FAILED_PRECONDITION if "Workflow Task in failed state" in text:
            found = NoWorker(_STUMBLED)
        case RPCStatusCode.FAILED_PRECONDITION if "paused" in text:
            found = errors.BstError(_PAUSED)
        case RPCStatusCode.UNAVAILABLE:
            found = errors.ServerUnreachable(f"The Temporal server went away ({text}): try again.")
        case RPCStatusCode.PERMISSION_DENIED | RPCStatusCode.UNAUTHENTICATED:
            found = errors.BadInput(f"The server refused the credentials ({text}): check TEMPORAL_API_KEY.")
        case RPCStatusCode.INVALID_ARGUMENT if "search attribute" in text.lower():
            found = errors.BadInput(f"The server lacks a search attribute ({text}): run `bst setup` once.")
        case _:
            status = error.status.name.lower().replace("_", " ")
            found = errors.BstError(f"The server said {status}: {text}")
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
