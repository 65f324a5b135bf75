"""The numbers behind a gate, and limits frozen anew, by the command on a real server with a real worker."""

from datetime import UTC, datetime, timedelta

from domain.views import Evidence
from tests.cli.place import MEMBERS, Place

QUESTIONS = ("--different", "--known", "--desirable", "--lasting")


def weeks_ago(count: int) -> str:
    return (datetime.now(UTC).date() - timedelta(weeks=count)).isoformat()


def test_the_numbers_are_shown_with_what_they_should_be_read_with(place: Place) -> None:
    team = place.stable(
        metrics=[
            {"name": "hours", "layer": "support", "function": "IT", "unit": "hours", "direction": "down",
             "source": {"kind": "files", "path": "days.csv"}}
        ]
    )  # fmt: skip
    page = place.bst("evidence", team)
    one = place.bst("evidence", team, "Days to Payment", "--json")
    none = place.bst("evidence", team, "weeks")

    assert page.code == 0
    assert "Calm: the last 10 weeks vary within the limits" in page.out
    assert (
        "individuals chart, 3 sigma, sigma from the mean moving range / 1.128, frozen on 20 points"
        in page.out
    )
    assert "30 points since the frozen ones began, lag-1 correlation" in page.out
    assert "capability against 3 days: Cpk" in page.out
    assert "hours (support, IT)" in page.out
    assert "moves with the outcome (rank correlation 1.00" in page.out  # the very same file
    assert [metric.name for metric in Evidence.model_validate(one.json).metrics] == ["days to payment"]
    assert none.code == 2
    assert "the charter has days to payment, hours" in none.err


def test_limits_are_frozen_anew_only_after_four_questions_and_by_everybody(place: Place) -> None:
    team, since = place.stable(), weeks_ago(24)
    said = ("rebase", team, since, "--by", "Ana", "--cause", "a new till")
    unasked = place.bst(*said)
    denied = place.bst(*said, *QUESTIONS[:3], "--not-lasting")
    proposed = place.bst(*said, *QUESTIONS)
    page = place.bst("status", team)
    closed = [place.bst("consent", team, "--by", member, "--ballot", "b2") for member in MEMBERS][-1]
    shown = place.bst("evidence", team)

    assert (unasked.code, denied.code, proposed.code) == (2, 2, 0)
    assert "Does the data show a distinctly different behaviour than before? Say --different" in unasked.err
    assert "Is it intended, and expected to continue?" in denied.err
    assert "freeze limits of days to payment anew from" in page.out
    assert "ballot b2 closed, consented" in closed.out
    assert "are frozen anew from" in closed.out
    assert "proposed by Ana: a new till" in shown.out
