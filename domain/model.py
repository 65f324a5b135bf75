"""How every model of the domain is made: frozen, finite, and strict about what people send."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# NaN would be written as null by JSON and wedge a journey at its next continue-as-new.
Finite = Annotated[float, Field(allow_inf_nan=False)]
# (`ser_json_inf_nan` below is for what passes validation by: the converter refuses the word NaN, not a null.)
# Long enough for a sentence or two, short enough that history and state stay small (characters).
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
# A team's name is part of the workflow's id, of addresses and of file names.
TeamName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class Sent(BaseModel):
    """What people or programs send: unknown keys are refused, because they are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="constants")


class Carried(BaseModel):
    """What the program carries from version to version: unknown keys are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, ser_json_inf_nan="constants")


def first(version: int) -> bool:
    """Whether a version is the first, which goes without saying."""
    return version == 1


def silent(value: Any) -> bool:
    """Whether a value says nothing: None, nothing in it, or a count of none; 0.0 is a number."""
    return value is None or (value in ((), "", False) and not isinstance(value, float))
