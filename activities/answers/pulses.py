"""The activities by which a journey opens and closes a pulse: times, counts and bands pass, no answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.answers.store import AnswerStore
from domain.errors import BstError
from domain.pulses.cycles import ClosePulseTask, OpenPulseTask, PulseReport
from domain.readback.records import CountReadBackTask, OpenReadBackTask, ReadBackCount

OPEN_PULSE: Final = "open_pulse"
CLOSE_PULSE: Final = "close_pulse"
OPEN_READ_BACK: Final = "open_read_back"
COUNT_READ_BACK: Final = "count_read_back"


@dataclass(frozen=True, slots=True)
class PulseActivities:
    """The activities over the answers database that the composition root named."""

    store: AnswerStore

    @activity.defn(name=OPEN_PULSE, no_thread_cancel_exception=True)
    def open_pulse(self, task: OpenPulseTask) -> None:
        """Take answers from now on; run it in a thread pool, for it blocks. Made for being tried again."""
        try:
            self.store.open_pulse(task)
        except BstError as error:
            raise _failure(error) from None

    @activity.defn(name=CLOSE_PULSE, no_thread_cancel_exception=True)
    def close_pulse(self, task: ClosePulseTask) -> PulseReport:
        """Release the bands and destroy all else. Made for being tried again."""
        try:
            return PulseReport(result=self.store.close_pulse(task))
        except BstError as error:
            raise _failure(error) from None

    @activity.defn(name=OPEN_READ_BACK, no_thread_cancel_exception=True)
    def open_read_back(self, task: OpenReadBackTask) -> None:
        """Take answers of readers from now on. Made for being tried again."""
        try:
            self.store.read_backs.open(task)
        except BstError as error:
            raise _failure(error) from None

    @activity.defn(name=COUNT_READ_BACK, no_thread_cancel_exception=True)
    def count_read_back(self, task: CountReadBackTask) -> ReadBackCount:
        """Count what readers picked, if there are enough. Made for being tried again."""
        try:
            return self.store.read_backs.count(task)
        except BstError as error:
            raise _failure(error) from None

    @property
    def all(self) -> tuple[Callable[..., object], ...]:
        """Every activity, for a worker."""
        return (self.open_pulse, self.close_pulse, self.open_read_back, self.count_read_back)


def _failure(error: BstError) -> ApplicationError:
    """Return what the workflow gets to see: the sentence alone, never what was being written."""
    return ApplicationError(str(error), type=type(error).__name__)
