"""What events have in common that begin with a member."""

from pydantic import Field

from domain.model import Carried, silent
from domain.signatures import Signed


class ByMember(Carried):
    """The first event of a member's command: it holds all that the command said, and its signature."""

    signed: Signed | None = Field(default=None, description="None in a team without keys.", exclude_if=silent)
