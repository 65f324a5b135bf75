"""The read-back: members open it and have it counted; the program reports what the answers database said."""

from typing import Literal

from pydantic import Field

from domain.commands.shapes import Signable, Words
from domain.model import Sent
from domain.readback.records import ReadBackCount
from domain.values import Name


class OpenReadBack(Signable):
    """Let people outside the team read the outcome and say what they would call met."""

    kind: Literal["open_read_back"] = "open_read_back"
    by: Name


class CloseReadBack(Signable):
    """Have the read-back counted, once enough people have answered."""

    kind: Literal["close_read_back"] = "close_read_back"
    by: Name


class RecordReadBack(Sent):
    """Say what became of opening or counting a read-back in the answers database."""

    kind: Literal["record_read_back"] = "record_read_back"
    number: int
    count: ReadBackCount | None = Field(default=None, description="None when it was opened.")
    trouble: Words = Field(default="", description="Why the database could not be asked, if so.")


OfReadBack = OpenReadBack | CloseReadBack
