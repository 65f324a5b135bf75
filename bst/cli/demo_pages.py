"""What `bst demo` prints: who plays and what they will do, what happens, where it ends."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from bst.cli.printing import text
from bst.demo.cast import FIRST_DAY, WEEKS, Team
from bst.demo.ending import holding, newest
from bst.turning_points import Line
from domain.views import Status
from domain.wording import counted, figure

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

# What stands out on a terminal, by the kind of event; what went wrong for a team is red whatever its kind.
_STYLES: Final = {
    "measured": "yellow",
    "ballot_opened": "cyan",
    "ballot_closed": "cyan",
    "objection_raised": "yellow",
    "stage_entered": "bold green",
    "regression_feared": "red",
    "regression_averted": "green",
    "not_allowed": "red",
}
NEXT: Final = (
    "What next: `bst demo --keep` leaves the server up, with the three journeys in its UI. "
    "The charters are in examples/flights. "
    "A team of your own: `bst check charter.yaml`, `bst up`, `bst start charter.yaml`."
)


def header(teams: Sequence[Team]) -> Iterator["RenderableType"]:
    """Yield what is played, and the script of the people."""
    last = FIRST_DAY + timedelta(weeks=WEEKS)
    yield text(f"{FIRST_DAY:%d %B %Y} to {last:%d %B %Y}, week by week, for {len(teams)} teams.", "bold")
    yield text(
        "Real flights out of New York, a real Temporal server, the same rules as ever: a team's journey goes "
        "as its data allows. People are scripted; the gates are not.\n"
    )
    outcome = teams[0].charter.outcome
    target, promise = (
        "none" if number is None else figure(number, outcome.unit, outcome.measure)
        for number in (outcome.target, outcome.promise)
    )
    yield text(f"Outcome: {outcome.metric}. Target {target}, promise for every week {promise}.\n")
    yield text("The script", "bold")
    yield _rows((team.name, sentence, "") for team in teams for sentence in script(team))
    yield text("\nWhat happens", "bold")


def script(team: Team) -> Iterator[str]:
    """Yield what the people of a team will do, in sentences."""
    written, members = team.script, team.charter.members
    answers = [
        f"{member} ({function}) after {counted(written.answers_after[member], 'daily')}"
        for member, function in members.items()
    ]
    yield f"answers ballots: {', '.join(answers)}"
    for milestone in written.milestones:
        owner = team.charter.milestones[milestone.name]
        yield f"{milestone.on}: {owner} says that the milestone is reached: {milestone.name}"
    for planned in written.explanations:
        yield (
            f"{planned.on}: {planned.by} proposes to take the week of {planned.week} as explained: "
            f"{planned.cause}"
        )
    for objection in written.objections:
        rounds = "the first round" if objection.rounds == 1 else f"the first {objection.rounds} rounds"
        since = f" from {objection.since} on" if objection.since > date.min else ""
        yield (
            f"in {rounds} on leaving {objection.stage}{since}, {objection.by} objects "
            f"({objection.kind.replace('_', ' ')}): {objection.reason}; later consents"
        )
    yield "everybody else consents, always"


def happened(lines: Iterable[Line]) -> "Table":
    """Return a row for each thing that happened."""
    return _rows((f"{line.at:%Y-%m-%d}  {line.team}", line.sentence, _style(line)) for line in lines)


def ending(statuses: Sequence[Status]) -> Iterator["RenderableType"]:
    """Yield where the teams stand, and what holds them there."""
    from rich.table import Table

    yield text("\nWhere the teams stand, and why", "bold")
    rows = Table(box=None, padding=(0, 2, 1, 0), show_header=False, pad_edge=False)
    rows.add_column("team", no_wrap=True)
    rows.add_column("stage", ratio=3)
    rows.add_column("why", ratio=8)
    for status in statuses:
        why = [f"- {sentence}" for sentence in holding(status)] or ["- nothing"]
        rows.add_row(
            text(status.team, "bold"),
            text(f"{status.stage} since {status.entered_at:%Y-%m-%d}\n{newest(status)}"),
            text("\n".join(["its gate is held by:", *why] if status.next_at else [status.ended])),
        )
    yield rows


def document(lines: Iterable[Line], statuses: Iterable[Status]) -> dict[str, Any]:
    """Return the whole play for machines: the events in order, and each team's last status."""
    return {
        "from": FIRST_DAY.isoformat(),
        "weeks": WEEKS,
        "events": [
            {"at": line.at.isoformat(), "team": line.team, "kind": line.kind, "sentence": line.sentence}
            for line in lines
        ],
        "teams": [{"team": status.team, "status": status.model_dump(mode="json")} for status in statuses],
    }


def _style(line: Line) -> str:
    went_back = line.kind == "stage_entered" and " went back to " in line.sentence
    return "bold red" if went_back else _STYLES.get(line.kind, "")


def _rows(rows: Iterable[tuple[str, str, str]]) -> "Table":
    """Return rows of a first column that repeats nothing, and sentences that wrap beside it."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    before = ""
    for first, sentence, style in rows:
        grid.add_row(text(first if first != before else ""), text(sentence, style))
        before = first
    return grid
