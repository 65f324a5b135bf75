"""Pulses by the command, and the page as a program: a real server, a real worker, a real answers database."""

import json
import re
import signal
import subprocess

import httpx
import pytest

from bst.cli.pulse_results import result_lines
from domain.commands import OpenPulse
from domain.pulses.bands import PulseResult
from domain.pulses.questions import newest
from domain.pulses.views import ClosedPulseView, pulse
from tests.cli.place import BST, MEMBERS, Place
from tests.unit.pulses import ITEMS
from tests.unit.test_pulses import HIGH, asked, closed

GOOD = ",".join(str(item.oriented(5)) for item in newest())


def test_a_team_asks_itself_and_sees_nothing_before_the_close(place: Place) -> None:
    team = place.started(pulse={"k": 3})

    async def form_and_ask(journeys: object) -> None:
        for member in MEMBERS:
            await journeys.confirm(team, by=member)  # type: ignore[attr-defined]

    place.ask(form_and_ask)
    opened = place.bst("pulse", "open", team, "--by", "Ana")
    assert (opened.code, "3 members are asked until" in opened.out) == (0, True)
    place.ask(lambda journeys: _taking(journeys, team))

    drawn = place.bst("pulse", "draw", team, "--by", "Ana", "--json")
    code = drawn.json["code"]
    answered = place.bst("pulse", "answer", team, "--answers", GOOD, given=code)
    assert (answered.code, answered.out) == (0, "Counted. Your code is used up. Thank you.\n")
    assert "an administrator who watches the database" in answered.err
    assert place.bst("pulse", "status", team).out.endswith(
        ": 1 of 3 answered.\nNothing is shown before it closes, and nothing below 3 answers.\n"
    )
    results = place.bst("pulse", "results", team)
    assert (results.code, results.out) == (1, "")
    assert "nothing is shown before one does" in results.err
    _the_page_takes_answers(place, team)


async def _taking(journeys: object, team: str) -> None:
    async for status in journeys.watch(team):  # type: ignore[attr-defined]
        if status.pulse.open is not None and status.pulse.open.ready:
            return


def _the_page_takes_answers(place: Place, team: str) -> None:
    page = subprocess.Popen(
        [BST, "serve", "--port", "0", "--json"],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert page.stdout is not None
        address = json.loads(page.stdout.readline())["address"]
        drawn = httpx.post(f"{address}/{team}/code", data={"name": "Ben"})
        found = re.search(r'class="code">([^<]+)', drawn.text)
        assert found
        given = dict(zip(ITEMS, GOOD.split(","), strict=True)) | {"code": found[1]}
        assert "Your answers are counted" in httpx.post(f"{address}/{team}", data=given).text
    finally:
        page.send_signal(signal.SIGINT)
        out, err = page.communicate(timeout=30)
    assert (page.returncode, out, err) == (0, "", "")  # no line about a request


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("answer", "nobody", "--answers", "1"), "x", "no pulse has opened"),
        (("draw", "nobody", "--by", "Ana"), "", "No pulse of 'nobody' is open"),
    ],
    ids=["answer", "draw"],
)
def test_where_nothing_is_asked_it_is_said(
    nowhere: Place, arguments: tuple[str, ...], given: str, says: str
) -> None:
    ran = nowhere.bst("pulse", *arguments, given=given)
    assert (ran.code, says in ran.err) == (2, True)


def shown(result: PulseResult | None, lost: str = "") -> str:
    play = closed(asked(), result, lost)
    view = pulse(play.state)
    assert view is not None
    assert isinstance(view.closed, ClosedPulseView)
    return "\n".join(result_lines(view.closed))


def test_results_are_bands_with_the_statements_that_were_asked() -> None:
    text = shown(HIGH)
    assert "equality: high\n" in text
    assert [item for item in newest() if item.text not in text] == []
    assert text.count("(counted the other way round)") == sum(item.reversed for item in newest())
    assert "No trend" in text


def test_too_few_and_lost_answers_are_said() -> None:
    assert "Not enough answers: they were destroyed" in shown(PulseResult(answered=2))
    assert "No result: the disk burnt." in shown(None, "the disk burnt")


def test_opening_takes_nothing_but_a_name() -> None:
    assert set(OpenPulse.model_fields) == {"kind", "by", "signature"}
