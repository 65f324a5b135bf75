"""The sentences about numbers are true of the very points that they speak of."""

from typing import Any

import pytest

from domain.measurement import FrozenLimits, MetricEvidence
from domain.periods import Calendar
from domain.state import Gauge
from domain.telling import details, told
from domain.wording import figure
from tests.judging import calm, judged
from tests.measuring import files, metric

WEEKS = Calendar("weekly")


def gauge(**changes: Any) -> Gauge:
    plain = {
        "name": "late days",
        "layer": "outcome",
        "unit": "days",
        "direction": "down",
        "measure": "amount",
    }
    return Gauge.model_validate(plain | {"source": files("data.csv").model_dump()} | changes)


def sentence(found: MetricEvidence, **changes: Any) -> str:
    return told(gauge(**changes), found, found.limits, WEEKS)


def shares(newest: float, cases: float) -> MetricEvidence:
    """Thirty weeks of 400 cases around 80 %, the last but one another; the newest week has fewer."""
    values = [0.8 + (x - 10) / 50 for x in calm(30)]
    sizes = [400.0] * 30
    values[-2], sizes[-2], sizes[-1] = newest, cases, 100.0
    return judged(values, about=metric(measure="share", direction="up"), denominators=sizes)


def test_a_calm_process_is_told_with_its_limits() -> None:
    assert (
        sentence(judged(calm(30)))
        == "Calm: the last 10 weeks vary within the limits, now 7.341 days to 12.66 days."
    )


@pytest.mark.parametrize(
    ("outside", "said"), [(1, "1 of the last 10 weeks was above"), (2, "2 of the last 10 weeks were")]
)
def test_one_week_was_and_two_weeks_were(outside: int, said: str) -> None:
    found = judged([*calm(30 - outside), *[20.0] * outside])
    text = sentence(found)
    assert text.startswith(f"Held: {said}")
    assert "above the upper limit of 12.66 days" in text


def test_limits_that_follow_the_cases_are_not_told_as_those_of_another_week() -> None:
    text = sentence(shares(0.6, 900.0), measure="share", direction="up", unit="share")
    assert "was below the lower limit of its own number of cases" in text
    assert "%" not in text


def test_what_no_process_shows_is_not_counted_in_millions_of_weeks() -> None:
    assert "less than once in 1,000 weeks" in sentence(judged([*calm(20), *[40.0] * 10]))


def test_a_named_rule_is_told_by_its_name() -> None:
    about = metric(chart={"rules": "nhs"})
    text = sentence(judged([*calm(22), 10, 10.3, 10.6, 10.9, 11.2, 11.5, 11.8, 12.1], about=about))
    assert 'a signal by the rule "7 rising or falling"' in text


def test_what_never_varied_is_not_called_calm() -> None:
    found = judged([5.0] * 30)
    assert sentence(found).startswith("Not judged: all 20 frozen points are the same")


def test_points_before_the_signed_period_do_not_count_towards_limits() -> None:
    found = judged(calm(40), about=metric(phase_from=28))
    assert (found.n, found.towards_limits, found.limits) == (40, 12, None)
    assert sentence(found) == "Not judged yet: 12 weeks so far to freeze limits on."
    assert not found.changes


def test_no_event_at_all_is_not_no_number() -> None:
    found = judged([0.0] * 60, about=metric(measure="rare"))
    assert (
        sentence(found, measure="rare")
        == "Not judged yet: 0 times between two events so far to freeze limits on."
    )


def test_details_say_against_what_and_by_which_rules() -> None:
    found = judged(calm(30), about=metric(promise=14.0))
    lines = list(details(gauge(promise=14.0), found, found.limits, WEEKS))
    assert lines[0].startswith("individuals chart, 3 sigma, sigma from the mean moving range / 1.128")
    assert any(line.startswith("capability against 14 days: Cpk 1.49") for line in lines)
    assert any(line.startswith("newest point, by the rules of the NHS") for line in lines)


def test_evidence_of_an_earlier_version_is_told_too() -> None:
    limits = FrozenLimits(chart="individuals", centre=10, sigma=1, n=20, first=0, last=19)
    old = judged([*calm(29), 20.0]).model_copy(update={"diagnostics": None})
    assert old.control is not None
    old = old.model_copy(update={"control": old.control.model_copy(update={"signals": (), "once_in": None})})
    assert told(gauge(), old, limits, WEEKS) == "Held: signals in the week of 1970-07-20."


def test_zero_has_no_sign() -> None:
    assert figure(-0.0, "cases", "count") == "0 cases"
    assert figure(-0.0001, "share", "share") == "0.0 %"
    assert figure(-2.5, "days", "duration") == "-2.5 days"
