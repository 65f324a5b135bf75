"""People take part by the command: each test is a team of its own on a real server with a real worker."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bst.client import Journeys
from domain.ballot_views import Ballots
from domain.views import Receipt, Status
from tests.cli.place import CALM, MEMBERS, Place, outcome


def test_a_journey_starts_with_its_first_verdict(place: Place) -> None:
    team, path = place.charter()

    ran = place.bst("start", str(path))
    again = place.bst("start", str(path))

    assert ran.code == 0
    assert f"/namespaces/default/workflows/journey-{team}" in ran.out
    assert "The gate of forming is shut: 1 of 2 met" in ran.out
    assert f"{CALM[59 % len(CALM)]:g} days" in ran.out  # measured already
    assert f"bst confirm {team} --by NAME" in ran.out
    assert (again.code, again.out) == (2, "")
    assert f"The journey of {team} has started already" in again.err


def test_start_tells_programs_everything(place: Place) -> None:
    team, path = place.charter(outcome=outcome(source={"kind": "files", "path": "missing.csv"}))

    ran = place.bst("start", "-", "--json", given=path.read_text())

    assert ran.code == 0
    assert ran.json["workflow_id"] == f"journey-{team}"
    assert ran.json["ui"].startswith("http://127.0.0.1:")
    status = Status.model_validate(ran.json["status"])
    assert status.stage == "forming"
    assert "missing.csv" in status.notes[0]  # a first failure is told at once


def test_from_forming_to_optimization_by_consent(place: Place) -> None:
    team = place.started()
    confirmed = [place.bst("confirm", team, "--by", member.lower()) for member in MEMBERS]
    for member, ran in zip(MEMBERS, confirmed, strict=True):
        assert (ran.code, f"{member} confirmed version 1 of the outcome" in ran.out) == (0, True)
    assert f"{team} entered stability" in confirmed[-1].out
    assert place.bst("confirm", team, "--by", "Ana").out == "Nothing changed: this was recorded before.\n"
    place.bst("status", team)  # the first measurement is taken meanwhile

    ballots = place.ask(lambda journeys: journeys.ballot(team))
    digest = ballots.open[0].digest
    stale = place.bst("consent", team, "--by", "Ana", "--digest", "0" * 12)
    first = place.bst("consent", team, "--by", "Ana", "--digest", digest[:12])
    noted = place.bst("consent", team, "--note", "at last", BST_MEMBER="Ben")
    open_page = place.bst("status", team)
    last = place.bst("consent", team, "--by", "Chloe", "--json")
    late = place.bst("consent", team, "--by", "Chloe")

    assert (stale.code, stale.out) == (2, "")
    assert "look at it again" in stale.err
    assert first.out == "Ana consented on b1\n"
    assert noted.out == "Ben consented on b1: at last\n"
    assert "answered: Ana and Ben; not yet: Chloe" in open_page.out
    assert f"bst consent {team} --by Chloe" in open_page.out
    assert Receipt.model_validate(last.json).stage == "optimization"
    assert any("entered optimization" in sentence for sentence in last.json["said"])
    assert late.code == 2
    assert "No ballot is open. The last one, b1, closed" in late.err


def test_an_objection_keeps_the_gate_shut_and_stays_sealed(place: Place) -> None:
    team = place.stable()
    reason = "June was counted twice"
    objected = place.bst("object", team, "--by", "Ben", "--kind", "harms_outcome", "--reason", reason)
    sealed = place.bst("status", team, "--json")
    closed = [place.bst("consent", team, "--by", member) for member in ("Ana", "Chloe")][-1]

    assert objected.code == 0
    assert objected.out.startswith("Ben objected on b1")
    assert reason not in sealed.out
    assert "ballot b1 closed, objected" in closed.out
    last = place.ask(lambda journeys: journeys.ballot(team)).last
    assert last is not None
    assert last.answers is not None
    assert last.answers["Ben"].words == reason
    assert place.bst("status", team, "--json").json["stage"] == "stability"


def test_hold_and_resume(place: Place) -> None:
    team = place.stable()
    hold = ("hold", team, "--by", "Ana", "--reason", "wrong data")
    assert place.bst(*hold).out.startswith("Ana holds the journey: wrong data\n")
    twice = place.bst(*hold)
    assert (twice.code, "Ana holds the journey already" in twice.err) == (2, True)
    page = place.bst("status", team, "--gate")
    assert page.code == 1
    assert f"bst resume {team} --by NAME" in page.out
    assert place.bst("resume", team, "--by", "Ben").out.startswith("Ben resumed the journey")


def test_gate_for_scripts(place: Place) -> None:
    assert place.bst("status", place.started(), "--gate").code == 1
    stable = place.stable()
    assert place.bst("status", stable, "--gate").code == 0
    assert place.bst("status", stable, "--gate", "--json").json["gate_open"] is True


def test_milestones_are_reached_once_and_checked_at_once(place: Place) -> None:
    team = place.started(milestones={"runbook": "Ben", "first pilot": "Ana"})
    reached = place.bst("milestone", team, "RUNBOOK", "--by", "Ben", "--note", "in the wiki")
    assert (reached.code, reached.out) == (0, "milestone runbook reached\n")
    assert place.bst("milestone", team, "runbook", "--by", "Ana").out.startswith("Nothing changed")
    unknown = place.bst("milestone", team, "runbok", "--by", "Ben")
    assert unknown.code == 2
    assert "did you mean `runbook`?" in unknown.err
    stranger = place.bst("milestone", team, "first pilot", "--by", "Zoe")
    assert stranger.code == 2
    assert "'Zoe' is not a member" in stranger.err
    assert place.bst("status", team, "--json").json["milestones"] == {"runbook": True, "first pilot": False}


def test_a_signal_is_explained_by_consent(place: Place) -> None:
    monday = next(
        line.split(",")[0] for line in (place.folder / "spike.csv").read_text().splitlines() if "19.5" in line
    )
    team = place.stable(outcome=outcome(source={"kind": "files", "path": "spike.csv"}))
    page = place.bst("status", team)
    assert f'bst explain {team} DATE --by NAME --cause "..."' in page.out
    assert monday in page.out

    explained = place.bst("explain", team, monday, "--by", "Ana", "--cause", "the storm")
    assert explained.code == 0
    assert f"take days to payment of {monday} as explained: the storm" in explained.out
    done = [place.bst("consent", team, "--by", member) for member in ("Ben", "Chloe")][-1]
    assert f"days to payment of {monday} is explained: the storm" in done.out


def test_amending_while_forming_asks_everybody_anew(place: Place) -> None:
    team = place.started()
    assert place.bst("confirm", team, "--by", "Ana").code == 0
    path = place.folder / f"{team}.yaml"
    parts = json.loads(path.read_text())
    parts["members"]["Dora"] = "IT"
    path.write_text(json.dumps(parts))

    amended = place.bst("amend", team, str(path), "--by", "Ana", "--reason", "Dora joins us")
    same = place.bst("amend", team, str(path), "--by", "Ana", "--reason", "Dora joins us")

    assert amended.code == 0
    assert "the charter was amended, outcome version 2: Dora joins us" in amended.out
    assert place.bst("confirm", team, "--by", "Dora").out.startswith("Dora confirmed version 2")
    assert (same.code, "nothing to amend" in same.err) == (2, True)


def test_an_ended_journey_says_so_to_everybody(place: Place) -> None:
    team = place.started(milestones={"runbook": "Ben"})
    words = ("--reason", "the product ends", "--lesson", "agree on the data first")
    ended = place.bst("dissolve", team, "--by", "Ana", *words)
    assert ended.code == 0
    assert "the team was dissolved: the product ends; learned: agree on the data first" in ended.out

    page = place.bst("status", team)
    assert "Ended: the product ends" in page.out
    assert f"bst events {team}" in page.out
    for command in (
        ("hold", team, "--by", "Ana", "--reason", "x"),
        ("milestone", team, "runbook", "--by", "Ben"),
        ("confirm", team, "--by", "Ben"),
        ("dissolve", team, "--by", "Ana", *words),
    ):
        refused = place.bst(*command, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (2, "journey_over"), command
    row = next(row for row in place.bst("list", "--json").json if row["team"] == team)
    assert (row["stage"], row["execution"]) == ("dissolved", "completed")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["status", "no-such-team"], "not_found", "No journey is called 'no-such-team'"),
        (["watch", "no-such-team"], "not_found", "No journey is called"),
        (["events", "no-such-team"], "not_found", "no events of 'no-such-team'"),
        (["hold", "no-such-team", "--by", "Ana", "--reason", "x"], "not_found", "No journey is called"),
        (["hold", "TEAM", "--by", "Zoe", "--reason", "x"], "not_a_member", "Ana, Ben and Chloe"),
        (["hold", "TEAM", "--by", "Ana", "--reason", ""], "not_understood", "reason"),
        (["hold", "TEAM", "--by", "Ana", "--reason", "x" * 501], "not_understood", "500"),
        (["confirm", "TEAM", "--by", "Zoe"], "not_a_member", "Ana, Ben and Chloe"),
        (
            ["confirm", "TEAM", "--by", "Ana", "--version", "7"],
            "stale_evidence",
            "version 1 is the present one",
        ),
        (["consent", "TEAM", "--by", "Zoe"], "not_a_member", "Ana, Ben and Chloe"),
        (["consent", "TEAM", "--by", "Ana", "--ballot", "b9"], "no_such_ballot", "open is b1"),
        (["consent", "TEAM", "--by", "Ana", "--digest", "123456"], "stale_evidence", "about"),
        (
            ["object", "TEAM", "--by", "Ana", "--kind", "irreversible", "--reason", " "],
            "not_understood",
            "reason",
        ),
        (["explain", "TEAM", "2013-13-44", "--by", "Ana", "--cause", "x"], "not_understood", "is no date"),
        (["explain", "TEAM", "1999-01-04", "--by", "Ana", "--cause", "x"], "not_understood", "no signal"),
        (
            ["explain", "TEAM", "1999-01-04", "--by", "Ana", "--cause", "x", "--metric", "y"],
            "not_understood",
            "no metric 'y'",
        ),
        (["hold", "TEAM", "--by", "Ana", "--reason", "red \x1b[31m"], "not_understood", "control"),
        (["resume", "TEAM", "--by", "Ana"], "wrong_stage", "nothing to resume"),
        (["milestone", "TEAM", "runbook", "--by", "Ana"], "not_understood", "The charter has none"),
    ],
)
def test_refusals_change_nothing(
    place: Place, steady: str, arguments: list[str], code: str, said: str
) -> None:
    before = place.ask(lambda journeys: _seen(journeys, steady))
    ran = place.bst(*[steady if word == "TEAM" else word for word in arguments], "--json")

    assert (ran.code, ran.err) == (2, "")
    assert ran.json["error"]["code"] == code
    assert said in ran.json["error"]["message"]
    assert place.ask(lambda journeys: _seen(journeys, steady)) == before


@pytest.fixture(scope="module")
def steady(place: Place) -> str:
    """A team with an open ballot that the refusals of this module leave as it is."""
    return place.stable()


async def _seen(journeys: Journeys, team: str) -> tuple[Status, Ballots]:
    return await journeys.status(team), await journeys.ballot(team)


def test_what_only_people_can_count_is_recorded_and_corrected(place: Place) -> None:
    team = place.started(outcome=outcome(source={"kind": "manual"}))
    monday = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday() + 7)
    told = ("record", team, "days to payment", "--period", str(monday), "--by")

    asked = place.bst("status", team)
    first = place.bst(*told, "Ana", "--value", "12", "--note", "by hand")
    again = place.bst(*told, "ben", "--value", "12.5")
    next_monday = monday + timedelta(days=7)
    early = place.bst("record", team, "--period", str(next_monday), "--by", "Ben", "--value", "9")
    wrong = place.bst(*told, "Ben", "--value", "twelve")
    share = place.bst(*told, "Ben", "--value", "3/4")

    assert f"bst record {team} 'days to payment' --period {monday} --by NAME --value NUMBER" in asked.out
    assert first.out == f"Ana recorded days to payment of {monday}, 12 days: by hand\n"
    assert again.out == f"Ben recorded days to payment of {monday}, 12.5 days instead of 12 days\n"
    assert (early.code, early.out, "is not over" in early.err) == (2, "", True)
    assert (wrong.code, "'twelve' is no number: write 14 or 4.5" in wrong.err) == (2, True)
    assert (share.code, "is no share" in share.err) == (2, True)
    shown = place.bst("events", team)
    assert "Ben recorded days to payment" in " ".join(shown.out.split())
    assert "12.5 days" in place.bst("status", team).out
