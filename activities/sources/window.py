"""Which periods one fetch asks for."""

from dataclasses import dataclass

from domain.periods import Cadence


@dataclass(frozen=True, slots=True)
class Window:
    """The periods asked for, both ends included; `since` None is from the first there is."""

    cadence: Cadence
    since: int | None
    through: int
    zone: str = "UTC"

    def holds(self, period: int) -> bool:
        """Whether the period was asked for: not seen before, closed and settled."""
        return (self.since is None or period >= self.since) and period <= self.through
