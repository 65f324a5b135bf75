"""What a caller gave is refused in words of the thing that was given, not of a library."""

import pytest

from bst.asked import sent
from domain import commands as c
from domain.errors import NotUnderstood


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"reason": " "}, "reason: an empty text"),
        ({"reason": "x" * 501}, "reason: 501 characters, at most 500 fit"),
    ],
)
def test_a_refusal_names_the_key_and_what_would_be_right(values: dict[str, str], told: str) -> None:
    with pytest.raises(NotUnderstood, match=told):
        sent(c.HoldJourney, by="Ana", **values)


def test_two_forms_of_a_value_are_refused_in_the_rule_s_own_sentence() -> None:
    with pytest.raises(NotUnderstood, match="it: give either value, or numerator and denominator"):
        sent(c.RecordValue, by="Ana", period="2026-01-05", value=1.0, numerator=1, denominator=2)
