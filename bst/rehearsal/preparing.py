"""What a rehearsal needs: the charter as of its first day, the policy, and the sources read once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bst.rehearsal.answers import Answers
from bst.rehearsal.engine import Played, play
from bst.rehearsal.people import MOMENT, members
from bst.rehearsal.recording import Recording, record
from bst.settings import Settings
from domain.charter import Charter
from domain.errors import BadInput, SourceFailed
from domain.forming import Forming
from domain.periods import end_of
from domain.zones import start_of_day


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that a play depends on; the same one gives the same journal."""

    charter: Charter
    answers: Answers
    recording: Recording
    start: datetime
    end: datetime
    left_out: tuple[str, ...] = ()
    """What the charter asks for and nobody does here, a sentence each."""

    def play(
        self,
        charter: Charter | None = None,
        recording: Recording | None = None,
        *,
        gates_only: bool = False,
    ) -> Played:
        """Play it, perhaps with another charter of the same sources, or on other numbers.

        With `gates_only` for its course alone: the journal of such a play lacks what people read.
        """
        chosen = self.charter if charter is None else rehearsable(charter)
        ask = (self.recording if recording is None else recording).ask
        people = members(self.answers, chosen, self.start)
        return play(chosen, ask, people, self.start, self.end, gates_only=gates_only)

    def with_recording(self, recording: Recording) -> "Rehearsal":
        """Return the same rehearsal on other numbers."""
        return replace(self, recording=recording)


def moments(charter: Charter, first: date, last: date | None) -> tuple[datetime, datetime]:
    """Return the first moment of a rehearsal and the one at which it ends at the latest.

    Raises:
        BadInput: there is nothing between them, or they are not past.
    """
    now = datetime.now(UTC)
    start = start_of_day(first, charter.time_zone)
    end = now if last is None else start_of_day(last + timedelta(days=1), charter.time_zone) - MOMENT
    if last is not None and last < first:
        raise BadInput(f"--to {last} is before --from {first}: a rehearsal goes forward in time.")
    if start >= now:
        raise BadInput(f"--from {first} is not over yet: a rehearsal plays the past.")
    if end > now:
        raise BadInput(
            f"--to {last} is not over yet: a rehearsal plays the past. Leave it out to play all of it."
        )
    return start, end


def without_keys(charter: Charter) -> Charter:
    """Return the charter with nobody's key: a policy says what members answer, and only they can sign it."""
    return charter.model_copy(update={"keys": {}})


def rehearsable(charter: Charter) -> Charter:
    """Return the charter without what only real people can give: signatures, posts, words read back."""
    return without_keys(charter).model_copy(update={"forming": Forming()})


def prepared(
    charter: Charter,
    answers: Answers,
    first: date,
    last: date | None,
    settings: Settings,
    variants: Iterable[Charter] = (),
    done: Callable[[str], None] = lambda _: None,
) -> Rehearsal:
    """Read the sources and return the rehearsal; without `last` it ends with the outcome's data.

    Raises:
        BadInput: the days cannot be, or the outcome has no value between them.
        SourceFailed: the outcome's source could not be read at all.
    """
    start, end = moments(charter, first, last)
    recording = record([charter, *variants], start, end, settings, done)
    left_out = (
        *(["nobody signs, though the charter lists keys"] if charter.keys else []),
        *(["what is asked of a forming team is done"] if charter.forming != Forming() else []),
    )
    charter = rehearsable(charter)
    outcome = charter.outcome
    newest = recording.newest(outcome.metric)
    if outcome.source.kind == "manual":
        if last is None:
            raise BadInput("The outcome is counted by hand, so no source says when its data ends: give --to.")
        return Rehearsal(charter, answers, recording, start, end, left_out)
    if newest is None:
        failing = recording.metrics[outcome.metric].failing
        if failing:
            raise SourceFailed(*failing[0][1:])  # type: ignore[arg-type]  # a code that it was read with
        raise BadInput(
            f"{outcome.metric}: the source has no value that a rehearsal from {first} on could use. "
            "Look at it with: bst source try"
        )
    if last is None:
        # Until just before the first measurement that would find nothing new.
        settle = outcome.source.settle
        end = min(end, end_of(newest + 1, charter.calendar) + settle - MOMENT)
        if end <= start:
            raise BadInput(f"The outcome's data ends before --from {first}: begin earlier.")
    return Rehearsal(charter, answers, recording, start, end, left_out)
