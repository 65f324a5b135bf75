"""What a charter asks of a team that forms, besides its members and its outcome."""

from pydantic import Field

from domain.charting import Flag
from domain.model import Sent, silent
from domain.readback.rules import ReadBack


class Forming(Sent):
    """What a team does before its first stage."""

    exchange: Flag = Field(
        default=False,
        description="Every function posts a need, a limitation and a capability, and every member "
        "acknowledges the others', before the first stage.",
    )
    read_back: ReadBack | None = Field(
        default=None,
        description="People outside the team say in which of three situations the outcome is met; none "
        "unless it stands here.",
        exclude_if=silent,
    )
