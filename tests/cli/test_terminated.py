"""A journey that an operator ended in Temporal: what the commands say of it, and the way on."""

from bst.client import Journeys
from tests.cli.place import Place
from workflows.messages import journey_id


def test_a_terminated_journey_is_called_so_and_the_way_on_is_named(place: Place) -> None:
    team, path = place.charter()

    async def cut(journeys: Journeys) -> None:
        await journeys.start(path)
        await journeys.status(team)
        await journeys.client.get_workflow_handle(journey_id(team)).terminate()

    place.ask(cut)
    said = f"The journey of {team} was terminated in Temporal, not by its team: it does not go on."
    assert f"Ended: {said}" in " ".join(place.bst("status", team).out.split())
    for again in (place.bst("start", str(path)), place.bst("hold", team, "--by", "Ana", "--reason", "x")):
        assert again.code != 0
        assert f"{said} To go on, start a charter with another `team` name" in " ".join(again.err.split())
