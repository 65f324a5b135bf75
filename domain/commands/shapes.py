"""What people write into a command: one line of bounded length."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from domain.values import one_line

BallotId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), BeforeValidator(one_line)]
