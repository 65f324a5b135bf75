"""The converter that every client, worker and replayer shares."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from domain.model import Carried, Finite
from workflows.plugin import FinitePayloadConverter

CONVERTER = FinitePayloadConverter()


class Reading(Carried):
    value: Finite
    at: datetime
    note: str = ""


@dataclass
class Plain:
    value: float


class Loose(BaseModel):
    value: float


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("wrap", [float, lambda n: {"a": [n]}, Plain, lambda n: (1.0, n)])
def test_a_number_that_is_not_finite_is_refused_instead_of_becoming_null(wrap: Any, number: float) -> None:
    with pytest.raises(ValueError, match="is not a finite number"):
        CONVERTER.to_payloads([wrap(number)])


def test_a_model_of_ours_refuses_it_before() -> None:
    with pytest.raises(ValueError, match="finite number"):
        Reading(value=math.nan, at=datetime.now(UTC))


def test_a_model_writes_null_where_a_copy_was_made_without_checks() -> None:
    # Pydantic decides this inside the model, where no converter can see it: so models are never changed by
    # `model_copy(update=...)` with a number that was not checked.
    assert b"null" in CONVERTER.to_payloads([Loose(value=math.nan)])[0].data


@given(st.text() | st.sampled_from(["NaN", "Infinity", "-Infinity", 'say "NaN" and NaN']))
def test_the_words_are_allowed_in_text(note: str) -> None:
    reading = Reading(value=1.5, at=datetime(2026, 1, 5, tzinfo=UTC), note=note)

    assert CONVERTER.from_payloads(CONVERTER.to_payloads([reading]), [Reading]) == [reading]


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False), st.lists))
def test_what_is_finite_comes_back(value: Any) -> None:
    assert CONVERTER.from_payloads(CONVERTER.to_payloads([value]), [Any]) == [value]
