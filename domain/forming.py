"""What a charter asks of a team that forms, besides its members and its outcome."""

from pydantic import Field

from domain.charting import Flag
from domain.model import Sent


class Forming(Sent):
    """What a team does before its first stage."""

    exchange: Flag = Field(
        default=False,
        description="Every function posts a need, a limitation and a capability, and every member "
        "acknowledges the others', before the first stage.",
    )
