"""The page that people decide from: what stands on it, what never does, and that nobody's words break it."""

import json
import shlex
from datetime import timedelta

import pytest
from click import Context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bst.cli import bst
from domain import commands as c
from domain.commands import GiveConsent, ReachMilestone
from domain.state import State
from domain.verdicts import Verdict
from tests.unit.journey_scripts import run, steps
from tests.unit.journeys import MEMBERS, Play, begun, charter, failing
from tests.unit.signers import begun_with_keys
from workflows import details, how_to
from workflows.markdown import code, link, text

COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table")


def in_stability(**changes: object) -> Play:
    play = begun(**changes)
    play.measure()
    play.confirm_all()
    return play


def with_ballot(**changes: object) -> Play:
    play = in_stability(**changes)
    play.do(c.ReachMilestone(name="runbook", by="Ben"))
    play.measure()
    assert play.state.advance_ballot is not None
    return play


def tables(page: str) -> list[list[list[str]]]:
    """The tables of the page as a browser would show them: rows of cells."""
    found: list[list[list[str]]] = []
    for token, content in _with_content(COMMONMARK.parse(page)):
        match token.type:
            case "table_open":
                found.append([])
            case "tr_open":
                found[-1].append([])
            case "th_open" | "td_open":
                found[-1][-1].append(_shown(content))
    return found


def _with_content(tokens: list[Token]) -> list[tuple[Token, Token | None]]:
    return list(zip(tokens, [*tokens[1:], None], strict=True))


def _shown(inline: Token | None) -> str:
    assert inline is not None
    return (
        "".join(child.content for child in inline.children or ()).replace("\N{NO-BREAK SPACE}", " ").strip()
    )


def test_a_forming_team_reads_who_has_yet_to_confirm_and_how() -> None:
    play = begun()
    play.do(c.ConfirmOutcome(by="Ana"))
    page = details.details(play.state)
    assert page.startswith("# claims: forming\n\n**A customer who files a simple claim is paid in 3 days")
    assert "Still to confirm version 1: **Ben and Chloe**." in page
    assert "\nbst confirm claims --by Ben\n" in page
    assert "## Gate to stability: shut, 1 of 2 met" in page


def test_the_outcome_stands_first_with_value_target_gap_and_deadline() -> None:
    page = details.details(in_stability().state)
    assert tables(page)[0] == [
        ["days to payment", "11 days (week of 2025-12-29)"],
        ["target", "3 days by 2028-06-30"],
        ["gap", "8 days to go"],
        ["stability since", "2026-01-05 00:00 UTC"],
        ["next", "a measurement, now"],
    ]


def test_the_checklist_has_every_criterion_with_its_mark_and_its_numbers() -> None:
    play = in_stability()
    play.measure(days_to_payment=failing("days to payment"))
    gate = play.state.gate
    assert gate is not None
    rows = tables(details.details(play.state))[1]
    assert rows[0] == ["", "criterion", "actual", "needed"]
    words = {"met": "✓ met", "not_met": "✗ not met", "undecided": "… undecided", "error": "! error"}
    assert rows[1:] == [[words[v.status], v.title, v.actual, v.needed] for v in gate.verdicts]
    assert {v.status for v in gate.verdicts} >= {"met", "not_met", "error"}


def test_a_ballot_says_what_by_when_and_who_but_never_what_was_answered() -> None:
    play = with_ballot()
    play.do(c.RaiseObjection(by="Ana", objection="irreversible", reason="the old desk is gone then"))
    play.do(c.GiveConsent(by="Ben", note="a small preference"))
    page = details.details(play.state)
    assert (
        "## Ballot b1, open until 2026-01-12 00:00 UTC\n\n**To go on from stability to optimization?**\n"
        in page
    )
    assert "2 of 3 have answered" in page
    assert "Still to answer: **Chloe (finance)**" in page
    assert "bst consent claims --by Chloe --ballot b1" in page
    for sealed in ("old desk", "irreversible", "small preference", "objection"):
        assert sealed not in page


def test_a_closed_ballot_is_shown_with_its_answers() -> None:
    play = with_ballot()
    play.do(c.RaiseObjection(by="Ana", objection="irreversible", reason="the old desk is gone then"))
    play.do(c.GiveConsent(by="Ben", note="a small preference"))
    play.do(c.GiveConsent(by="Chloe"))
    page = details.details(play.state)
    assert "## Last ballot b1: objected" in page
    assert "- Ana: irreversible: the old desk is gone then" in page
    assert "- Ben: consent, with a preference: a small preference" in page


def test_the_support_layer_stands_apart() -> None:
    page = details.details(in_stability().state)
    gates, support = page.split("## Support layer: shown, never deciding")
    assert "portal latency" in support
    assert "portal latency" not in gates
    assert "- cost per claim (efficiency): **11 EUR**" in gates


def test_attention_the_chart_milestones_and_links_are_there() -> None:
    play = in_stability(links={"Wiki": "https://wiki.example.com/a(b)"})
    play.do(c.HoldJourney(by="Ben", reason="the line is down"))
    play.do(c.ReachMilestone(name="runbook", note="signed"))
    page = details.details(play.state)
    assert "## Needs attention\n\n- held by Ben: the line is down" in page
    assert "```\n12.80 days┤" in page
    assert "- ✓ **runbook**: 2026-01-05 00:00 UTC, said Ben: signed" in page
    assert "- ✗ **pilot**: not yet; Ana answers for it" in page
    assert "[Wiki](https://wiki.example.com/a%28b%29)" in page
    assert "(/namespaces/{namespace}/workflows/{workflowId})" in page


def test_the_end_says_why_and_what_was_learned() -> None:
    play = in_stability()
    play.do(c.DissolveTeam(by="Ana", reason="the product is sold", lesson="ask the buyer first"))
    play.consent_all()
    page = details.details(play.state)
    assert tables(page)[0][-2:] == [
        ["ended because", "the product is sold"],
        ["learned", "ask the buyer first"],
    ]
    assert "## Gate" not in page
    assert "bst " not in page


HOSTILE = (
    "a | b || c",
    "`code` ``` ~~~ ```",
    "<script>alert(1)</script> <b>&amp; &lt;</b>",
    "*bold* _it_ **x** ~~gone~~ # head",
    "[x](javascript:alert(1)) ![i](http://x/y.png) <http://x>",
    "$x$ \\( y \\) {namespace} {runId} \\",
    "1. one\n- two\r\n\t# three\u2028four\u202efive",
    "--- | ---",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_shown_as_they_were_written(words: str) -> None:
    page = f"| a | b |\n| --- | --- |\n| {text(words)} | {text(words)} |\n\n- {text(words)}\n"
    once = " ".join(words.replace("\u2028", " ").replace("\u202e", " ").split())
    assert tables(page)[0][1] == [once, once]
    tokens = COMMONMARK.parse(page)
    children = [child for token in tokens for child in token.children or ()]
    assert not [
        t.type for t in (*tokens, *children) if t.type.startswith(("html", "link", "image", "code", "fence"))
    ]
    assert "{namespace}" not in page


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_end_a_code_block_or_a_link(words: str) -> None:
    block = COMMONMARK.parse("\n".join(code(" ".join(words.split()).splitlines() or [""])))
    assert [token.type for token in block] == ["fence"]
    (paragraph,) = (t for t in COMMONMARK.parse(link(words, "https://x.example/a b")) if t.type == "inline")
    assert [t.type for t in paragraph.children or () if t.type.startswith("link")] == [
        "link_open",
        "link_close",
    ]


words = st.text(max_size=500)


@given(statement=words, actual=words, unit=words, count=st.integers(0, 60))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_nobodys_words_break_the_table_or_the_limit(
    statement: str, actual: str, unit: str, count: int
) -> None:
    state = with_ballot().state
    gate = state.gate
    assert gate is not None
    verdicts = tuple(
        Verdict(
            criterion=f"c{i}",
            status="not_met" if i % 2 else "met",
            title=statement,
            actual=actual,
            needed=unit,
        )
        for i in range(count)
    )
    told = state.charter.outcome.model_copy(update={"statement": statement, "metric": unit, "unit": actual})
    state = state.model_copy(
        update={
            "charter": state.charter.model_copy(update={"outcome": told}),
            "gate": gate.model_copy(update={"verdicts": verdicts}),
        }
    )
    page = details.details(state)
    assert len(page.encode()) <= details.PAGE_LIMIT
    for table in tables(page)[1:]:
        assert {len(row) for row in table} == {4}
        assert {row[0] for row in table} <= {"", "✓ met", "✗ not met"}
    kept = sum(len(table) - 1 for table in tables(page)[1:])
    assert (f"{count - kept} of {count} criteria" in page) == (0 < kept < count)


@given(script=steps)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
def test_every_state_that_a_journey_can_reach_has_a_page_and_lines(script: list[tuple[str, object]]) -> None:
    play = begun()
    run(play, script)
    assert len(details.details(play.state).encode()) <= details.PAGE_LIMIT
    assert details.details(play.state) == details.details(
        State.model_validate_json(play.state.model_dump_json())
    )
    for line in (
        details.summary(play.state),
        details.measure_summary(play.state),
        details.timer_summary(play.state),
    ):
        assert "\n" not in line
        assert 0 < len(line.encode()) <= 400


def test_what_has_no_room_is_said() -> None:
    names = {f"milestone number {i} with a long name that people gave it": MEMBERS[0] for i in range(200)}
    long = {f"link {i}": f"https://wiki.example.com/{'x' * 400}" for i in range(20)}
    page = details.details(with_ballot(milestones={"runbook": "Ben", **names}, links=long).state)
    assert len(page.encode()) <= details.PAGE_LIMIT
    assert page.endswith("`bst status claims` shows everything.*\n")
    assert "of 201 milestones" in page
    assert "of 23 links" in page


def test_a_page_holds_what_decides_when_there_is_too_much() -> None:
    state = with_ballot().state
    gate = state.gate
    assert gate is not None
    many = tuple(
        Verdict(criterion=f"c{i}", status="met", title=f"criterion {i}", actual="x" * 190, needed="y" * 190)
        for i in range(40)
    )
    last = Verdict(criterion="last", status="not_met", title="the one in doubt", actual="no", needed="yes")
    page = details.details(
        state.model_copy(update={"gate": gate.model_copy(update={"verdicts": (*many, last)})})
    )
    assert "the one in doubt" in page


def test_commands_survive_the_shell() -> None:
    name = 'Chloé\'s "new" desk; rm -rf $HOME'
    assert shlex.split(how_to.bst("milestone", "claims", name)) == ["bst", "milestone", "claims", name]
    joined = " ".join(line.removesuffix("\\") for line in how_to.update(charter(), "consent", {"by": name}))
    parts = shlex.split(joined)
    assert parts[:4] == ["temporal", "workflow", "update", "execute"]
    assert GiveConsent.model_validate(json.loads(parts[-1])).by == name


def test_in_a_team_with_keys_nobody_is_offered_what_cannot_sign() -> None:
    play = begun_with_keys()
    forming = details.details(play.state)
    play.to("stability")
    play.do(ReachMilestone(name="runbook", by="Ben"))
    play.measure()
    asked = details.details(play.state)
    for page, command in ((forming, "bst confirm"), (asked, "bst consent")):
        assert command in page
        assert "temporal workflow" not in page
        assert "More Actions" not in page
        assert "Only what is signed counts in this team" in page


def test_each_thing_that_a_timer_waits_for_has_its_words() -> None:
    play = in_stability()
    assert details.timer_summary(play.state) == "Next: a measurement, now"
    play.measure()
    assert details.measure_summary(play.state) == "Measure days to payment and 3 more: weeks from 2026-01-05"
    assert details.timer_summary(play.state) == "Next: week of 2026-01-05 on 2026-01-12 00:00 UTC"
    play = with_ballot(ballots={"open_for": "6 days"})
    said = []
    ballot, play.now = play.state.ballots[0].id, play.state.ballots[0].opened_at
    while play.state.ballots and play.state.ballots[0].id == ballot:
        said.append(details.timer_summary(play.state))
        play.now += timedelta(hours=12)
        play.do(c.PassTime())
    assert any(line.startswith(f"Next: reminder of ballot {ballot} on ") for line in said)
    assert any(line.startswith(f"Next: ballot {ballot} closes on ") for line in said)
    assert details.append_summary(1) == "Journal: 1 event"
    assert details.append_summary(3) == "Journal: 3 events"


def test_a_failing_source_is_tried_again() -> None:
    play = in_stability()
    play.measure(days_to_payment=failing("days to payment"))
    assert details.timer_summary(play.state) == "Next: another try of days to payment on 2026-01-05 07:00 UTC"


def test_the_summary_is_one_line_with_everything_at_a_glance() -> None:
    assert details.summary(with_ballot().state) == (
        "stability · days to payment 11 days (2025-12-29), 8 days to go · gate open, 8 of 8 met "
        "· b1 waits for Ana, Ben and Chloe"
    )


def test_a_charter_without_extras_has_no_empty_headings() -> None:
    play = begun(metrics=[], milestones={}, stages={})
    page = details.details(play.state)
    for heading in ("Milestones", "Other metrics", "Support layer", "Last ballot", "Needs"):
        assert heading not in page


def test_every_line_of_our_own_command_is_one_that_it_takes() -> None:
    forming, voting = details.details(begun().state), details.details(with_ballot().state)
    joined = f"{forming}\n{voting}".replace("\\\n", " ")
    lines = [shlex.split(line)[1:] for line in joined.splitlines() if line.startswith("bst ")]
    assert {line[0] for line in lines} == {"confirm", "consent", "object", "milestone"}
    for name, *arguments in lines:
        command = bst.get_command(Context(bst), name)
        assert command is not None
        context = command.make_context(name, arguments)  # a wrong option or a missing argument raises
        assert context.params["team"] == "claims"
