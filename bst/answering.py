"""The answers database of this place, for commands and pages."""

from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from activities.answers.store import AnswerStore


def answers() -> "AbstractContextManager[AnswerStore]":
    """Open the answers database that the environment names; it is closed with the block."""
    from activities.answers.store import AnswerStore
    from bst.settings import Settings

    return closing(AnswerStore(Settings.from_environment().answers))
