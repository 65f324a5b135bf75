"""What many plays say together: how long stages take, how journeys end, how often a gate opens falsely."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from bst.rehearsal.engine import Played
from bst.rehearsal.resampling import Ending, ending_of
from bst.rehearsal.varying import Variant
from domain import events as e
from domain.charter import GATED_STAGES, Charter, Stage
from domain.periods import label, period_of_day
from domain.wording import counted, share

# Of the lengths, what is shown beside the median (percent).
_LOW: Final = 10
_HIGH: Final = 90
# Below it a percentage would say more than the plays do.
_ENOUGH: Final = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """One variant: how it went on the real numbers, and how often its gates opened where nothing changed."""

    variant: Variant
    ending: Ending
    opened: dict[str, str]
    """The day on which each stage's gate first opened."""
    unchanged: tuple[Ending, ...] = ()

    @property
    def false_passes(self) -> float | None:
        """The part of the plays on unchanged data that passed the gate of optimization."""
        if not self.unchanged:
            return None
        return sum(one.took("optimization") is not None for one in self.unchanged) / len(self.unchanged)


def first_openings(played: Played) -> dict[str, str]:
    """Return on which day each stage's gate first opened."""
    found: dict[str, str] = {}
    for at, event in played.happened:
        if isinstance(event, e.GateEvaluated) and event.gate.open and event.gate.stage in GATED_STAGES:
            found.setdefault(event.gate.stage, f"{at:%Y-%m-%d}")
    return found


def compared(variant: Variant, played: Played, unchanged: tuple[Ending, ...] = ()) -> Compared:
    """Return how one variant went."""
    return Compared(variant, ending_of(played), first_openings(played), unchanged)


def lengths(endings: Sequence[Ending], stage: Stage) -> list[int]:
    """Return how many periods each play took to pass a stage's gate, of those that did."""
    return [took for one in endings if (took := one.took(stage)) is not None]


def summary(endings: Sequence[Ending]) -> dict[str, Any]:
    """Return the spread for programs: chances as parts of all plays, lengths in periods."""
    count = len(endings)
    return {
        "plays": count,
        "passed": {stage: _passed(lengths(endings, stage), count) for stage in GATED_STAGES},
        "regression": sum(one.regressions > 0 for one in endings) / count,
        "ending": {stage: n / count for stage, n in Counter(one.stage for one in endings).most_common()},
    }


def _passed(found: Sequence[int], count: int) -> dict[str, float | None]:
    low, middle, high = (float(x) for x in np.percentile(found, [_LOW, 50, _HIGH])) if found else (None,) * 3
    return {"chance": len(found) / count, "median": middle, "low": low, "high": high}


def spread(endings: Sequence[Ending], charter: Charter) -> Iterator[str]:
    """Yield the spread, a sentence each."""
    count = len(endings)
    for stage in GATED_STAGES:
        found = lengths(endings, stage)
        line = f"{stage} passed in {share(len(found) / count)} of {count} plays"
        if found:
            low, middle, high = (round(float(np.percentile(found, p))) for p in (_LOW, 50, _HIGH))
            line += f", after {counted(middle, charter.cadence)} (median; {_LOW}-{_HIGH} %: {low} to {high})"
        yield line
    back = sum(one.regressions > 0 for one in endings) / count
    yield f"at least one way back to stability in {share(back)}"
    ends = Counter(one.stage for one in endings).most_common()
    yield "at the end in " + ", ".join(f"{stage} {share(n / count)}" for stage, n in ends)
    if count < _ENOUGH:
        yield f"{count} plays say little: take 200 or more"


def words_of_stretch(stretch: tuple[int, int], charter: Charter) -> str:
    """Return which periods the unchanged data is drawn from."""
    return f"{label(stretch[0], charter.calendar)} to {label(stretch[1], charter.calendar)}"


def told_differences(rows: Sequence[Compared], charter: Charter) -> Iterator[str]:
    """Yield how each variant differs from the first, a sentence each."""
    first = rows[0]
    for row in rows[1:]:
        words = [word for stage in GATED_STAGES if (word := _opens(stage, first, row, charter))]
        ways = row.ending.regressions, first.ending.regressions
        if ways[0] != ways[1]:
            words.append(f"{ways[0]} times back to stability instead of {ways[1]}")
        if row.ending.stage != first.ending.stage:
            words.append(f"it ends in {row.ending.stage} instead of {first.ending.stage}")
        before, after = first.false_passes, row.false_passes
        if before is not None and after is not None:
            way = "stays at" if before == after else "rises" if after > before else "falls"
            words.append(
                f"the false pass {way} {share(round(after, 3))}"
                if before == after
                else f"the false pass {way} from {share(round(before, 3))} to {share(round(after, 3))}"
            )
        told = "; ".join(words) or "all the same"
        yield f"With {row.variant.name} instead of {first.variant.name}: {told}."


def _opens(stage: str, first: Compared, other: Compared, charter: Charter) -> str:
    one, two = first.opened.get(stage), other.opened.get(stage)
    if one == two:
        return ""
    if one is None or two is None:
        return f"{stage} {'opens' if one is None else 'never opens'}" + (f" on {two}" if two else "")
    gone = abs(_period(two, charter) - _period(one, charter))
    return f"{stage} opens {counted(gone, charter.cadence)} {'later' if two > one else 'earlier'}"


def _period(day: str, charter: Charter) -> int:
    return period_of_day(date.fromisoformat(day), charter.calendar)
