"""Who plays: three teams with their charters, and the script of what their members will do.

The script says when people answer and what they say. It says nothing about gates: which ballots there will be
depends on the data, and an objection to a ballot that never opens is never raised.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from domain.ballots import ObjectionKind
from domain.charter import Charter, Stage
from domain.errors import BadInput

# The first Monday, at noon: what Monday's midnight brings is there, and the people are at work.
FIRST_DAY: Final = datetime(2013, 1, 7, 12, tzinfo=UTC)
# Until Monday, 30 December; the week after it has two days of 2013.
WEEKS: Final = 51


@dataclass(frozen=True, slots=True)
class Objection:
    """A member objects in the first rounds of ballots on leaving a stage, and consents in later ones."""

    by: str
    stage: Stage
    kind: ObjectionKind
    reason: str
    rounds: int = 1
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Explanation:
    """On a day, a member proposes to take a week (named by its Monday) as explained."""

    on: date
    by: str
    week: date
    cause: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """On a day, the owner says that something is done."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Script:
    """What the people of one team will do; `answers_after` is in days from a ballot's opening."""

    team: str
    answers_after: dict[str, int]
    milestones: tuple[Milestone, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    objections: tuple[Objection, ...] = ()


SCRIPTS: Final = (
    Script(
        team="dl-at-lga",
        answers_after={"Maya": 1, "Omar": 1, "Lena": 2, "Ruth": 2},
        milestones=(
            Milestone(date(2013, 4, 8), "delay codes agreed"),
            Milestone(date(2013, 8, 12), "gate board live"),
        ),
        explanations=(
            Explanation(
                date(2013, 5, 6),
                "Maya",
                date(2013, 4, 22),
                "air traffic controllers were on furlough from 21 to 27 April",
            ),
        ),
        objections=(
            Objection(
                "Omar",
                "optimization",
                "stops_my_work",
                "the de-icing crews start this week, and I cannot staff a trial beside them",
            ),
        ),
    ),
    Script(
        team="ua-at-ewr",
        answers_after={"Hugo": 1, "Priya": 1, "Tom": 2, "Grace": 5},
        milestones=(
            Milestone(date(2013, 5, 13), "one turnaround checklist"),
            Milestone(date(2013, 9, 16), "crew alerts by text"),
        ),
    ),
    Script(
        team="b6-at-jfk",
        answers_after={"Nina": 1, "Sam": 1, "Yusuf": 2, "Elif": 2},
        milestones=(
            Milestone(date(2013, 5, 27), "standby crew on every shift"),
            Milestone(date(2013, 10, 7), "rebooking desk online"),
        ),
        objections=(
            Objection(
                "Elif",
                "stability",
                "harms_outcome",
                "nothing should change for passengers in the holiday weeks",
                since=date(2013, 12, 1),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Team:
    """One team of the play."""

    charter: Charter
    script: Script

    @property
    def name(self) -> str:
        """The team's name."""
        return self.charter.team


def teams() -> tuple[Team, ...]:
    """Return the three teams, their charters checked as on the play's first day.

    Raises:
        CharterRefused: somebody changed a charter, and it does not pass its lint any more.
        BadInput: a charter is missing, or the script has somebody or something that is not in it.
    """
    from bst.charter_file import load

    folder = _charters()
    return tuple(
        _fitting(Team(load(folder / f"{script.team}.yaml", today=FIRST_DAY.date()).charter, script), folder)
        for script in SCRIPTS
    )


def _charters() -> Path:
    """The folder of the charters: in the installed package, or in the repository that this runs from."""
    packed = Path(__file__).with_name("charters")
    return packed if packed.is_dir() else Path(__file__).parents[2] / "examples" / "flights"


def _fitting(team: Team, folder: Path) -> Team:
    """Refuse a charter, perhaps changed by hand, that the script does not fit."""
    script, charter = team.script, team.charter
    people = {*script.answers_after, *(o.by for o in script.objections), *(e.by for e in script.explanations)}
    wrong = [
        *(f"`{name}` is no member" for name in sorted(people - charter.members.keys())),
        *(f"`{name}` answers no ballot" for name in charter.members if name not in script.answers_after),
        *(f"`{m.name}` is no milestone" for m in script.milestones if m.name not in charter.milestones),
        *([f"the team is called `{charter.team}`"] if charter.team != script.team else []),
    ]
    if wrong:
        raise BadInput(
            f"{folder / script.team}.yaml does not fit the demo's script: {'; '.join(wrong)}. "
            "Change it back, or play your own charter with `bst up` and `bst start`."
        )
    return team
