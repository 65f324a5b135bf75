"""The sections of a journey's page; those about ballots and people's tasks are in `ballot_sections`."""

from typing import Final, NamedTuple
from urllib.parse import quote

from domain import views
from domain.chart import Scale, control_chart, marks_of
from domain.gates import NEXT
from domain.limits import lowest
from domain.measurement import Series
from domain.periods import label, noun
from domain.state import Gauge, State, gauges
from domain.telling import contributed
from domain.verdicts import Status, Verdict
from domain.wording import figure, moment, named
from workflows import how_to
from workflows.markdown import code, link, row, table_head, text, unbroken
from workflows.waits import next_words

# Words beside the marks, because a mark alone is a colour by another name.
MARKS: Final[dict[Status, str]] = {
    "met": "✓ met",
    "not_met": "✗ not met",
    "undecided": "… undecided",
    "error": "! error",
}
# Characters of one cell: two lines on a screen; the whole text is in the event.
CELL: Final = 200
# Columns of the chart: with its labels it fits beside the summary on a screen 1,440 pixels wide.
_CHART: Final = 59
# Characters of a reason, a note or an error's message.
WORDS: Final = 300


class Section(NamedTuple):
    """One part of the page: `head` and `tail` go with any of the `rows`, and `room` bounds it in bytes."""

    name: str
    head: tuple[str, ...]
    rows: tuple[str, ...]
    room: int
    tail: tuple[str, ...] = ("",)


def value_words(status: views.Status) -> str:
    """Return the outcome's newest value as people read it."""
    return "no value yet" if status.value is None else figure(status.value, status.unit, status.measure)


def to_go(status: views.Status) -> str:
    """Return how far the target still is."""
    if status.gap is None:
        return "not known yet"
    if status.gap <= 0:
        return "reached"
    if status.measure == "share":
        return f"{status.gap * 100:.1f} points to go"
    return f"{figure(status.gap, status.unit, status.measure)} to go"


def gate_words(status: views.Status) -> str:
    """Return how the gate stands: `shut, 4 of 6 met`."""
    counting = [verdict for verdict in status.verdicts if verdict.counts]
    met = sum(verdict.status == "met" for verdict in counting)
    if not status.verdicts:
        return "not judged yet"
    return f"{'open' if status.gate_open else 'shut'}, {met} of {len(counting)} met"


def outcome(state: State, status: views.Status) -> Section:
    """The one outcome: where it is, where it has to be, by when."""
    promised, cadence = state.charter.outcome, noun(state.charter.cadence)
    newest = unbroken(text(value_words(status))) + (
        f" ({cadence} of {status.period})" if status.period else ""
    )
    target = unbroken(text(figure(status.target, status.unit, status.measure)))
    head = (
        f"# {text(status.team)}: {status.stage}",
        "",
        f"**{text(status.statement)}**",
        "",
        *table_head((text(status.metric), newest)),
    )
    rows = [("target", f"{target} by {promised.deadline.isoformat()}"), ("gap", text(to_go(status)))]
    if promised.promise is not None:
        rows.append(("promise", text(figure(promised.promise, status.unit, status.measure))))
    rows.append((f"{status.stage} since", moment(status.entered_at)))
    if status.next_at is not None:
        rows.append(("next", text(next_words(state))))
    if state.ending is not None:
        rows += [("ended because", text(state.ending.reason)), ("learned", text(state.ending.lesson))]
    return Section("the outcome", head, tuple(row(pair) for pair in rows if pair[1]), 6000)


def attention(status: views.Status) -> Section:
    """What somebody has to look at."""
    return Section(
        "notes",
        ("## Needs attention", ""),
        tuple(f"- {text(note, WORDS)}" for note in status.notes),
        1200,
    )


def to_confirm(state: State, status: views.Status) -> Section:
    """Who does not yet stand behind the outcome, and how that is done."""
    missing = [m for m in state.charter.members if state.confirmations.get(m) != state.outcome_version]
    if not missing or state.over:
        return Section("confirmations", (), (), 0)
    lines = code(
        (
            how_to.bst("confirm", status.team, "--by", missing[0]),
            *how_to.update(state.charter, "confirm", {"by": missing[0], "version": state.outcome_version}),
        )
    )
    title, here = "## The outcome waits for its team", how_to.here(state.charter, "Send an Update", "confirm")
    who = f"Still to confirm version {state.outcome_version}: **{text(named(missing), WORDS)}**."
    return Section("confirmations", (title, ""), ("\n".join((who, "", *lines, "", here)),), 1500)


def gate(status: views.Status) -> Section:
    """The checklist of the stage's gate; what is open comes first when not all of it has room."""
    if status.stage in {"completed", "dissolved"}:
        return Section("criteria", (), (), 0)
    following = next((to for stage, to in NEXT.items() if stage == status.stage), "stability")
    rows, room = tuple(_criterion(verdict) for verdict in status.verdicts), 3200
    if sum(len(line.encode()) for line in rows) > room:
        in_doubt = sorted(status.verdicts, key=lambda verdict: verdict.status == "met")
        rows = tuple(_criterion(verdict) for verdict in in_doubt)
    title = f"## Gate to {following}: {gate_words(status)}"
    return Section("criteria", (title, "", *table_head(("", "criterion", "actual", "needed"))), rows, room)


def chart(state: State) -> Section:
    """The outcome's last periods."""
    gauge, calendar = gauges(state.charter)[0], state.charter.calendar
    series = state.series.get(gauge.name, Series())
    if not series.values:
        return Section("chart", (), (), 0)
    explained = state.explained.get(gauge.name, {})
    picture = control_chart(
        series,
        state.limits.get(gauge.name),
        calendar,
        Scale(gauge.unit, gauge.measure, gauge.target),
        marks_of(state.evidence.get(gauge.name), frozenset(explained)),
        width=_CHART,
    )
    causes = (f"- {label(period, calendar)}: {text(cause, CELL)}" for period, cause in explained.items())
    title = f"## {text(gauge.name)}, by {noun(calendar.cadence)}"
    told = views.told_of(state, gauge)
    rows = (text(told, WORDS), "\n".join(("", *code(picture.splitlines()))), *causes)
    return Section("the chart and its explained points", (title, ""), rows, 3000)


def milestones(state: State) -> Section:
    """What the team promised, who answers for it, and how to say that it is done."""
    rows = []
    for name, owner in state.charter.milestones.items():
        reached = state.milestones.get(name)
        if reached is None:
            rows.append(f"- ✗ **{text(name)}**: not yet; {text(owner)} answers for it")
        else:
            note = f": {text(reached.note, CELL)}" if reached.note else ""
            rows.append(f"- ✓ **{text(name)}**: {moment(reached.at)}, said {text(reached.by)}{note}")
    missing = next((name for name in state.charter.milestones if name not in state.milestones), None)
    tail: tuple[str, ...] = ("",)
    if missing is not None and not state.over:
        team, owner = state.charter.team, state.charter.milestones[missing]
        signal = how_to.signal(state.charter, "milestone", {"name": missing, "by": owner})
        lines = code((how_to.bst("milestone", team, missing, "--by", owner), *signal))
        tail = ("", *lines, "", how_to.here(state.charter, "Send a Signal", "milestone"), "")
    return Section("milestones", ("## Milestones", ""), tuple(rows), 1800, tail)


def metrics(state: State, *, support: bool) -> Section:
    """One line for each other metric; those of the support layer apart, because they never decide."""
    title = "## Support layer: shown, never deciding" if support else "## Other metrics of the gates"
    others = (gauge for gauge in gauges(state.charter) if gauge.layer != "outcome")
    chosen = (gauge for gauge in others if (gauge.layer == "support") is support)
    name = "metrics of the support layer" if support else "other metrics"
    return Section(name, (title, ""), tuple(_metric(state, gauge) for gauge in chosen), 1200)


def links(state: State) -> Section:
    """The charter's links, and where to look further in this UI, which fills in the braces."""
    stage = quote(f'BstStage="{state.stage}" AND ExecutionStatus="Running"')
    rows = [link(title, address) for title, address in state.charter.links.items()]
    rows += [
        "[all that happened](/namespaces/{namespace}/workflows/{workflowId})",
        f"[teams in {state.stage}](/namespaces/{{namespace}}/workflows?query={stage})",
        "[teams that need attention](/namespaces/{namespace}/workflows?query="
        + quote('BstAttention is not null AND ExecutionStatus="Running"')
        + ")",
    ]
    return Section("links", ("## Links", ""), tuple(f"- {line}" for line in rows), 1500)


def _criterion(verdict: Verdict) -> str:
    words = (text(part, CELL) for part in (verdict.title, verdict.actual, verdict.needed))
    return row((unbroken(MARKS[verdict.status]), *words))


def _metric(state: State, gauge: Gauge) -> str:
    series, value = state.series.get(gauge.name, Series()), "no value yet"
    # From the end, and not by way of all observations: this page is written many times.
    newest = next((i for i in reversed(range(len(series.values))) if series.values[i] is not None), None)
    if newest is not None:
        period = label(series.first + newest, state.charter.calendar)
        value = f"**{text(_figure(series.values[newest], gauge))}** ({period})"
    evidence, trouble = state.evidence.get(gauge.name), state.trouble.get(gauge.name)
    if evidence is not None and evidence.control is not None:
        low, high = max(evidence.control.lower, lowest(gauge.measure)), evidence.control.upper
        value += f", limits {text(_figure(low, gauge))} to {text(_figure(high, gauge))}"
    if evidence is not None and evidence.left_out:
        value += f", {evidence.left_out:,} cases not counted yet"
    fails = f"; fails: {text(trouble.message, CELL)}" if trouble else ""
    moves = (
        f"; {text(contributed(evidence.contribution, state.charter.cadence), CELL)}"
        if (evidence is not None and evidence.contribution is not None)
        else ""
    )
    return f"- {text(gauge.name)} ({text(gauge.function or gauge.layer)}): {value}{moves}{fails}"


def _figure(value: float | None, gauge: Gauge) -> str:
    return "" if value is None else figure(value, gauge.unit, gauge.measure)
