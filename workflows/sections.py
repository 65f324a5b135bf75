"""The sections of a journey's page, each from `domain.views`: what anybody may see, with ballots sealed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from domain import views
from domain.ballots import reminders_at
from domain.chart import lowest, metric_chart
from domain.gates import NEXT
from domain.periods import Cadence, label, last_closed, noun
from domain.schedule import next_measure_at, next_timer_at, settle_time
from domain.state import State
from domain.verdicts import Status, Verdict
from domain.wording import figure, moment, named
from workflows import how_to
from workflows.markdown import code, link, row, table_head, text, unbroken

# Words beside the marks, because a mark alone is a colour by another name.
MARKS: Final[dict[Status, str]] = {
    "met": "✓ met",
    "not_met": "✗ not met",
    "undecided": "… undecided",
    "error": "! error",
}
# Characters of one cell: two lines on a screen; the whole text is in the event.
_CELL: Final = 200
# Columns of the chart: with its labels it fits beside the summary on a screen 1,440 pixels wide.
_CHART: Final = 59
# Characters of a digest, as `bst status` shows them: enough to tell two apart.
_DIGEST: Final = 12
# Characters of a reason, a note or an error's message.
_WORDS: Final = 300


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


def timer_words(state: State) -> str:
    """Return what the journey does next by itself: a period, or what a ballot or a grace period has due."""
    if state.measured_at is None or state.measures_served < state.measures_wanted:
        return "a measurement, now"
    measure, timer = next_measure_at(state), next_timer_at(state)
    if timer is not None and timer < measure:
        return _due(state, timer)
    if state.trouble:
        return f"another try of {named(state.trouble)} on {moment(measure)}"
    cadence = state.charter.cadence
    period = last_closed(measure, cadence, settle_time(state.charter))
    return f"{noun(cadence)} of {label(period, cadence)} on {moment(measure)}"


def gate_words(status: views.Status) -> str:
    """Return how the gate stands: `shut, 4 of 6 met`."""
    met = sum(verdict.status == "met" for verdict in status.verdicts)
    if not status.verdicts:
        return "not judged yet"
    return f"{'open' if status.gate_open else 'shut'}, {met} of {len(status.verdicts)} met"


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
        rows.append(("next", text(timer_words(state))))
    if state.ending is not None:
        rows += [("ended because", text(state.ending.reason)), ("learned", text(state.ending.lesson))]
    return Section("the outcome", head, tuple(row(pair) for pair in rows if pair[1]), 6000)


def attention(status: views.Status) -> Section:
    """What somebody has to look at."""
    return Section(
        "notes",
        ("## Needs attention", ""),
        tuple(f"- {text(note, _WORDS)}" for note in status.notes),
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
            *how_to.update(status.team, "confirm", {"by": missing[0], "version": state.outcome_version}),
        )
    )
    title, here = "## The outcome waits for its team", how_to.here("Send an Update", "confirm")
    who = f"Still to confirm version {state.outcome_version}: **{text(named(missing), _WORDS)}**."
    return Section("confirmations", (title, ""), ("\n".join((who, "", *lines, "", here)),), 1500)


def ballots(state: State) -> Section:
    """What is asked, by when, who has yet to answer, and how; never what a sealed answer says."""
    return Section(
        "ballots", (), tuple("\n".join(_ballot(state, ballot)) for ballot in views.ballots(state).open), 2200
    )


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


def chart(metric: views.MetricView, cadence: Cadence) -> Section:
    """The outcome's last periods."""
    if not metric.series.values:
        return Section("chart", (), (), 0)
    title = f"## {text(metric.name)}, by {noun(cadence)}"
    lines = code(metric_chart(metric, cadence, width=_CHART).splitlines())
    causes = tuple(f"- {period}: {text(cause, _CELL)}" for period, cause in metric.explained.items())
    return Section("the chart and its explained points", (title, ""), ("\n".join(lines), *causes), 3000)


def milestones(state: State) -> Section:
    """What the team promised, who answers for it, and how to say that it is done."""
    rows = []
    for name, owner in state.charter.milestones.items():
        reached = state.milestones.get(name)
        if reached is None:
            rows.append(f"- ✗ **{text(name)}**: not yet; {text(owner)} answers for it")
        else:
            note = f": {text(reached.note, _CELL)}" if reached.note else ""
            rows.append(f"- ✓ **{text(name)}**: {moment(reached.at)}, said {text(reached.by)}{note}")
    missing = next((name for name in state.charter.milestones if name not in state.milestones), None)
    tail: tuple[str, ...] = ("",)
    if missing is not None and not state.over:
        team, owner = state.charter.team, state.charter.milestones[missing]
        signal = how_to.signal(team, "milestone", {"name": missing, "by": owner})
        lines = code((how_to.bst("milestone", team, missing, "--by", owner), *signal))
        tail = ("", *lines, "", how_to.here("Send a Signal", "milestone"), "")
    return Section("milestones", ("## Milestones", ""), tuple(rows), 1800, tail)


def metrics(found: tuple[views.MetricView, ...], *, support: bool) -> Section:
    """One line for each other metric; those of the support layer apart, because they never decide."""
    title = "## Support layer: shown, never deciding" if support else "## Other metrics of the gates"
    chosen = (m for m in found if m.layer != "outcome" and (m.layer == "support") is support)
    name = "metrics of the support layer" if support else "other metrics"
    return Section(name, (title, ""), tuple(_metric(metric) for metric in chosen), 1200)


def last_ballot(state: State) -> Section:
    """The newest closed ballot with its answers, which are sealed no longer."""
    closed = views.ballots(state).last
    if closed is None or closed.outcome is None:
        return Section("answers of the last ballot", (), (), 0)
    head = (
        f"## Last ballot {text(closed.id)}: {closed.outcome.replace('_', ' ')}",
        "",
        f"To {text(closed.proposal, _WORDS)}. {text(closed.reason, _WORDS)}",
        "",
    )
    answers = closed.answers or {}
    rows = [
        f"- {text(who)}: {(answer.objection or answer.choice).replace('_', ' ')}"
        + (f", {text(answer.words, _CELL)}" if answer.words else "")
        for who, answer in answers.items()
    ]
    rows += [f"- {text(who)}: no answer" for who in closed.waiting_for]
    return Section("answers of the last ballot", head, tuple(rows), 1500)


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


def _due(state: State, timer: datetime) -> str:
    for ballot in state.ballots:
        if timer == ballot.closes_at:
            return f"ballot {ballot.id} closes on {moment(timer)}"
        if timer in reminders_at(ballot)[ballot.reminders :]:
            return f"reminder of ballot {ballot.id} on {moment(timer)}"
    return f"grace period ends on {moment(timer)}"


def _ballot(state: State, ballot: views.BallotView) -> Iterator[str]:
    team, waiting = state.charter.team, ballot.waiting_for
    people = named(f"{member} ({state.charter.members.get(member, 'left the team')})" for member in waiting)
    total = len(ballot.answered) + len(waiting)
    yield f"## Ballot {text(ballot.id)}, open until {moment(ballot.closes_at)}"
    yield ""
    yield f"**To {text(ballot.proposal, _WORDS)}?**"
    yield ""
    yield (
        f"Round {ballot.round}; {len(ballot.answered)} of {total} have answered, sealed until all have or it "
        f"closes. Still to answer: **{text(people, _WORDS)}**. Evidence: `{ballot.digest[:_DIGEST]}`."
    )
    yield ""
    someone = waiting[0] if waiting else ballot.answered[0]
    yield from code(
        (
            how_to.bst("consent", team, "--by", someone, "--ballot", ballot.id),
            how_to.bst("object", team, "--by", someone, "--ballot", ballot.id) + " \\",
            "    --kind harms_outcome --reason 'what would go wrong'",
            *how_to.update(team, "consent", {"by": someone, "ballot": ballot.id}),
        )
    )
    yield ""
    yield how_to.here("Send an Update", "consent")
    yield ""


def _criterion(verdict: Verdict) -> str:
    words = (text(part, _CELL) for part in (verdict.title, verdict.actual, verdict.needed))
    return row((unbroken(MARKS[verdict.status]), *words))


def _metric(metric: views.MetricView) -> str:
    seen = metric.series.observations()
    if seen:
        period = metric.periods[seen[-1].period - metric.series.first]
        value = f"**{text(figure(seen[-1].value, metric.unit, metric.measure))}** ({period})"
    else:
        value = "no value yet"
    control = None if metric.evidence is None else metric.evidence.control
    if control is not None:
        shown = (max(control.lower, lowest(metric.measure)), control.upper)
        low, high = (figure(edge, metric.unit, metric.measure) for edge in shown)
        value += f", limits {text(low)} to {text(high)}"
    whose = metric.function or metric.layer
    trouble = f"; fails: {text(metric.trouble, _CELL)}" if metric.trouble else ""
    return f"- {text(metric.name)} ({text(whose)}): {value}{trouble}"
