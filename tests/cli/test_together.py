"""A team works together by the command: exchange, work, promises, whose turn it is."""

from bst.client import Journeys
from domain import commands as c
from tests.cli.place import MEMBERS, Place


def test_how_a_team_works_together(place: Place) -> None:
    team = place.started(forming={"exchange": True}, drift={"cycle": "13 weeks", "window": 5})
    said = ("--need", "one person to ask", "--limitation", "no nights", "--capability", "letters")
    posted = place.bst("exchange", "post", team, "--by", "ben", *said)
    assert posted.out == (
        "Ben posted for IT: need: one person to ask; limitation: no nights; capability: letters\n"
    )

    async def others(journeys: Journeys) -> None:
        all_three = {"need": ("a",), "limitation": ("b",), "capability": ("c",)}
        for member in MEMBERS:
            await journeys.confirm(team, by=member)
            if member != "Ben":
                await journeys.send(team, c.PostToExchange(by=member, **all_three))
        for member in ("Ana", "Ben"):
            await journeys.send(team, c.AcknowledgePosts(by=member))
        people = {"defined_by": ("Ana", "Chloe"), "executed_by": ("Ben",)}
        for number in range(4):
            words = "no second look saves two days"
            await journeys.send(
                team, c.AddWorkItem(by="Ana", title=f"form {number}", hypothesis=words, **people)
            )

    place.ask(others)
    last = place.bst("exchange", "acknowledge", team, "--by", "Chloe")
    assert f"{team} entered stability" in last.out

    added = place.bst(
        "work", "add", team, "form 5", "--by", "Ana", "--defined-by", "Ana, Chloe", "--executed-by", "Ben",
        "--hypothesis", "no second look saves two days",
    )  # fmt: skip
    assert "flag taking orders, IT may be taking orders: 5 of the 5 newest" in added.out
    place.bst("commit", "add", team, "ask legal", "--by", "Ana", "--due", "2098-01-01")
    assert place.bst("commit", "done", team, BST_MEMBER="ana").out.startswith("commitment c1 of Ana")
    assert place.bst("facilitate", "next", team, "--by", "Ben").out == "Ana facilitates now\n"

    page = place.bst("together", team).out
    assert f'bst retrospective {team} taking_orders --by NAME --reason "..."' in page
    assert "Ana facilitates; offered a turn in this round: Ana" in page
    assert "Unevenness of the newest" in page
    assert "c1   Ana: ask legal, by 2098-01-01 (done)" in page
