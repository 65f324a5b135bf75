"""What has happened, one line each, read from the journal: weeks in which nothing happens have none."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bst.turning_points import Line, Sentences
from domain.charter import Charter
from domain.parsing import parse_event

if TYPE_CHECKING:
    from activities.journal_store import JournalStore


@dataclass
class Teller:
    """Reads one team's journal from where it stopped, and says what is worth a line."""

    charter: Charter
    store: "JournalStore"
    _seq: int = 0
    _untold: list[Line] = field(default_factory=list)
    _sentences: Sentences = field(init=False)

    def __post_init__(self) -> None:
        self._sentences = Sentences(self.charter)

    def before(self, day: datetime | None) -> list[Line]:
        """Return the lines of everything before `day` that were not told yet; of everything for None."""
        self._read()
        told = [line for line in self._untold if day is None or line.at < day]
        self._untold = self._untold[len(told) :]
        return told

    def _read(self) -> None:
        for entry in self.store.read(self.charter.team, after=self._seq):
            self._seq = entry.seq
            event = parse_event(json.loads(entry.body))
            if event is not None:
                at = datetime.fromisoformat(entry.at)
                self._untold += [
                    Line(at, self.charter.team, told.kind, sentence)
                    for told, sentence in self._sentences.of(event)
                ]
