"""The page of a report: whole in itself, the same each time, without a person by an outcome, safe to open."""

import base64
import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bst.report.alone import chart_alone
from bst.report.data import COLUMNS, as_csv, as_json
from bst.report.history import History, history
from bst.report.page import page
from bst.report.text import clean
from domain import commands as c
from domain import events as e
from domain.charter import Stages
from domain.measurement import MeasureResult, MetricResult, Observation
from domain.views import status
from tests.reported import DAYS, PEOPLE, RATE, Journal, begun, claims, claims_rows
from tests.unit.journeys import START, control, evidence
from tests.unit.journeys import begun as play_begun
from tests.unit.test_report_history import rows_of

# Bytes: a report is mailed.
MEGABYTE = 1_000_000
EVIL = '</style><script>alert(1)</script><img src=x onerror="alert(2)">&\'"]]><!--{{ 7*7 }}'
# What turns or hides text: commands and charters refuse it, and a journal of another program may have it.
UNSEEN = f"{EVIL}\u202e\x00"


@pytest.fixture(scope="module")
def found() -> History:
    return history("claims", claims_rows())


@pytest.fixture(scope="module")
def html(found: History) -> str:
    return page(found)


class Elements(HTMLParser):
    """Every element and attribute of a page, and the text of each section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._in = "head"
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag in {"section", "header", "footer", "nav"}:
            self._in = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.texts[self._in] = self.texts.get(self._in, "") + data

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def test_the_same_journal_gives_the_same_page(html: str) -> None:
    assert page(history("claims", claims_rows())) == html


def test_what_was_due_before_now_is_not_said_to_be_due(found: History) -> None:
    due = status(found.state).next_at
    assert due is not None
    assert "measurement or deadline is due on" in page(found, due - timedelta(hours=1))
    assert "measurement or deadline was due on" in page(found, due + timedelta(hours=1))


def test_it_needs_nothing_but_itself(html: str) -> None:
    elements = Elements(html)
    assert not {tag for tag, _ in elements.found} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
    }
    assert not [
        a
        for _, attributes in elements.found
        for a in attributes
        if a.startswith("on") or a in {"src", "style"}
    ]
    assert all(str(a["href"]).startswith("#") for a in elements.tags("a"))
    assert not re.search(r"https?:|@import|url\(|//[a-z]", html.replace("http-equiv", ""))


def test_its_policy_allows_its_own_style_and_nothing_else(html: str) -> None:
    (policy,) = [
        m["content"] for m in Elements(html).tags("meta") if m.get("http-equiv") == "Content-Security-Policy"
    ]
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_it_says_where_everything_stands(html: str) -> None:
    texts = Elements(html).texts
    assert "A customer who files a simple claim is paid in 6 days" in texts["header"]
    for words in ("now", "baseline", "11 days", "target", "6 days", "by 30 June 2032"):
        assert words in texts["outcome"]
    assert "IT objected, it stops my work" in texts["journey"]
    assert "The gate of innovation is shut: 4 of 5 criteria met" in texts["next"]
    assert "a hailstorm brought three times the claims of a week" in texts["charts"]
    assert "the gate of optimization was passed (signed by all 4 members" in texts["charts"]
    assert "portal latency" in texts["support"]
    assert "portal latency" not in texts["charts"]
    assert "Shown, and never decisive" in texts["support"]


def test_people_stand_where_they_are_asked_and_nowhere_else(html: str) -> None:
    texts = Elements(html).texts
    assert "Waiting for Maria, Tom." in texts["next"]
    elsewhere = " ".join(text for section, text in texts.items() if section != "next")
    assert not [name for name in PEOPLE if re.search(rf"\b{name}\b", elsewhere)]
    waits = texts["next"].partition("Also waiting")[0]
    gate = texts["next"].partition("The gate of")[2]
    assert not [name for name in PEOPLE if re.search(rf"\b{name}\b", gate)]
    assert "2 of 4 have answered" in waits


def test_answers_on_an_open_ballot_stay_sealed() -> None:
    journal = begun(claims())
    for member in PEOPLE:
        journal.do(c.ConfirmOutcome(by=member))
    journal.do(c.DissolveTeam(by="Maria", reason="another team does it", lesson="ask earlier"))
    said = c.RaiseObjection(by="Ben", objection="harms_outcome", reason="SECRET REASON")
    journal.do(said)
    journal.do(c.GiveConsent(by="Tom", note="SECRET NOTE"))
    there = history("claims", journal.rows)
    everything = page(there) + as_json(there.tracks, there) + as_csv(there.tracks, there)
    assert "3 of 4 have answered" in everything
    assert "SECRET" not in everything
    assert "harms" not in everything


def test_a_team_that_forms_has_a_report() -> None:
    there = history("claims", begun(claims()).rows)
    texts = Elements(page(there)).texts
    assert "no number yet" in texts["outcome"]
    assert "Nothing has turned yet" in texts["journey"]
    assert "Nothing has been measured yet" in texts["charts"]
    assert "Maria, Ben, Aisha and Tom to confirm the outcome" in texts["next"]


@pytest.mark.parametrize("rehearsal", [False, True])
def test_a_rehearsal_says_so_on_top(*, rehearsal: bool) -> None:
    there = history("claims", claims_rows(), rehearsal=rehearsal)
    body = page(there).partition("<body>")[2]
    assert ("REHEARSAL" in body[:400]) is rehearsal
    assert ("<title>REHEARSAL" in page(there)) is rehearsal
    assert ("REHEARSAL of claims" in chart_alone(there.outcome, there)) is rehearsal
    assert json.loads(as_json(there.tracks, there))["rehearsal"] is rehearsal


def evil() -> Journal:
    """A journey in which everything that people can name is an attack."""
    charter = claims()
    outcome = charter.outcome.model_copy(update={
        "statement": EVIL, "beneficiary": EVIL[:70], "metric": f"{EVIL[:60]}m", "unit": f"{EVIL[:40]}u",
    })  # fmt: skip
    metrics = tuple(
        m.model_copy(update={"name": f"={m.name}{EVIL[:20]}", "unit": "@u", "function": f"{EVIL[:30]}f"})
        for m in charter.metrics
    )
    members = {
        f"{EVIL[:50]}{n}": f"IT {EVIL[:40]}{function}" if n else f"{EVIL[:40]}sales"
        for n, function in enumerate(PEOPLE.values())
    }
    changes = {
        "outcome": outcome,
        "metrics": metrics,
        "members": members,
        "milestones": {EVIL[:60]: f"{EVIL[:50]}0"},
        "stages": Stages(),
    }
    journal = begun(charter.model_copy(update=changes))
    state = journal.there
    observed = tuple(Observation(period=2930 + i, value=11.0 + i % 3) for i in range(4))
    for name in state.charter.members:
        journal.do(c.ConfirmOutcome(by=name))
    bad = evidence(2933, control=control(2933, outside=(2933,), bad=(2933,)))
    named = (outcome.metric, *(m.name for m in metrics))
    results = tuple(MetricResult(name=name, observations=observed, evidence=bad) for name in named)
    journal.do(
        c.RecordMeasurement(
            result=MeasureResult(
                serves=journal.there.measures_wanted, as_of=journal.now, through=2933, results=results
            )
        )
    )
    by = next(iter(members))
    journal.write((
        e.SignalExplained(metric=outcome.metric, period=2932, cause=f"={UNSEEN}"),
        e.JourneyHeld(by=by, reason=UNSEEN, at=journal.now),
        e.MilestoneReached(name=EVIL[:60], by=by, note=UNSEEN, at=journal.now),
    ))  # fmt: skip
    return journal


def test_nothing_that_anybody_wrote_becomes_part_of_a_page_or_a_picture(html: str) -> None:
    there = history("claims", evil().rows)
    attacked = Elements(page(there))
    assert {tag for tag, _ in attacked.found} <= {tag for tag, _ in Elements(html).found}
    assert not attacked.tags("script")
    assert clean(EVIL) in attacked.texts["header"]
    assert "\u202e" not in page(there)
    assert "\x00" not in page(there)
    assert "49" not in attacked.texts["header"], "no word is a template"
    drawn = ET.fromstring(chart_alone(there.outcome, there))
    assert {element.tag.rpartition("}")[2] for element in drawn.iter()} <= {
        "svg", "style", "title", "desc", "rect", "line", "path", "circle", "text", "g",
    }  # fmt: skip


def test_no_cell_of_the_csv_is_a_formula() -> None:
    there = history("claims", evil().rows)
    cells = [cell for row in csv.reader(io.StringIO(as_csv(there.tracks, there))) for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\t", "\r"))]
    assert not [cell for cell in cells if cell.startswith("-") and not _number(cell)]


def _number(cell: str) -> bool:
    return re.fullmatch(r"-\d+(\.\d+)?(e-?\d+)?", cell) is not None


def test_the_data_has_every_observation_with_its_limits(found: History) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(found.tracks, found))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(len(track.points) for track in found.tracks)
    document: dict[str, Any] = json.loads(as_json(found.tracks, found))
    for track, metric in zip(found.tracks, document["metrics"], strict=True):
        mine = [row for row in rows if row["metric"] == track.name]
        assert [float(row["value"]) for row in mine] == [point.value for point in track.points]
        assert [one["value"] for one in metric["observations"]] == [point.value for point in track.points]
    shares = [row for row in rows if row["metric"] == RATE and row["upper_limit"]]
    assert shares
    assert all(
        0 <= float(row["lower_limit"]) < float(row["centre"]) < float(row["upper_limit"]) <= 1
        for row in shares
    )
    (storm,) = [row for row in rows if row["explained"]]
    assert (storm["metric"], storm["signal"]) == (DAYS, "")


def test_five_years_of_ten_metrics_stay_small() -> None:
    metrics = [
        {"name": f"metric {n}", "layer": "support" if n > 6 else "guardrail", "unit": "EUR",
         "direction": "down", "source": {"kind": "files", "path": "x.csv"}}
        for n in range(9)
    ]  # fmt: skip
    play, began = play_begun(metrics=metrics), 2900
    names = ("days to payment", *(str(metric["name"]) for metric in metrics))
    there = history("claims", rows_of([*play.events, *(_week(began + n, names) for n in range(261))]))
    assert all(len(track.points) == 261 for track in there.tracks)
    assert len(page(there).encode()) < 2 * MEGABYTE


def _week(through: int, names: tuple[str, ...]) -> e.Measured:
    """A week of all metrics, one in seven of which is a signal."""
    worse = (through,) if through % 7 == 0 else ()
    found = evidence(through, control=control(through, outside=worse, bad=worse))
    seen = Observation(
        period=through, value=round(11 + (through * 7919 % 97) / 31, 2), denominator=180 + through % 50
    )
    results = tuple(MetricResult(name=name, observations=(seen,), evidence=found) for name in names)
    return e.Measured(result=MeasureResult(as_of=START, through=through, results=results))
