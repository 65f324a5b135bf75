"""Events as they are read back: from a journal's entry to the event that it holds."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from domain.events import Event

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def parse_event(body: dict[str, Any]) -> Event | None:
    """Return the event that a journal's entry holds, or None when its kind is not known here."""
    try:
        return _EVENT.validate_python(body)
    except ValidationError as error:
        if all(detail["type"].startswith("union_tag") for detail in error.errors()):
            return None
        raise
