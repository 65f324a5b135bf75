"""The `manual` source of a charter."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.model import Sent
from domain.values import Span


class ManualSource(Sent):
    """What only people can count: members record it with `bst record`, once per period.

    Any member may, for any period that is over, and may correct what was recorded. The journal has who
    recorded what, and when.
    """

    kind: Literal["manual"] = Field(description="`manual` for this kind of source.")
    settle: Span = Field(
        default=timedelta(0), description="How long after a period's end its value may still be recorded."
    )
