"""The numbers behind the charts: as rows for tables, as CSV for spreadsheets, as JSON for programs."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bst.report import words
from bst.report.history import History
from bst.report.text import clean
from bst.report.tracks import Track, phase_at
from domain.charting import BETWEEN_EVENTS
from domain.limits import limits_at
from domain.measurement import Observation
from domain.periods import label

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                   "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
_MEANINGS: Final = {"improvement": "better", "concern": "worse", "neutral": "changed"}
COLUMNS: Final = (
    "metric", "layer", "unit", "period", "value", "cases", "lower_limit", "centre", "upper_limit", "signal",
    "explained", "restated", "frozen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One observation with the limits that it was seen against; limits are None where it has none.

    `signal` is `better`, `worse`, `changed` or nothing; `frozen` says that limits were frozen on it.
    """

    period: str
    value: float
    cases: float | None
    lower: float | None
    centre: float | None
    upper: float | None
    signal: str
    explained: str
    restated: bool
    frozen: bool


def rows(track: Track, history: History) -> tuple[Row, ...]:
    """Return every observation of a metric, oldest first."""
    return tuple(_row(point, track, history) for point in track.points)


def as_csv(tracks: Sequence[Track], history: History) -> str:
    """Return the metrics' observations as CSV (RFC 4180), where no word is a formula.

    Text that a spreadsheet would compute gets an apostrophe before it; numbers are plain.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for track in tracks:
        gauge = track.gauge
        for row in rows(track, history):
            numbers = (row.value, row.cases, row.lower, row.centre, row.upper)
            writer.writerow([
                safe(gauge.name), gauge.layer, safe(gauge.unit), row.period,
                *("" if x is None else repr(x) for x in numbers),
                row.signal, safe(row.explained), _yes(row.restated), _yes(row.frozen),
            ])  # fmt: skip
    return out.getvalue()


def as_json(tracks: Sequence[Track], history: History) -> str:
    """Return the metrics with observations, limits and sentences, and what they stand on, as JSON."""
    state, record = history.state, history.record
    document: dict[str, Any] = {
        "team": state.charter.team,
        "rehearsal": history.rehearsal,
        "statement": state.charter.outcome.statement,
        "stage": state.stage,
        "as_of": record.as_of.isoformat(),
        "events": record.count,
        "last_hash": record.last_hash,
        "cadence": state.charter.cadence,
        "time_zone": state.charter.time_zone,
        "stages": [
            {
                "stage": s.stage,
                "begin": s.begin.isoformat(),
                "end": None if s.end is None else s.end.isoformat(),
            }
            for s in history.stays
        ],
        "turning_points": [
            {"at": t.at.isoformat(), "about": t.lane, "what": t.shape, "sentence": clean(t.sentence)}
            for t in history.turns
        ],
        "gate": [
            {
                "status": c.status,
                "criterion": c.title,
                "now": c.actual,
                "needed": c.needed,
                "counts": c.counts,
            }
            for c in words.checklist(history)
        ],
        "metrics": [_metric(track, history) for track in tracks],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    told = clean(text)
    return f"'{told}" if told.startswith(_FORMULA) else told


def _metric(track: Track, history: History) -> dict[str, Any]:
    state, gauge = history.state, track.gauge
    found = None if track.evidence is None else track.evidence
    return {
        "metric": gauge.name,
        "layer": gauge.layer,
        "function": gauge.function,
        "unit": gauge.unit,
        "measure": gauge.measure,
        "direction": gauge.direction,
        "target": gauge.target,
        "promise": gauge.promise,
        "told": words.sentence(track, state),
        "variation": None if found is None else found.variation,
        "assurance": None if found is None else found.assurance,
        "limits": [
            {
                **phase.limits.model_dump(mode="json"),
                "from": label(phase.first, state.charter.calendar),
                "to": None if phase.last is None else label(phase.last, state.charter.calendar),
            }
            for phase in track.phases
        ],
        "limits_frozen_anew": list(words.breaks(track, state)),
        "observations": [_plain(row) for row in rows(track, history)],
    }


def _plain(row: Row) -> dict[str, Any]:
    return {
        "period": row.period, "value": row.value, "cases": row.cases, "lower_limit": row.lower,
        "centre": row.centre, "upper_limit": row.upper, "signal": row.signal or None,
        "explained": row.explained or None, "restated": row.restated, "frozen": row.frozen,
    }  # fmt: skip


def _row(point: Observation, track: Track, history: History) -> Row:
    phase = phase_at(track.phases, point.period)
    between = phase is not None and phase.limits.chart in BETWEEN_EVENTS
    # Limits of the time between events are no limits of how many there were.
    bounds = None if phase is None or between else limits_at(phase.limits, point.denominator)
    low, centre, high = bounds or (None, None, None)
    meaning = track.meanings.get(point.period)
    return Row(
        period=label(point.period, history.state.charter.calendar),
        value=point.value,
        cases=point.denominator,
        lower=low,
        centre=centre,
        upper=high,
        signal="" if meaning is None or point.period in track.explained else _MEANINGS[meaning],
        explained=clean(track.explained.get(point.period, "")),
        restated=point.period in track.restated,
        frozen=any(p.limits.first <= point.period <= p.limits.last for p in _of(track, point.period)),
    )


def _of(track: Track, period: int) -> Iterable[Any]:
    phase = phase_at(track.phases, period)
    return () if phase is None else (phase,)


def _yes(value: bool) -> str:
    return "yes" if value else ""
