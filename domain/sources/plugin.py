"""The `plugin` source of a charter."""

import json
from datetime import timedelta
from typing import Any, Literal

from pydantic import Field, field_validator

from domain.model import Sent
from domain.values import Name, Span

# Characters of the options as JSON: room for any real ones, small enough for history and state.
_LARGEST = 20_000


class PluginSource(Sent):
    """Numbers that an installed plugin gets; see docs/plugins.md."""

    kind: Literal["plugin"] = Field(description="`plugin` for this kind of source.")
    name: Name = Field(
        description="The plugin's name, under which it is installed where the worker runs.",
        examples=["syslog"],
    )
    options: dict[str, Any] = Field(
        default_factory=dict,
        description="What the plugin takes; ${NAME} in its texts is filled in by the worker.",
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")

    @field_validator("options")
    @classmethod
    def _of_a_size(cls, given: dict[str, Any]) -> dict[str, Any]:
        try:
            size = len(json.dumps(given, allow_nan=False))
        except (ValueError, TypeError):  # TypeError: a day, which YAML makes of 2027-06-30
            raise ValueError(
                "a value cannot be kept: put a day in quotes, and leave `.nan` and `.inf` out"
            ) from None
        if size > _LARGEST:
            raise ValueError(
                f"{size:,} characters, at most {_LARGEST:,} fit: name a file in the options instead"
            )
        return given
