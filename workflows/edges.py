"""Where a journey meets what it cannot trust: foreign payloads, refusals, a worker that gave no answer."""

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from domain import schedule
from domain.commands import Command, ReachMilestone
from domain.errors import BstError
from domain.measurement import MeasureAnswer
from domain.state import State

# A sentence or two of somebody else's error; the rest is in the worker's log (characters).
ERROR_KEPT = 500
_EXAMPLE = 'send the milestone\'s name, such as "runbook", or {"name": "runbook", "by": "Ana"}'


def update_id() -> str:
    """Return the id of the update that is being checked or handled."""
    info = workflow.current_update_info()
    assert info is not None  # only update handlers and their validators ask
    return info.id


class Checking(Protocol):
    """What can say whether a command is allowed now."""

    def check(self, command: Command) -> None:
        """Raise when it is not."""


def checked(kind: type[Command]) -> Callable[..., None]:
    """Return the validator of an update that takes this command.

    Temporal wants a validator with the very parameters of its update; the check is one and the same.
    """

    def validator(journey: Checking, command: Command) -> None:
        journey.check(command)

    validator.__annotations__ = {"command": kind, "return": None}
    return validator


def failure(error: BstError) -> ApplicationError:
    """Return the refusal as the failure of an update: its type is the error's stable code."""
    return ApplicationError(str(error), type=error.code, non_retryable=True)


def one_line(error: BaseException) -> str:
    """Return the error's text without line breaks, cut to a length that the state can carry."""
    return " ".join(str(error).split())[:ERROR_KEPT]


def read_milestone(payload: tuple[RawValue, ...]) -> ReachMilestone:
    """Read what a person sent: a name, or an object with the name in it.

    Raises:
        ValueError: it is neither; the sentence shows what would be.
    """
    if len(payload) != 1 or not isinstance(payload[0], RawValue):
        raise ValueError(f"it has {len(payload)} values instead of one: {_EXAMPLE}")
    try:
        value = workflow.payload_converter().from_payload(payload[0].payload)
    except Exception as error:  # noqa: BLE001 - whatever a converter makes of a stranger's bytes
        raise ValueError(f"it could not be read ({one_line(error)}): {_EXAMPLE}") from None
    if not isinstance(value, str | dict):
        raise ValueError(f"it is neither a name nor an object: {_EXAMPLE}")  # noqa: TRY004 - data, not code
    try:
        return ReachMilestone.model_validate({"name": value} if isinstance(value, str) else value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the value"
        raise ValueError(f"{where}: {first['msg']}: {_EXAMPLE}") from None


def no_answer(serves: int, state: State, now: datetime, why: str) -> MeasureAnswer:
    """Return the answer of a worker that gave none: every metric in trouble, and nothing else changed."""
    return MeasureAnswer(result=schedule.unanswered(state, serves, now, why))


def one_value_or_many(handler: Callable[..., None]) -> Callable[..., None]:
    """Let a signal handler that takes any number of values say that it takes one.

    A signal with no value or with two would fail the workflow's task for ever if the handler took
    exactly one; and the SDK hands over undecoded values, so that broken JSON is recorded and not
    dropped, to a handler with a plain parameter only.
    """
    one = inspect.Parameter("payload", inspect.Parameter.POSITIONAL_ONLY, annotation=RawValue)
    this = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    handler.__signature__ = inspect.Signature([this, one])  # type: ignore[attr-defined]
    return handler
