"""docs/messages.md is what the program understands and answers: names, keys, examples and codes."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from temporalio import workflow

from activities import journal_errors
from activities.answers import errors as answers_errors
from bst import failures
from domain import ballot_views, errors, views
from domain import commands as c
from domain.ballots import Answer, BallotOutcome, ObjectionKind
from domain.envelope import AppendEvents
from domain.measurement import TAIL_PERIODS
from domain.signatures import Signature
from domain.statement import Standing
from domain.together import views as together
from domain.verdicts import Verdict
from domain.wording import named
from tests.unit.journeys import charter
from workflows import ledger, limits, messages, search_attributes, team_journey

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
SENT: dict[str, type[BaseModel]] = {
    "milestone": c.ReachMilestone,
    "confirm": c.ConfirmOutcome,
    "consent": c.GiveConsent,
    "object": c.RaiseObjection,
    "ask": c.AskQuestion,
    "clarify": c.AnswerQuestion,
    "withdraw_question": c.WithdrawQuestion,
    "delegate": c.DelegateVoice,
    "take_back": c.TakeBackVoice,
    "leave": c.LeaveTeam,
    "exempt": c.ProposeExemption,
    "revoke_exemption": c.RevokeExemption,
    "measure_now": c.MeasureNow,
    "explain": c.ExplainSignal,
    "record_value": c.RecordValue,
    "rebase": c.ProposeRebase,
    "amend": c.ProposeAmendment,
    "hold": c.HoldJourney,
    "resume": c.ResumeJourney,
    "post": c.PostToExchange,
    "withdraw_post": c.WithdrawPost,
    "acknowledge": c.AcknowledgePosts,
    "add_work": c.AddWorkItem,
    "close_work": c.CloseWorkItem,
    "look_back": c.RecordRetrospective,
    "commit": c.MakeCommitment,
    "close_commitment": c.CloseCommitment,
    "facilitate": c.PassFacilitation,
    "open_read_back": c.OpenReadBack,
    "close_read_back": c.CloseReadBack,
    "open_pulse": c.OpenPulse,
    "dissolve": c.DissolveTeam,
}


def section(title: str) -> str:
    """Return what stands under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}$\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


def under(title: str) -> str:
    """Return what stands under a heading of the second level, its parts included."""
    found = re.search(rf"^## {re.escape(title)}$\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


def rows(text: str) -> list[tuple[str, str]]:
    """Return the first two cells of each row that begins with code."""
    return re.findall(r"^\| (`[^|]+) \| ([^|]*) \|", text, re.MULTILINE)


def keys(text: str) -> list[str]:
    return [key for cell, _ in rows(text) for key in re.findall(r"`(\w+)`", cell)]


def defined() -> tuple[set[str], set[str], set[str]]:
    """Return the names of the workflow's signals, updates and queries."""
    found = workflow._Definition.must_from_class(team_journey.TeamJourney)
    return tuple({str(name) for name in named} for named in (found.signals, found.updates, found.queries))  # type: ignore[return-value]


def test_each_message_has_a_section_and_each_section_is_a_message() -> None:
    signals, updates, queries = defined()
    titles = {
        part: set(re.findall(r"^### (\w+)$", under(part), re.MULTILINE))
        for part in ("Signal", "Updates", "Queries")
    }
    assert titles == {"Signal": signals, "Updates": updates | {"Receipt"}, "Queries": queries}
    assert set(SENT) == signals | updates


@pytest.mark.parametrize("name", SENT)
def test_its_keys_are_those_that_are_taken(name: str) -> None:
    said_once = {"kind", "signature"}  # of every message, and what is signed has a section of its own
    found = SENT[name].model_fields.items()
    fields = {key: field.is_required() for key, field in found if key not in said_once}
    assert {cell.strip("`"): word.strip() == "needed" for cell, word in rows(section(name))} == fields


@pytest.mark.parametrize("name", SENT)
def test_its_example_is_understood(name: str) -> None:
    shown = re.search(r"^```json\n(.*?)^```", section(name), re.MULTILINE | re.DOTALL)
    assert shown
    value = json.loads(shown[1])
    if value.get("charter") == "CHARTER":
        value["charter"] = charter().model_dump(mode="json")
    SENT[name].model_validate(value)


def test_the_signature_is_told_where_all_messages_are() -> None:
    assert keys(section("Signatures")) == list(Signature.model_fields)
    unsigned = [name for name, kind in SENT.items() if not issubclass(kind, c.Signable)]
    assert f"All but `{named(unsigned)}`" in section("Signatures")


def test_the_receipt_is_what_updates_answer() -> None:
    text = section("Receipt")
    shown = re.search(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert shown
    assert views.Receipt.model_validate_json(shown[1]).said
    assert keys(text) == list(views.Receipt.model_fields)


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("status", [views.Status, Verdict]),
        ("evidence", [views.MetricView]),
        ("ballot", [ballot_views.BallotView]),
    ],
)
def test_each_key_of_an_answer_is_listed(query: str, models: list[type[BaseModel]]) -> None:
    assert sorted(keys(section(query))) == sorted(key for model in models for key in model.model_fields)


def test_each_key_of_what_a_team_has_of_itself_is_listed() -> None:
    text = section("together")
    own = (together.SheetView, together.ItemView, together.FlagView, together.ShareView)
    parts = (*own, together.CommitmentView, together.ResultView)
    first = [key for cell, _ in rows(text) for key in re.findall(r"`(\w+)`", cell)]
    assert sorted(first) == sorted(together.TogetherView.model_fields)
    assert [key for part in parts for key in part.model_fields if f"`{key}`" not in text] == []


def test_what_is_told_outside_of_tables_is_so_too() -> None:
    for query, model in (
        ("evidence", views.Evidence),
        ("ballot", ballot_views.Ballots),
        ("pending", AppendEvents),
        ("standing", Standing),
    ):
        assert [key for key in model.model_fields if f"`{key}`" not in section(query)] == []
    assert [key for key in Answer.model_fields if f"`{key}`" not in section("ballot")] == []
    assert [kind for kind in get_args(ObjectionKind) if f"`{kind}`" not in section("object")] == []
    assert [word for word in get_args(BallotOutcome) if f"`{word}`" not in section("ballot")] == []
    assert f"newest {TAIL_PERIODS} periods" in section("evidence")
    kept = f"{ledger.RECEIPTS_AT_LEAST} to {ledger.RECEIPTS_KEPT} of them"
    assert f"newest answers ({kept})" in under("Updates")
    assert f"`{messages.TEAM_JOURNEY}`" in section("The workflow")
    assert f"`{messages.journey_id('TEAM')}`" in section("The workflow")
    assert f"every {limits.RUN_AT_MOST.days} days" in section("The workflow")


def codes(*modules: object) -> set[str]:
    """Return the codes of all errors of some modules."""
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    return {kind.code for kind in kinds if issubclass(kind, errors.BstError)} - {errors.BstError.code}


def test_each_code_of_a_refusal_is_listed() -> None:
    text = section("What is refused")
    listed = set(keys(text))
    refused = {kind.code for kind in errors.Refused.__subclasses__()} | {errors.Refused.code}
    assert listed == refused | {errors.CharterRefused.code}
    others = codes(errors, failures, journal_errors, answers_errors) - listed
    assert [code for code in others if f"`{code}`" not in text] == []


def test_each_code_of_a_source_is_listed() -> None:
    assert set(keys(under("Why a metric has no number"))) == {*get_args(errors.SourceCode), "no_answer"}


def test_each_search_attribute_is_listed_with_its_type() -> None:
    wanted = {key.name: search_attributes.type_name(key) for key in search_attributes.MEANINGS}
    assert {cell.strip("`"): kind.strip() for cell, kind in rows(under("Search attributes"))} == wanted
