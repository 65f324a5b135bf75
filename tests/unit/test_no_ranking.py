"""Nothing compares teams with one another, or members: no score, no order by one, no number beside a name."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args, get_origin

import click
import pytest
from pydantic import BaseModel
from temporalio import workflow
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import TypedSearchAttributes

from bst import overview
from bst.cli import COMMANDS, bst
from bst.client import Journeys
from domain import ballot_views, views
from domain import commands as c
from domain.together.views import TogetherView, together
from tests.unit.journeys import MEMBERS, Play, begun
from workflows import search_attributes
from workflows.team_journey import TeamJourney

ROOT = Path(__file__).parents[2]
# Words of a table in which somebody is first and somebody last.
COMPARING = re.compile(
    r"\b(rank|ranks|ranked|ranking|leaderboards?|league|scores?|scored|scoring|scoreboards?|scorecards?|"
    r"top|best|worst|bottom|sort|sorted|order[_-]?by|compare[_-]?teams|percentiles?|benchmarks?|points?[_-]per|"
    r"per[_-]member|per[_-]function)\b"
)
# How often a member has answered a ballot: the client makes the ids of its updates with it, which is what
# makes an answer that is sent twice one answer. It is nowhere shown.
COUNTED_FOR_IDS = {("BallotView", "revisions")}


def commands(group: click.Command, name: str = "bst") -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    if not isinstance(group, click.Group):
        return [(name, group)]
    parts = [(part, group.get_command(context, part)) for part in group.list_commands(context)]
    return [found for part, command in parts if command is not None
            for found in commands(command, f"{name} {part}")]  # fmt: skip


def models(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> set[type[BaseModel]]:
    """Return a model and all models within it."""
    seen = set() if seen is None else seen
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for part in parts_of(field.annotation):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    models(part, seen)
    return seen


def parts_of(annotation: Any) -> list[Any]:
    return [annotation, *(part for inner in get_args(annotation) for part in parts_of(inner))]


ANSWERS = (views.Status, views.Evidence, ballot_views.Ballots, views.Receipt, TogetherView, overview.Row)
READ = sorted({model for answer in ANSWERS for model in models(answer)}, key=lambda model: model.__name__)


@pytest.mark.parametrize(("name", "command"), commands(bst), ids=str)
def test_no_command_ranks(name: str, command: click.Command) -> None:
    said = [name, *(option for parameter in command.params for option in parameter.opts)]
    choices = [value for p in command.params if isinstance(p.type, click.Choice) for value in p.type.choices]
    assert not [word for word in (*said, *map(str, choices)) if COMPARING.search(word.lower())]


def test_neither_the_client_nor_a_message_ranks() -> None:
    found = workflow._Definition.must_from_class(TeamJourney)
    names = [*vars(Journeys), *map(str, (*found.signals, *found.updates, *found.queries)), *COMMANDS]
    assert not [name for name in names if COMPARING.search(name.replace("_", " "))]


@pytest.mark.parametrize("model", READ, ids=lambda model: model.__name__)
def test_nothing_that_is_read_has_a_rank_or_a_number_beside_a_name(model: type[BaseModel]) -> None:
    assert not [name for name in model.model_fields if COMPARING.search(name.replace("_", " "))]
    numbers = {
        (model.__name__, name)
        for name, field in model.model_fields.items()
        for part in parts_of(field.annotation)
        if get_origin(part) is dict
        and get_args(part)[0] is str
        and any(value in {int, float} for value in parts_of(get_args(part)[1]))
    }
    assert numbers <= COUNTED_FOR_IDS


def test_the_search_attributes_know_functions_and_members_by_no_number() -> None:
    assert {
        key.name for key in search_attributes.MEANINGS if search_attributes.type_name(key) == "Double"
    } == {
        "BstOutcome",
        "BstGap",
    }  # of the team's one outcome, in a unit of its own that no other team's number is comparable with
    assert not [text for text in search_attributes.MEANINGS.values() if COMPARING.search(text)]


class Listing:
    """A namespace that lists journeys in an order of its own."""

    async def list_workflows(self, query: str) -> Any:
        assert "ORDER" not in query.upper()
        for place, team in enumerate(("orders", "claims", "returns")):
            yield SimpleNamespace(
                id=f"journey-{team}",
                start_time=datetime(2026, 1, 1 + place, tzinfo=UTC),
                status=WorkflowExecutionStatus.RUNNING,
                typed_search_attributes=TypedSearchAttributes([]),
            )


async def test_journeys_are_listed_by_their_names() -> None:
    listed: Any = Listing()
    assert [row.team for row in await overview.rows(listed)] == ["claims", "orders", "returns"]


def busy() -> Play:
    """A team of which one member does nearly everything."""
    play = begun(drift={"cycle": "13 weeks"}).to("stability")
    for number in range(9):
        play.do(
            c.AddWorkItem(
                by="Ana", title=f"i{number}", defined_by=("Ana", "Ben"), executed_by=("Ben",),
                hypothesis="no second look saves two days",
            )
        )  # fmt: skip
    play.do(c.PostToExchange(by="Ben", need=("quiet",)))
    return play


def test_how_evenly_people_take_part_names_nobody() -> None:
    found = together(busy().state).model_dump(mode="json")
    assert found["evenness"] == 0.9
    shown = {key: value for key, value in found.items() if key in {"evenness", "contributions", "shares"}}
    assert not [member for member in MEMBERS if member in str(shown)]


def test_no_page_promises_a_ranking() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        for line in page.read_text(encoding="utf-8").splitlines():
            if re.search(r"\b(leaderboards?|league tables?|rankings?)\b", line, re.IGNORECASE):
                assert re.search(r"\b(no|not|never|nothing|nobody|neither|without)\b", line, re.IGNORECASE), (
                    f"{page.name}: {line}"
                )
