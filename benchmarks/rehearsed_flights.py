"""The table of docs/rehearsal.md: the 15 pairs of carrier and airport with most flights, rehearsed over 2013.

    python -m benchmarks.rehearsed_flights

Every pair gets the charter of the demo's Delta at LaGuardia with its own flights, without milestones, so that
only numbers decide; everybody consents after two days. Half a minute.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bst.demo.cast import teams
from bst.demo.flights import FILE, find_flights, write_flights
from bst.rehearsal.answers import Answers
from bst.rehearsal.course import Course
from bst.rehearsal.preparing import prepared
from bst.rehearsal.spread import first_openings
from bst.rehearsal.telling import told
from bst.settings import Settings
from domain import events as e
from domain.charter import Charter
from domain.wording import counted

FIRST, LAST = date(2013, 1, 7), date(2013, 12, 30)
PAIRS = 15
COLUMNS = (
    *("carrier at airport", "flights", "stability opens", "optimization opens"),
    *("back to stability", "at the end", "held longest by"),
)
HEADER = f"| {' | '.join(COLUMNS)} |"


@dataclass(frozen=True)
class Pair:
    """A carrier at an airport, with its flights of the year."""

    carrier: str
    airport: str
    flights: int

    @property
    def charter(self) -> Charter:
        """The charter of the demo's first team, over the flights of this pair."""
        text = teams()[0].charter.model_dump_json(exclude_defaults=True)
        for old, new in (
            (
                "carrier = 'DL' and origin = 'LGA'",
                f"carrier = '{self.carrier}' and origin = '{self.airport}'",
            ),
            ("Delta from LaGuardia", f"{self.carrier} from {self.airport}"),
            ("dl-at-lga", f"{self.carrier}-at-{self.airport}".lower()),
        ):
            assert old in text
            text = text.replace(old, new)
        charter = Charter.model_validate_json(text)
        stages = charter.stages
        without = stages.model_copy(
            update={
                "stability": stages.stability.model_copy(update={"milestones": ()}),
                "optimization": stages.optimization.model_copy(update={"milestones": ()}),
            }
        )
        return charter.model_copy(update={"milestones": {}, "stages": without})


def pairs(folder: Path) -> list[Pair]:
    """Return the pairs with most flights, the largest first."""
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            "select carrier, origin, count(*) as flights from read_parquet($1) group by 1, 2 "
            f"order by flights desc, 1, 2 limit {PAIRS}",
            [str(folder / FILE)],
        ).fetchall()
    return [Pair(*row) for row in rows]


def row_of(pair: Pair, folder: Path) -> str:
    """Rehearse a pair, and return its line of the table."""
    settings = Settings(journal=f"sqlite:///{folder / 'journal.db'}", data=folder, home=folder)
    played = prepared(pair.charter, Answers(), FIRST, LAST, settings).play()
    opened = first_openings(played)
    back = sum(
        isinstance(event, e.StageEntered) and event.stage == "stability" and event.previous != "forming"
        for _, event in played.happened
    )
    cells = (
        f"{pair.carrier} at {pair.airport}",
        f"{pair.flights:,}",
        opened.get("stability", "never"),
        opened.get("optimization", "never"),
        str(back) if back else "",
        played.state.stage,
        "; ".join(_held(told(played))),
    )
    return f"| {' | '.join(cells)} |"


def _held(course: Course) -> Iterator[str]:
    """Yield what held each gate longest, beside having too few points."""
    for stay in course.stays:
        found = [holder for holder in stay.holders if holder.periods > holder.undecided]
        if found:
            worst = max(found, key=lambda holder: holder.periods - holder.undecided)
            weeks = counted(worst.periods - worst.undecided, "weekly")
            yield f"{stay.stage}: `{worst.criterion}` {weeks}"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_flights(find_flights(), folder)
        print(HEADER)
        print("| --- | ---: | --- | --- | --- | --- | --- |")
        for pair in pairs(folder):
            print(row_of(pair, folder), flush=True)


if __name__ == "__main__":
    main()
