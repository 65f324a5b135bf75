"""The items of a pulse, in our own words.

Four on trust and four on equality, half of them reversed: who answers all alike says so by it. Whether an
item is reversed belongs to its name and never changes; its wording may, as a new version beside the old, so
that answers keep the words that they were given to.
"""

from dataclasses import dataclass
from typing import Final, Literal

Scale = Literal["trust", "equality"]
SCALES: Final[tuple[Scale, ...]] = ("trust", "equality")
# Points of agreement. Odd, so that nobody is forced to a side.
POINTS: Final = 5
CHOICES: Final = ("strongly disagree", "disagree", "neither", "agree", "strongly agree")


@dataclass(frozen=True, slots=True)
class Item:
    """One statement that members agree with or not."""

    name: str
    version: int
    scale: Scale
    reversed: bool
    text: str

    @property
    def id(self) -> str:
        """What a pulse remembers: the name with the version of the wording."""
        return f"{self.name}.{self.version}"

    def oriented(self, answer: int) -> int:
        """Return the answer as if the item were not reversed: 5 is always good."""
        return POINTS + 1 - answer if self.reversed else answer


# Every version that was ever asked. An edited wording is a new line; nothing here is changed or removed.
ITEMS: Final[tuple[Item, ...]] = (
    Item("mistakes", 1, "trust", False, "When I get something wrong, I can say so here."),
    Item("promises", 1, "trust", False, "What somebody on this team promises me, I can build on."),
    Item("silence", 1, "trust", True, "There are concerns that I had better keep to myself on this team."),
    Item("guarded", 1, "trust", True, "Before I share something, I think of who could use it against me."),
    Item("voice", 1, "equality", False, "My word weighs as much as anybody else's when this team decides."),
    Item("partner", 1, "equality", False, "The other functions treat mine as a partner in the outcome."),
    Item("dictated", 1, "equality", True, "In the end one function decides, and we others carry it out."),
    Item("orders", 1, "equality", True, "On this team I am told what to do more often than I am asked."),
)  # fmt: skip
BY_ID: Final = {item.id: item for item in ITEMS}


def newest() -> tuple[Item, ...]:
    """Return the newest wording of each item, in the order in which they are asked."""
    last = {item.name: item for item in sorted(ITEMS, key=lambda item: item.version)}
    return tuple(last[name] for name in dict.fromkeys(item.name for item in ITEMS))
