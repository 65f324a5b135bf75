"""Each measurement, computed again from what its sources said.

What a measurement was asked with is not stored: it follows from the journey's state
at the moment when the sources were read. While they were, people may have gone on,
so the state is looked for among those between two measurements, the one of that
moment first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from activities.evidence_versions import EVIDENCE
from bst.verification.differing import Differing, first_difference
from domain.errors import BadInput
from domain.measurement import MeasureRequest, MeasureResult
from domain.schedule import measure_request, unanswered, why_unanswered
from domain.state import State


class VersionUnknown(BadInput):
    """The journal was written by a version whose rules or statistics this program does not have."""

    code = "version_unknown"


@dataclass(slots=True)
class Moments:
    """The states between two measurements, with when each began."""

    found: list[tuple[datetime, State]] = field(default_factory=list)

    def add(self, at: datetime, state: State, *, measured: bool) -> None:
        """Note the state after a decision."""
        if measured:
            self.found.clear()
        self.found.append((at, state))

    def requests(self, told: MeasureResult) -> Iterator[MeasureRequest]:
        """Yield what the measurement may have been asked, the likeliest first, each once."""
        serving = [moment for moment in self.found if moment[1].measures_wanted == told.serves]
        before = [state for at, state in serving if at <= told.as_of]
        later = [state for at, state in serving if at > told.as_of]  # by the clock of another server
        tried: list[MeasureRequest] = []
        for state in (*reversed(before), *later):
            request = measure_request(state, told.as_of)
            if request not in tried:
                tried.append(request)
                yield request


def difference_in(told: MeasureResult, moments: Moments, state: State, at: datetime) -> Differing | None:
    """Return where a measurement differs from what it must have answered, or None where it does not.

    `state` is that in which it was recorded, at `at`.

    Raises:
        VersionUnknown: it was computed by a version of the statistics that is not here.
    """
    again = EVIDENCE.get(told.evidence_version)
    if again is None:
        raise VersionUnknown(
            f"A measurement was computed by version {told.evidence_version} of the statistics, and this "
            f"program has {_listed(tuple(EVIDENCE))}. Verify with a later program."
        )
    why = why_unanswered(told)
    if why is not None:
        return _differing(told, unanswered(state, told.serves, at, why))
    found: Differing | None = None
    for request in moments.requests(told):
        differing = _differing(told, again(request, told))
        if differing is None:
            return None
        found = found or differing
    return found or Differing("serves", told.serves, state.measures_wanted)


def _differing(told: MeasureResult, recomputed: MeasureResult) -> Differing | None:
    if told.model_dump_json() == recomputed.model_dump_json():
        return None
    found = first_difference(told.model_dump(mode="json"), recomputed.model_dump(mode="json"))
    assert found is not None  # the two texts differ
    return found


def _listed(versions: Sequence[int]) -> str:
    return ", ".join(map(str, sorted(versions)))
