"""Which periods one fetch asks for."""

from dataclasses import dataclass

from domain.periods import Cadence, Calendar


@dataclass(frozen=True, slots=True)
class Window:
    """The periods asked for, both ends included; `since` None is from the first there is.

    `zone` is the IANA name of the time zone that they are of, and that naive times in the data are of.
    """

    cadence: Cadence
    since: int | None
    through: int
    zone: str = "UTC"

    @property
    def calendar(self) -> Calendar:
        """The calendar that the periods are of."""
        return Calendar(self.cadence, self.zone)

    def holds(self, period: int) -> bool:
        """Whether the period was asked for: not seen before, closed and settled."""
        return (self.since is None or period >= self.since) and period <= self.through
