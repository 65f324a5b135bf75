"""What a gate's evaluation says: one verdict per criterion, and a digest of it all."""

import hashlib
import json
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from domain.charter import Stage
from domain.model import Carried, Finite
from domain.once import once

Status = Literal["met", "not_met", "undecided", "error"]


class Verdict(Carried):
    """One criterion: what it asks, what there is, what is needed.

    `undecided` is too little data, `error` a failing source. Neither is ever a pass.
    """

    criterion: str = Field(description="Stable code, such as `control` or `guardrail:cost`.")
    status: Status
    title: str = Field(description="What the criterion asks, in words.")
    actual: str = Field(description="What there is, with its number.")
    needed: str = Field(description="What would meet it.")
    number: Finite | None = Field(default=None, description="The deciding number, for machines.")
    counts: bool = Field(
        default=True, description="False for a dry run: shown, and not counted.", exclude_if=bool
    )


class GateEvaluation(Carried):
    """A gate is open only when it has criteria and every one of them is met."""

    stage: Stage
    verdicts: tuple[Verdict, ...]
    digest: str

    @property
    def open(self) -> bool:
        """Whether all criteria that count are met. No criterion is no pass."""
        counting = self.counting
        return bool(counting) and all(verdict.status == "met" for verdict in counting)

    @property
    def counting(self) -> tuple[Verdict, ...]:
        """The criteria that count: all but dry runs."""
        return tuple(verdict for verdict in self.verdicts if verdict.counts)

    @property
    def held_by(self) -> tuple[Verdict, ...]:
        """The criteria that keep the gate shut."""
        return tuple(verdict for verdict in self.counting if verdict.status != "met")


def digest_of(*parts: BaseModel | Sequence[BaseModel] | str, facts: Sequence[BaseModel] | None = None) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of the parts, and of a list of facts after them."""
    texts = [_json(part if isinstance(part, str) else _plain(part)) for part in parts]
    if facts is not None:
        texts.append(f"[{','.join(map(_text, facts))}]")
    return hashlib.sha256(f"[{','.join(texts)}]".encode()).hexdigest()


@once  # a gate is judged several times on the same facts: before people are asked, and after each answer
def _text(fact: BaseModel) -> str:
    return _json(_plain(fact))


def _plain(part: BaseModel | Sequence[BaseModel]) -> object:
    if isinstance(part, BaseModel):
        return part.model_dump(mode="json")
    return [item.model_dump(mode="json") for item in part]


_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
