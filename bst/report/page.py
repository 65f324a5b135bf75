"""The whole report as one HTML file, which needs nothing but itself: no script, no font, no address."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bst.report import data, words
from bst.report.band import band
from bst.report.control import control_chart
from bst.report.history import History
from bst.report.icons import assurance_icon, variation_icon
from bst.report.marks import dot, turn
from bst.report.panel import NARROW, WIDE
from bst.report.plot import Plot, plot_of
from bst.report.progress import progress
from bst.report.svg import Node, node, written
from bst.report.text import clean, decimals_for, plain, reading
from bst.report.theme import FONTS, page_charts, page_colours
from bst.report.tracks import Track
from bst.report.turning import asked
from domain.charting import BETWEEN_EVENTS
from domain.periods import label
from domain.views import status

_TEMPLATES: Final = Path(__file__).with_name("templates")
# Turning points that are shown at once; the earlier ones unfold.
_SHOWN_TURNS: Final = 12
# Rows of a chart's table: as many as it draws.
_SIGNALS: Final = {"better": "▲ better", "worse": "✕ worse", "changed": "◆ changed"}


@dataclass(frozen=True, slots=True)
class Chart:
    """One metric's part of the page: its pictures, what they say, and the numbers as a table."""

    anchor: str
    track: Track
    role: str
    told: str
    pictures: tuple[Markup, Markup] | None
    variation: Markup | None
    variation_words: str
    assurance: Markup | None
    assurance_words: str
    explained: tuple[str, ...]
    breaks: tuple[str, ...]
    beneath: tuple[str, ...]
    contribution: str
    rows: tuple[tuple[str, ...], ...]
    has_cases: bool


def page(history: History, clock: datetime | None = None) -> str:
    """Return the report. The same history gives the same page, byte for byte, but for one word.

    What was due next *was* due once `clock`, which is the present if not given, is past it.
    """
    style = page_style()
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalized,
    )
    return environment.get_template("page.html.j2").render(
        style=Markup(style),  # noqa: S704 - ours, and hashed below
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        **_context(history, clock or datetime.now(UTC)),
    )


def page_style() -> str:
    """Return the page's style sheet."""
    own = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    return f"{page_colours()}{page_charts()}body{{font-family:{FONTS}}}\n{own}"


def _finalized(value: Any) -> Any:
    """Clean what anybody wrote before it is escaped; pictures are clean already."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _drawn(picture: Node | None) -> Markup | None:
    """Return a picture as markup: the library that wrote it has escaped every text in it."""
    return None if picture is None else Markup(written(picture))  # noqa: S704 - see the sentence above


def _context(history: History, clock: datetime) -> dict[str, Any]:
    state, now = history.state, status(history.state)
    charts = tuple(_chart(number, track, history) for number, track in enumerate(history.tracks))
    outcome = state.charter.outcome
    both = [
        (_drawn(progress(history.outcome, outcome.baseline, f"progress-{size}", wide=wide)),
         _drawn(band(history, f"band-{size}", wide=wide)))
        for size, wide in (("w", True), ("n", False))
    ]  # fmt: skip
    turns = [
        (turn_.at, _mark(turn(8, 8, turn_.shape)), turn_.lane, turn_.sentence) for turn_ in history.turns
    ]
    return {
        "history": history,
        "state": state,
        "outcome": outcome,
        "now": now,
        "due": "was due" if now.next_at is not None and now.next_at < clock else "is due",
        "figures": _figures(history),
        "progress": [one for one, _ in both],
        "bands": [one for _, one in both],
        "early_turns": turns[:-_SHOWN_TURNS],
        "turns": turns[-_SHOWN_TURNS:],
        "steps": words.steps(state),
        "checks": words.checklist(history),
        "ballots": [
            (b, asked(full.proposal, state.charter.calendar))
            for b, full in zip(now.ballots, state.ballots, strict=True)
        ],
        # The last sentences are of the ballots, which stand above them.
        "waiting": [
            said for said in now.waiting if not any(f"to answer {b.id} " in said for b in now.ballots)
        ],
        "questions": words.questions(history),
        "holding": words.holding(history) or "No ballot is open.",
        "milestones": [(name, state.milestones.get(name)) for name in state.charter.milestones],
        "main": charts[0],
        "others": [chart for chart in charts[1:] if chart.track.gauge.layer != "support"],
        "support": [chart for chart in charts if chart.track.gauge.layer == "support"],
        "functions": words.functions(state),
        "legend": _legend(),
        "over": state.over,
        "ending": state.ending,
    }


def _figures(history: History) -> list[tuple[str, str, str]]:
    """Return the few numbers at the top: what each is, the number, and what belongs to it."""
    state, track = history.state, history.outcome
    outcome, now = state.charter.outcome, status(state)

    def said(value: float) -> str:
        return reading(value, outcome.unit, outcome.measure)

    newest = track.newest
    when = "" if newest is None else f"{outcome.metric}, {label(newest.period, state.charter.calendar)}"
    found = [("now", "no number yet" if newest is None else said(newest.value), when)]
    level = track.limits
    if level is not None and level.chart not in BETWEEN_EVENTS:
        found.append(
            ("level", said(level.centre_in_unit), f"centre of the {level.n} points with frozen limits")
        )
    if outcome.baseline is not None:
        found.append(("baseline", said(outcome.baseline), "where it stood"))
    found.append(("target", said(outcome.target), f"by {outcome.deadline:%-d %B %Y}"))
    if now.gap is not None:
        gap = f"{plain(now.gap * 100, 1)} points" if outcome.measure == "share" else said(now.gap)
        found.append(
            ("still to go", "reached" if now.gap <= 0 else gap, "from the newest value to the target")
        )
    return found


def _chart(number: int, track: Track, history: History) -> Chart:
    state = history.state
    plot = plot_of(track, history)
    told = words.sentence(track, state)
    found = track.evidence
    pictures = None
    if plot is not None:
        wide, narrow = (
            Markup(written(control_chart(track, plot, history, frame, f"chart-{number}-{size}", told)))  # noqa: S704 - escaped by its writer
            for frame, size in ((WIDE, "w"), (NARROW, "n"))
        )
        pictures = (wide, narrow)
    return Chart(
        anchor=f"metric-{number}",
        track=track,
        role=words.role(track),
        told=told,
        pictures=pictures,
        variation=_drawn(variation_icon(found.variation)) if found and found.variation else None,
        variation_words=words.variation(track),
        assurance=_drawn(assurance_icon(found.assurance)) if found and found.assurance else None,
        assurance_words=words.assurance(track),
        explained=words.explained(track, state),
        breaks=words.breaks(track, state),
        beneath=words.beneath(track, plot, state),
        contribution=words.contribution(track, state) if track.gauge.layer == "support" else "",
        rows=tuple(_rows(track, plot, history)),
        has_cases=any(point.denominator is not None for point in track.points),
    )


def _rows(track: Track, plot: Plot | None, history: History) -> list[tuple[str, ...]]:
    """Return the table behind a chart, newest first: period, value, cases, limits, and what is noted."""
    if plot is None:
        return []
    share = track.gauge.measure == "share"
    times = 100.0 if share else 1.0
    places = 1 if share else decimals_for((plot.high - plot.low) / 100)

    def number(value: float | None) -> str:
        return "" if value is None else plain(value * times, places)

    kept = data.rows(track, history)[plot.left_out :]
    return [
        (
            row.period,
            number(row.value),
            "" if row.cases is None else f"{row.cases:,g}",
            number(row.lower),
            number(row.centre),
            number(row.upper),
            f"○ explained: {row.explained}" if row.explained else _SIGNALS.get(row.signal, ""),
        )
        for row in reversed(kept)
    ]


def _mark(drawn: Node) -> Markup:
    icon = node("svg", drawn, viewbox="0 0 16 16", class_="chart mark-icon", aria_hidden="true")
    return Markup(written(icon))  # noqa: S704 - escaped by its writer


def _legend() -> list[tuple[Markup, str]]:
    looks = (
        ("common", "an ordinary point"),
        ("better", "a signal for the better"),
        ("worse", "a signal for the worse"),
        ("neutral", "a signal that is neither, or a step larger than chance explains"),
        ("explained", "explained by the team: shown, and not counted"),
    )
    return [(_mark(dot(8, 8, look, 4.4)), said) for look, said in looks]  # type: ignore[arg-type]
