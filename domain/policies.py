"""Every version of the rules that ever decided about a journey, by its number.

What was decided is proved by deciding it again, so the rules of a journal must be
there for as long as the journal is. A released version is therefore never edited:
a rule that changes gets a copy with the next number, and this table both. What
counts as a rule is everything that an event says, its sentences and the lint's
warnings included. See `docs/decisions/verify.md`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from domain import commands as c
from domain import events as e
from domain.decide import decide
from domain.evolve import fold
from domain.signatures import Verify
from domain.state import POLICY_VERSION, State


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules: what a command leads to, and what events change."""

    decide: Callable[[State | None, c.Command, datetime, Verify], tuple[e.Event, ...]]
    fold: Callable[[State | None, tuple[e.Event, ...]], State | None]


POLICIES: Final[Mapping[int, Policy]] = MappingProxyType({1: Policy(decide, fold)})


def policy_of(state: State | None) -> Policy:
    """Return the rules that a journey began with, and goes on with; the newest where it has yet to begin.

    Raises:
        KeyError: a later program began it. A workflow's task fails by that, and is tried again until a worker
            has the rules: rather than that it is decided by others.
    """
    return POLICIES[POLICY_VERSION if state is None else state.policy_version]
