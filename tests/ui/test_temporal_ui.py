"""The Temporal UI of the server that `bst up` starts, as people see it: in a browser."""

import json

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from domain.chart import metric_chart
from domain.periods import Calendar
from domain.wording import named
from tests.programs import until as until_true
from tests.ui.browser import click, frame, one, page_has, send, until
from tests.ui.conftest import MEMBERS, Watched

# How the source of the current details' frame starts: with their heading.
DETAILS = "%23%20"
COLUMNS = ("BstStage", "BstGate", "BstOutcome", "BstGap", "BstFunctions", "BstNextPeriod")


def details(browser: Chrome, journey: Watched) -> None:
    """Open the tab on which the current details stand."""
    if not browser.current_url.startswith(f"{journey.page}/"):
        browser.get(journey.page)
    click(browser, "a", "Timeline")  # the tab asks for its text when it is opened
    click(browser, "a", "User Metadata")


def test_the_list_shows_the_search_attributes_as_columns(browser: Chrome, journey: Watched) -> None:
    query = f"WorkflowId='journey-{journey.team}' AND BstStage='stability' AND BstGate='shut'"
    browser.get(f"{journey.workflows}?query={query}")
    one(browser, "a", f"journey-{journey.team}")
    click(browser, '[data-testid="workflows-summary-table-configuration-button"]')
    for column in COLUMNS:
        click(browser, f'[data-testid="orderable-list-item-{column}-add-button"]')
    one(browser, "body").send_keys(Keys.ESCAPE)
    shown = until(browser, "row with every column", lambda: _row(browser))
    assert shown["BstStage"] == "stability"
    assert shown["BstGate"] == "shut"
    assert float(shown["BstOutcome"]) == pytest.approx(journey.status().value)
    assert float(shown["BstGap"]) == pytest.approx(journey.status().gap)
    assert all(function in shown["BstFunctions"] for function in MEMBERS.values())
    assert "2013" in shown["BstNextPeriod"]


def _row(browser: Chrome) -> dict[str, str]:
    heads = [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "table thead th")]
    cells = [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "table tbody tr:first-child td")]
    row = dict(zip(heads[-len(cells) :], cells, strict=True)) if cells else {}
    return row if all(row.get(column) for column in COLUMNS) else {}


def test_the_page_has_what_a_person_decides_from(browser: Chrome, journey: Watched) -> None:
    details(browser, journey)
    summary = f"{journey.team}: arrivals within 15 minutes up to 85.0 % by 2013-12-31"
    with frame(browser, f"{journey.team}%3A", summary):
        pass
    now = journey.status()
    waiting = now.ballots[0].waiting_for
    people = named(f"{member} ({MEMBERS[member]})" for member in waiting)
    texts = (
        f"{journey.team}: stability",
        now.statement,
        "85.0 % by 2013-12-31",
        "Gate to optimization: shut",
        "snow storm",
        f"Still to answer: {people}.",
        f"bst consent {journey.team} --by {waiting[0]} --ballot b1",
    )
    with frame(browser, DETAILS, *texts):
        rows = [
            [
                cell.text.replace("\N{NO-BREAK SPACE}", " ").strip()
                for cell in row.find_elements(By.TAG_NAME, "td")
            ]
            for row in browser.find_elements(By.CSS_SELECTOR, "table:nth-of-type(2) tbody tr")
        ]
        assert [row[1:] for row in rows] == [[v.title, v.actual, v.needed] for v in now.verdicts]
        assert {row[0] for row in rows} == {"✓ met", "✗ not met"}
        outcome = journey.place.ask(lambda journeys: journeys.evidence(journey.team)).metrics[0]
        blocks = [
            block.get_attribute("textContent") or "" for block in browser.find_elements(By.TAG_NAME, "pre")
        ]
        assert metric_chart(outcome, Calendar("weekly"), width=59) in [block.strip("\n") for block in blocks]
        assert any("✕" in block for block in blocks)
        support = browser.find_element(By.TAG_NAME, "main").text.split(
            "Support layer: shown, never deciding"
        )[1]
        assert "outages of the gate system (IT)" in support


def test_the_links_of_the_page_lead_to_where_they_say(browser: Chrome, journey: Watched) -> None:
    details(browser, journey)
    first = browser.current_window_handle
    with frame(browser, DETAILS, "teams in stability"):
        found = {link.text: link.get_attribute("href") for link in browser.find_elements(By.TAG_NAME, "a")}
        click(browser, "a", "teams in stability")
    assert found["Team room"] == "https://wiki.example.com/laguardia"
    assert found["all that happened"] == journey.page
    until(browser, "new window", lambda: len(browser.window_handles) > 1)
    (second,) = set(browser.window_handles) - {first}
    browser.switch_to.window(second)
    try:
        one(browser, "a", f"journey-{journey.team}")
    finally:
        browser.close()
        browser.switch_to.window(first)


def test_every_activity_and_timer_says_what_it_does(browser: Chrome, journey: Watched) -> None:
    summaries = (
        "Measure arrivals within 15 minutes and 2 more: all weeks so far",
        "Next: reminder of ballot b1 on 2013-04-05",
        "Journal: ",
    )
    browser.get(journey.page)
    page_has(browser, *summaries)
    click(browser, "a", "Event History")
    page_has(browser, "Start To Fire Timeout", *summaries)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Turnaround board", '"Turnaround board"'),
        ("One desk for late", '{"name": "One desk for late", "by": "Dev"}'),
    ],
)
def test_a_milestone_is_signalled_from_the_form_of_the_ui(
    browser: Chrome, journey: Watched, name: str, value: str
) -> None:
    browser.get(journey.page)
    send(browser, "Send a Signal", "milestone", value)
    until_true(lambda: journey.status().milestones[name])
    details(browser, journey)
    with frame(browser, DETAILS, f"✓ {name}"):
        pass


def test_nonsense_in_the_form_is_recorded_and_shown_and_the_journey_goes_on(
    browser: Chrome, journey: Watched
) -> None:
    for nonsense, why in (
        ('"paint the hangar"', "paint the hangar"),
        ('{"nmae": 3}', "Field required"),
    ):
        browser.get(journey.page)
        send(browser, "Send a Signal", "milestone", nonsense)
        until_true(lambda why=why: any(why in note for note in journey.status().notes))  # type: ignore[misc]
    details(browser, journey)
    with frame(browser, DETAILS, "Needs attention", "a milestone signal could not be used"):
        pass
    browser.get(journey.page)
    send(browser, "Send a Signal", "milestone", '"Spare crew"')
    until_true(lambda: journey.status().milestones["Spare crew"])
    assert journey.status().stage == "stability"


def test_a_member_consents_from_the_form_of_the_ui(browser: Chrome, journey: Watched) -> None:
    browser.get(journey.page)
    send(browser, "Send an Update", "consent", json.dumps({"by": "Ben", "ballot": "b1"}))
    until_true(lambda: "Ben" in journey.status().ballots[0].answered)
    details(browser, journey)
    with frame(browser, DETAILS, "2 of 4 have answered"):
        assert "Ben (IT)" not in one(browser, "main").text
